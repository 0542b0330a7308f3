"""How our programs talk on one machine: frames, sockets, callers, control lines, the watchdog."""
