"""Every command of both command lines against every fault of the world."""
