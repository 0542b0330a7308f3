"""A developer's desk: the whole machine with simulators, the demo, and who plays its citizens."""
