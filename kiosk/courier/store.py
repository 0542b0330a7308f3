"""The bundles on this machine's disk: one folder each, there whole and durable or not at all.

RUN/bundles/<kit>/ holds the document as it was signed (`bundle`) and, unpacked, what programs read.
"""

import os
import shutil
from pathlib import Path
from typing import Final

from kiosk.protocol.bundle import Bundle, is_kit, kit_of

DOCUMENT: Final = "bundle"
_UNFINISHED = ".unfinished"


class Store:
    """`folder`: RUN/bundles. One writer: the courier."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, raw: bytes, bundle: Bundle) -> Path:
        """Lay a bundle down; its folder. Raises OSError with nothing of it under its name."""
        place = self._folder / kit_of(bundle.version, raw)
        work = self._folder / _UNFINISHED
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700, parents=True)
        _write(work / DOCUMENT, raw)
        for path, text in bundle.files.items():
            file = work / path
            file.parent.mkdir(mode=0o700, exist_ok=True)
            _write(file, text.encode())
        for folder in (*(part for part in work.iterdir() if part.is_dir()), work):
            _sync(folder)
        shutil.rmtree(place, ignore_errors=True)  # nothing serves from it; it may not be whole
        work.rename(place)
        _sync(self._folder)
        return place

    def tidy(self, keep: frozenset[str]) -> None:
        """Take away what is not one of `keep`: older bundles, refused ones, what a power cut left."""
        if not self._folder.is_dir():
            return
        for place in self._folder.iterdir():
            if place.name == _UNFINISHED or (is_kit(place.name) and place.name not in keep):
                shutil.rmtree(place, ignore_errors=True)


def _write(file: Path, content: bytes) -> None:
    with file.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
