"""The runtime of the deciding program: joins visit, order, ledger, devices and central on one thread."""
