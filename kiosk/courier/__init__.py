"""The way to the central server: calls with a deadline, retries, the outbox, the heartbeat, the link's state."""
