"""The registers that certificates are drawn from: a synthetic town, the same for the same seed."""
