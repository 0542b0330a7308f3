"""Compares three accounts of one day: the machine's ledger, what physically happened, what central was told."""
