"""The twin of an ICT104 bill validator, on a port of its own."""
