"""The ledger on a real ext4, on a disk that notes every write and every flush, found again after a power cut."""
