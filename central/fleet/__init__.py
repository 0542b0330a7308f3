"""What central knows about its machines: their journals, their state, their alarms."""
