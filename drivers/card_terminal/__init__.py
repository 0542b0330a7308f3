"""A payment terminal on ZVT over TCP: reserve, charge or give back, ask its memory. No card data is kept."""
