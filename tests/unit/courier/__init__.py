"""The courier against a real HTTPS server that misbehaves in every way we know."""
