"""What this authority issues: the types of its own copy of certs_templates/, and those that were added since.

A type that a clerk adds (`central bundle publish --add`) is issued from that moment on: the server is not started anew.
"""

from collections.abc import Mapping
from pathlib import Path

from central.authority.forms import load_forms
from central.authority.types import IssuedType, load_types


class Repertoire:
    """Types by code and forms by name as they are this moment. `added`: the folder of the types that came later."""

    def __init__(self, added: Path) -> None:
        self._added = added
        self._mark = -1
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
        """Digests by name (forms.py). Raises FormsError."""
        self._look()
        return self._forms

    def _look(self) -> None:
        """Folders come whole, by renaming: that changes when their own folder was written last."""
        mark = self._added.stat().st_mtime_ns if self._added.is_dir() else 0
        if mark == self._mark:
            return
        added = self._added if mark else None
        self._types, self._forms, self._mark = load_types(added=added), load_forms(added=added), mark
