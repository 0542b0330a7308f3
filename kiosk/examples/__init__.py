"""Every screen of the machine as an example, for pictures and tests. Pure."""
