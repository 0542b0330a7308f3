"""What kiosk and central agree on: messages, journal, seals, trust and bundles, numbers, exit codes. Pure."""
