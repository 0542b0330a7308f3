"""Whole lives of a machine: the product's own core on a disk that forgets, among simulated things, on one clock."""
