"""What certificates are made from: the signed bundle that the machine serves from, its catalogue, the trust list."""
