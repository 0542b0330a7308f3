"""Non-volatile memory of one device: a small JSON file that outlives power cuts and the process."""

import json
import os
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. A reader sees the old content or the new, never a mixture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    os.replace(fresh, path)


class Memory:
    """Named integers and texts. Every write is on disk before `keep` returns."""

    def __init__(self, path: Path | None, **initial: int | str) -> None:
        self._path = path
        self._cells: dict[str, int | str] = dict(initial)
        if path is not None and path.exists():
            self._cells.update(_read(path, initial))

    def number(self, name: str) -> int:
        """The integer kept under `name`."""
        return int(self._cells[name])

    def text(self, name: str) -> str:
        """The text kept under `name`."""
        return str(self._cells[name])

    def keep(self, **cells: int | str) -> None:
        """Store values durably."""
        self._cells.update(cells)
        if self._path is not None:
            replace_file(self._path, json.dumps(self._cells, indent=1).encode())


def _read(path: Path, known: dict[str, int | str]) -> dict[str, int | str]:
    """The cells of a memory file that this device knows, of the kind that it knows them."""
    try:
        stored = json.loads(path.read_bytes())
    except ValueError as error:
        raise SystemExit(
            f"simulators: {path} is not a memory file ({error}); delete it to start with a new device"
        ) from error
    if not isinstance(stored, dict):
        raise SystemExit(f"simulators: {path} is not a memory file; delete it to start with a new device")
    return {name: cell for name, cell in stored.items() if name in known and type(cell) is type(known[name])}
