"""The device end of every wire, byte for byte, and the dock; shares no code with the programs under test."""
