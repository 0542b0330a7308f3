"""What can be sold this minute, and why the rest can't. Pure."""
