"""The way to the central server: calls with a bounded end, retries, the outbox, the heartbeat, the link's state."""
