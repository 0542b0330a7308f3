"""The command line for people: one module for each group of commands."""
