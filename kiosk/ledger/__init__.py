"""The machine's only durable memory of money and paper: one SQLite file, one writer, one connection."""
