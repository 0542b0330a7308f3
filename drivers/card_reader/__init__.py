"""The card reader: which card is in it, by the PC/SC service's own counting. What the card says is not asked here."""
