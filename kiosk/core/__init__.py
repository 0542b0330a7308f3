"""The runtime of the deciding program: what joins visit, order, ledger, devices and central on one thread."""
