"""How large a whole number may be in a message: what SQLite, a timer and every reader of JSON can take.

A larger one is no message at all: it ends the connection that it came by, or is an answer that proves nothing.
"""

from typing import Annotated, Final

from msgspec import Meta

FURTHEST: Final = 2**53 - 1
"""Beyond it two JSON readers may disagree on a number (RFC 8259, section 6)."""
LONGEST_MS: Final = 600_000
"""Nobody waits longer than ten minutes for one answer; a timer takes no more than some three hundred years."""

Number = Annotated[int, Meta(ge=-FURTHEST, le=FURTHEST)]
Count = Annotated[int, Meta(ge=0, le=FURTHEST)]
"""How many, which one, or a time in ms since 1970."""
DeadlineMs = Annotated[int, Meta(ge=0, le=LONGEST_MS)]
Krw = Annotated[int, Meta(ge=0, le=10**9)]
"""Money for one thing."""
Sheets = Annotated[int, Meta(ge=0, le=10**6)]
