"""The A4 printer: IPP straight to the device, because only the device knows how many sheets came out."""
