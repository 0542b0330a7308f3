"""ICT104: a bill validator that speaks single bytes, without checksum, serial number or memory."""
