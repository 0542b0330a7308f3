"""Where a trust list lies and which one it says it is, for who only looks after the file: no cryptography is loaded."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk.protocol.cbor import CborError, Sign1, decode

MAX_BYTES: Final = 256 << 10
"""What a list may have; there is none so large."""

Read = Callable[[Path, int], bytes]
"""Reads a file of so many bytes at most. Raises OSError. Who waits for nobody hands in one that refuses pipes."""

LIST_FILE: Final = "trust.cbor"
"""The signed list: in RUN/pki as it was at enrolment, in RUN/trust as it came since, wherever a verifier keeps it."""

ROOT_FILE: Final = "trust-root.pem"
"""The root's public key: given once, by a way that is trusted."""

TAKEN: Final = "trust"
"""The folder in RUN of what came since; what a machine was enrolled with stays as it was."""


def lists_of(run: Path) -> tuple[Path, Path]:
    """Where a machine's lists are: the one that came since, and the one that it was enrolled with."""
    return run / TAKEN / LIST_FILE, run / "pki" / LIST_FILE


def read_plainly(file: Path, most: int) -> bytes:
    """Whatever it is, a pipe too; a byte more than `most` where there is more."""
    with file.open("rb") as stream:
        return stream.read(most + 1)


def said_version(file: Path, read: Read = read_plainly) -> int:
    """Which version the file says it is, nothing of it proved; 0 where it says nothing that can be read."""
    try:
        match decode(read(file, MAX_BYTES)):
            case Sign1([_, _, bytes(payload), _]):
                claims = decode(payload)
                version = claims.get(1, 0) if isinstance(claims, dict) else 0
                return version if isinstance(version, int) else 0
            case _:
                return 0
    except (OSError, CborError):
        return 0
