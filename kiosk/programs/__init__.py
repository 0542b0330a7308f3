"""The programs of a machine, one module each, and how they start and end: the only files that put one together."""
