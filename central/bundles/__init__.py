"""Bundles: what central publishes to the machines, and the signatures that they believe it by."""
