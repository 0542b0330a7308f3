"""The units that start the machine in the field."""
