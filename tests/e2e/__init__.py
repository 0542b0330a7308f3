"""The whole machine: five programs, simulators at the end of every wire, a central server, real buttons."""
