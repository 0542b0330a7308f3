"""The central server: registers, the issuing authority, and the monitoring of the fleet."""
