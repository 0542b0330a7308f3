"""The certificate types this machine knows, as data that a clerk can read and correct. Pure."""
