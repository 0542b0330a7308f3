"""What can be said about a certificate, in words for who holds it or as fields for a program."""
