"""Groups of the `central` command line, and what its commands share; the commands of the offices are in clerk."""
