"""What the machine can sell now, and why it cannot sell the rest. Pure."""
