"""The source of certificates: the signed bundle that the machine uses, its catalogue, the trust list."""
