"""The UPS, through the server that has it on its cable (NUT's upsd): on line, on battery, low, or unknown."""
