"""The report about a certificate, as words for the person who holds it or as fields for a program."""
