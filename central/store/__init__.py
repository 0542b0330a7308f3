"""Central's own database: one SQLite file, one writer."""
