"""What central knows about its machines: their journals and their state, and what raises an alarm."""
