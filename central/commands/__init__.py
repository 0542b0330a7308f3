"""Groups of the `central` command line, and what its commands share; those of the offices are in clerk."""
