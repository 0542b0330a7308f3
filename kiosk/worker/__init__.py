"""The visit's worker: asks for a certificate, opens and checks it, makes its pages, and writes them to the printer."""
