"""What this authority issues: the types of its own copy of certs_templates/, and those that were added since.

A type that a clerk adds (`central bundle publish --add`) is issued from that moment on: the server is not started anew.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from central.authority.types import IssuedType, load_types
from central.bundles.forms import load_forms


class Repertoire:
    """Types by code and forms by name as they are this moment. `added`: the folder of the types that came later."""

    def __init__(self, added: Path) -> None:
        self._added = added
        self._mark: tuple[tuple[str, int, int], ...] | None = None
        self._types: Mapping[str, IssuedType] = {}
        self._forms: Mapping[str, str] = {}
        self._look()

    @property
    def types(self) -> Mapping[str, IssuedType]:
        """By code. Raises FormsError."""
        self._look()
        return self._types

    @property
    def forms(self) -> Mapping[str, str]:
        """Digests by name (bundles/forms.py). Raises FormsError."""
        self._look()
        return self._forms

    def _look(self) -> None:
        """Folders come whole, by renaming: each that came is another one, whatever the disk's clock says."""
        mark = _mark(self._added)
        if mark == self._mark:
            return
        added = self._added if mark else None
        self._types, self._forms, self._mark = load_types(added=added), load_forms(added=added), mark


def _mark(folder: Path) -> tuple[tuple[str, int, int], ...]:
    if not folder.is_dir():
        return ()
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.stat()) for entry in entries]
    return tuple(sorted((name, stat.st_ino, stat.st_mtime_ns) for name, stat in found))
