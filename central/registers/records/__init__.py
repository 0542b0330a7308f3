"""Registers in item form: a record is a kind, a name, whose it is, and the items that a certificate shows."""
