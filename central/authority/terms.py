"""How long things hold: until when a document can be checked."""

from datetime import datetime, timedelta

VERIFY_DAYS = 90


def verify_until(issued_at: datetime) -> datetime:
    """Until when a document can be checked."""
    return issued_at + timedelta(days=VERIFY_DAYS)
