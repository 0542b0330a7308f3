"""Bundles of one real type, laid down as the courier does; a test changes what it wants to be another way."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec

from central.bundles.contents import gather
from kiosk.courier.store import Store
from kiosk.protocol.bundle import Bundle, pack

MADE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TYPE = "livelihood"


@cache
def _all() -> Bundle:
    return gather(1, MADE, 1)


def small(version: int = 1, types: tuple[str, ...] = (TYPE,), **other: object) -> Bundle:
    """One type or a few of those that machines are shipped with. `other`: fields of the bundle."""
    kept = {"_common", *types}
    files = {
        path: text for path, text in _all().files.items() if path.partition("/")[0] in kept or "/" not in path
    }
    return msgspec.structs.replace(_all(), version=version, files=files, **other)


def changed(bundle: Bundle, files: Mapping[str, str | None]) -> Bundle:
    """With these texts instead; None: without the file."""
    after = {**bundle.files, **{path: text for path, text in files.items() if text is not None}}
    for path, text in files.items():
        if text is None:
            del after[path]
    return msgspec.structs.replace(bundle, files=after)


def edited(bundle: Bundle, path: str, old: str, new: str) -> Bundle:
    """With `new` in the place of `old`, which has to be there."""
    text = bundle.files[path]
    assert old in text, path
    return changed(bundle, {path: text.replace(old, new)})


def lay_down(bundles: Path, bundle: Bundle) -> str:
    """Its name on this machine."""
    return Store(bundles).put(pack(bundle), bundle).name
