"""The command line that people type, one module a group."""
