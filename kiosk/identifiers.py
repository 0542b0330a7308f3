"""ULIDs: ids that sort by time and can't be guessed. 26 characters of Crockford's base 32 (github.com/ulid/spec)."""

import secrets
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(at_ms: int, randomness: int) -> str:
    """48 bits of time in ms and 80 bits of randomness, as 26 characters."""
    value = (at_ms & ((1 << 48) - 1)) << 80 | randomness & ((1 << 80) - 1)
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))


def new_ulid() -> str:
    """A new one, from the wall clock and the system's randomness."""
    return ulid(time.time_ns() // 1_000_000, secrets.randbits(80))
