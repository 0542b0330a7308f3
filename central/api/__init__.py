"""What kiosks call: the HTTPS listener that asks for a client certificate."""
