"""Which build this program is of: the version, and a digest of the code that all programs of the machine share.

Read once, when the program starts. After an update that stopped half-way, or a worker that was made ready before it,
two programs differ in it and don't talk to each other (link.py): Takamatsu 2024 ran a build on a site it was not for.
"""

import hashlib
from pathlib import Path
from typing import Final

from kiosk.settings import VERSION

ROOMS: Final = ("kiosk", "drivers", "ui")
_SUFFIXES = frozenset({".py", ".toml", ".qml"})
_DIGITS = 16


def build_of(root: Path) -> str:
    """`0.1.0+6f1c…`: the version, and 16 hex digits over names and bytes of the rooms below `root`. About 10 ms."""
    digest = hashlib.sha256()
    for room in ROOMS:
        for file in sorted(file for file in (root / room).rglob("*") if file.suffix in _SUFFIXES):
            content = file.read_bytes()
            digest.update(f"{file.relative_to(root).as_posix()} {len(content)}\n".encode())
            digest.update(content)
    return f"{VERSION}+{digest.hexdigest()[:_DIGITS]}"


BUILD: Final = build_of(Path(__file__).resolve().parents[2])
