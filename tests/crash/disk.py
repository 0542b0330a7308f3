"""A disk that loses what was not synced: files as they are, and as they would be found after a power cut.

Writes, cuts of length and names of files are pending until they are synced. Of what is pending a power cut keeps
nothing, all, a prefix, a subset, a subset of sectors, or sectors with noise in them: what a real disk may have done.
"""

import random
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

SECTOR = 512


class Gone(BaseException):
    """Whoever still holds this disk is of a process that has ended."""


class Image(StrEnum):
    """What the power cut leaves of what was written and not synced."""

    NONE = "none"
    ALL = "all"
    PREFIX = "prefix"
    SUBSET = "subset"
    TORN = "torn"
    GARBAGE = "garbage"


class Write(NamedTuple):
    """Bytes on their way to the disk."""

    inode: "Inode"
    offset: int
    data: bytes


class Resize(NamedTuple):
    """A new length on its way to the disk."""

    inode: "Inode"
    size: int


Pending = Write | Resize


class Inode:
    """One file's bytes: as every read sees them, and as they are safe."""

    def __init__(self, data: bytes = b"") -> None:
        self.now = bytearray(data)
        self.durable = bytearray(data)


class Disk:
    """Files by name. `step` is called before each act, and may end the world by raising.

    `lies`: the share of syncs that are acknowledged and not done; only to show what no software can save.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        step: Callable[[str], None],
        rng: random.Random,
        lies: float = 0.0,
    ) -> None:
        self.step, self._rng, self._lies = step, rng, lies
        self.names = {name: Inode(data) for name, data in files.items()}
        self._durable_names = dict(self.names)
        self._entries: list[tuple[str, Inode | None]] = []
        self._pending: list[Pending] = []

    # --- what SQLite does -----------------------------------------------------------------------------------------

    def open(self, name: str, *, create: bool) -> Inode | None:
        """The file; None where there is none and none shall be made."""
        if name not in self.names and create:
            self.step(f"create {name}")
            self._enter(name, Inode())
        return self.names.get(name)

    def delete(self, name: str, *, sync: bool) -> bool:
        """Take a name away; with `sync` for good. False where there is none."""
        if name not in self.names:
            return False
        self.step(f"delete {name}")
        self._enter(name, None)
        if sync and not self._lie():
            self._sync_names()
        return True

    def write(self, inode: Inode, offset: int, data: bytes) -> None:
        """Seen by every read from now on; not safe yet."""
        self.step("write")
        _put(inode.now, offset, data)
        self._pending.append(Write(inode, offset, data))

    def resize(self, inode: Inode, size: int) -> None:
        """Cut or grow, not safe yet."""
        self.step("resize")
        _cut(inode.now, size)
        self._pending.append(Resize(inode, size))

    def sync(self, inode: Inode) -> None:
        """Safe from now on, the name too if it is new. Power that fails meanwhile leaves what is pending."""
        self.step("sync")
        if self._lie():
            return
        others = []
        for act in self._pending:
            if act.inode is inode:
                _apply(act)
            else:
                others.append(act)
        self._pending = others
        if all(kept is not inode for kept in self._durable_names.values()):
            self._sync_names()

    def _lie(self) -> bool:
        return self._lies > 0 and self._rng.random() < self._lies

    def _enter(self, name: str, inode: Inode | None) -> None:
        self._entries.append((name, inode))
        _name(self.names, name, inode)

    def _sync_names(self) -> None:
        for name, inode in self._entries:
            _name(self._durable_names, name, inode)
        self._entries.clear()

    def again(self) -> "Disk":
        """The same disk for a process that comes after; the one before can do nothing to it any more."""
        after = Disk({}, self.step, self._rng, self._lies)
        after.names, after._durable_names = self.names, self._durable_names
        after._entries, after._pending = self._entries, self._pending
        self.leave()
        return after

    def leave(self) -> None:
        """From now on nothing can be done to it."""
        self.step = _gone

    # --- the power cut ----------------------------------------------------------------------------------------------

    def cut(self, image: Image) -> dict[str, bytes]:
        """What is found when the power comes back. Names keep their order, as a journaling file system keeps it."""
        rng = self._rng
        kept = {Image.NONE: 0, Image.ALL: len(self._entries)}.get(image, rng.randint(0, len(self._entries)))
        for name, inode in self._entries[:kept]:
            _name(self._durable_names, name, inode)
        match image:
            case Image.NONE:
                left: list[Pending] = []
            case Image.ALL:
                left = self._pending
            case Image.PREFIX:
                left = self._pending[: rng.randint(0, len(self._pending))]
            case _:
                left = [act for act in self._pending if rng.random() < 0.5 or image is not Image.SUBSET]
        for act in left:
            if isinstance(act, Write) and image in (Image.TORN, Image.GARBAGE):
                for piece in _sectors(act):
                    self._sector(piece, image)
            elif isinstance(act, Write) or image is not Image.TORN or rng.random() < 0.5:
                _apply(act)
        return {name: bytes(inode.durable) for name, inode in self._durable_names.items()}

    def _sector(self, piece: Write, image: Image) -> None:
        chance = self._rng.random()
        if chance < 0.5:
            _apply(piece)
        elif image is Image.GARBAGE and chance < 0.75:
            _apply(piece._replace(data=self._rng.randbytes(len(piece.data))))


def _gone(_what: str) -> None:
    raise Gone


def _sectors(act: Write) -> list[Write]:
    """A write cut where sectors begin."""
    pieces, at, end = [], act.offset, act.offset + len(act.data)
    while at < end:
        until = min(end, (at // SECTOR + 1) * SECTOR)
        pieces.append(Write(act.inode, at, act.data[at - act.offset : until - act.offset]))
        at = until
    return pieces


def _apply(act: Pending) -> None:
    if isinstance(act, Write):
        _put(act.inode.durable, act.offset, act.data)
    else:
        _cut(act.inode.durable, act.size)


def _put(data: bytearray, offset: int, new: bytes) -> None:
    if offset > len(data):
        data.extend(bytes(offset - len(data)))
    data[offset : offset + len(new)] = new


def _cut(data: bytearray, size: int) -> None:
    if size < len(data):
        del data[size:]
    else:
        data.extend(bytes(size - len(data)))


def _name(names: dict[str, Inode], name: str, inode: Inode | None) -> None:
    if inode is None:
        names.pop(name, None)
    else:
        names[name] = inode
