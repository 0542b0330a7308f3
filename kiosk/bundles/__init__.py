"""What certificates are made from, as it came and was signed: the bundle that serves, its catalogue, the trust list."""
