"""The bundles on this machine's disk: one folder each, there whole and durable or not at all.

RUN/bundles/<bundle>/ holds the document as it was signed (`bundle`) and, unpacked, what programs read.
"""

import os
import shutil
from pathlib import Path
from typing import Final

from kiosk.bundles.reading import read_whole
from kiosk.protocol.bundle import DOCUMENT, Bundle, BundleError, bundle_name_of, is_bundle_name, version_of

_UNFINISHED: Final = ".unfinished"
_GONE: Final = ".gone"


class Store:
    """`folder`: RUN/bundles. One writer: the courier."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, raw: bytes, bundle: Bundle) -> Path:
        """Lay a bundle down; its folder. Raises OSError with nothing of it under its name.

        One that lies there whole stays as it is: core may be about to serve from it.
        """
        place = self._folder / bundle_name_of(bundle.version, raw)
        if _is_whole(place):
            return place
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
        self._take_away(place)
        work.rename(place)
        for folder in (self._folder, self._folder.parent):
            _sync(folder)
        return place

    def remove(self, bundle: str) -> None:
        """Take this one away."""
        if bundle and is_bundle_name(bundle):
            self._take_away(self._folder / bundle)

    def tidy(self, active: str, previous: str) -> None:
        """Take away what is older than `active` and not `previous`, and what a power cut left.

        What is newer stays: core may be taking it over this moment.
        """
        if not self._folder.is_dir():
            return
        for place in tuple(self._folder.iterdir()):
            name = place.name
            old = is_bundle_name(name) and version_of(name) <= version_of(active)
            if name in (_UNFINISHED, _GONE) or (old and name not in (active, previous)):
                self._take_away(place)

    def _take_away(self, place: Path) -> None:
        """Under its name it is there whole until it is not there at all."""
        gone = self._folder / _GONE
        _remove(gone)
        if place.is_symlink() or place.exists():
            place.rename(gone)
            _remove(gone)


def _is_whole(place: Path) -> bool:
    try:
        read_whole(place)
    except (BundleError, OSError):
        return False
    return True


def _remove(place: Path) -> None:
    """Whatever lies there."""
    if place.is_symlink() or place.is_file():
        place.unlink()
    else:
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
