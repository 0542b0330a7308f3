"""A bundle on this machine's disk is read whole, or it is refused."""

import os
from collections.abc import Iterator
from pathlib import Path

from kiosk.protocol.bundle import DOCUMENT, MAX_PACKED_BYTES, Bundle, BundleError, bundle_name_of, unpack
from kiosk.whole_file import OddFileError, read_whole_file


def read_whole(root: Path) -> Bundle:
    """The bundle in its folder, every byte of it looked at; nothing in it may be but what its document says.

    Raises BundleError, or OSError.
    """
    if root.is_symlink():
        raise BundleError(f"{root}: a link")
    raw = _read(root / DOCUMENT, MAX_PACKED_BYTES)
    bundle = unpack(raw)
    if bundle_name_of(bundle.version, raw) != root.name:
        raise BundleError(f"{root}: the document is not the one that was signed")
    folders = {f"{path.partition('/')[0]}/" for path in bundle.files if "/" in path}
    if set(_names(root)) != {DOCUMENT, *bundle.files, *folders}:
        raise BundleError(f"{root}: files are missing, or there are others")
    for path, text in bundle.files.items():
        content = text.encode()
        if _read(root / path, len(content)) != content:
            raise BundleError(f"{root / path}: not what was signed")
    return bundle


def _names(root: Path) -> Iterator[str]:
    """All that is there by its path, folders with a slash behind; nothing is followed, and two levels are all."""
    for entry in os.scandir(root):
        if not entry.is_dir(follow_symlinks=False):
            yield entry.name
            continue
        yield f"{entry.name}/"
        yield from (f"{entry.name}/{inner.name}" for inner in os.scandir(entry.path))


def _read(file: Path, most: int) -> bytes:
    """A regular file's bytes: a link is not followed, a pipe not waited for. Raises BundleError, or OSError."""
    try:
        return read_whole_file(file, most, follow=False)
    except OddFileError as error:
        raise BundleError(f"{error.filename}: {error.strerror}") from error
