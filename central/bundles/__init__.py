"""Bundles: what central publishes to the machines, and the signatures by which machines accept it."""
