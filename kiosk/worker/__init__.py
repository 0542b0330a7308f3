"""The visit's worker: asks for a certificate, opens it, checks it, sets it in type, and writes it to the printer."""
