"""The programs of a machine, one module each: the only files that put one together."""
