"""The machine's ledger, what physically happened, and what central was told: three accounts of one day, compared."""
