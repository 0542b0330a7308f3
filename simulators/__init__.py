"""The far end of every wire, byte for byte, and the dock; shares no code with what is held against it."""
