"""How large a number and how long a word of the contract may be. What is beyond ends the connection that sent it.

A driver may rely on it: a number within fits the field of the wire that it goes to, or is refused by the driver.
"""

from typing import Annotated

from msgspec import Meta

# What any device counts, at most 32 bits on every wire; far below 2**53, where JSON readers begin to differ.
Count = Annotated[int, Meta(ge=0, le=2**32 - 1)]
# How far a lifetime count goes before it begins anew at 0. Its driver knows.
Span = Annotated[int, Meta(ge=2, le=2**32)]
SPAN_24, SPAN_32 = 1 << 24, 1 << 32
# An IPP integer (RFC 8011, section 5.1.4). 0: nobody knows it.
JobId = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Krw = Annotated[int, Meta(ge=0, le=10_000_000)]
Kinds = Annotated[tuple[Krw, ...], Meta(max_length=32)]
Pieces = Annotated[int, Meta(ge=0, le=10_000)]
# Core asks at most so many coins of one Dispense. A ccTalk hopper counts a payout in one byte.
MOST_COINS = 250
Deadline = Annotated[int, Meta(ge=0, le=3_600_000)]
Word = Annotated[str, Meta(max_length=255)]
# An IPP name has at most 255 octets (RFC 8011, section 5.1.3), a sign of UTF-8 up to four.
Key = Annotated[str, Meta(max_length=63)]
Text = Annotated[str, Meta(max_length=400)]
