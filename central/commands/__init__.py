"""The `central` command line, one module a group."""
