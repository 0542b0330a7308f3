"""What stands in the memory of a running process: every mapping that it can write to, read through /proc/PID/mem."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PIECE_BYTES = 1 << 13
_READ_BYTES = 1 << 23
_CAP_SYS_PTRACE = 19
_TIMES = 5
_MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)")


class Unreadable(Exception):
    """This process can't be looked into, so nothing may be said of it."""


def may_look_into_hardened_ones() -> bool:
    """Whether this user may look into a process that forbids it to its own user, as a worker does (CAP_SYS_PTRACE)."""
    found = re.search(r"^CapEff:\s*(\w+)", Path("/proc/self/status").read_text(), re.MULTILINE)
    return found is not None and bool(int(found[1], 16) >> _CAP_SYS_PTRACE & 1)


class Mapping(NamedTuple):
    """One stretch of addresses, and what the kernel calls it ([heap], [stack], a file, or nothing)."""

    start: int
    end: int
    what: str


def writable(pid: int) -> list[Mapping]:
    """What the process can read and write. Raises Unreadable."""
    try:
        lines = Path(f"/proc/{pid}/maps").read_text("utf-8", "replace").splitlines()
    except OSError as error:
        raise Unreadable(f"process {pid}: {error}") from error
    parts = [match.groups() for line in lines if (match := _MAPPING.fullmatch(line))]
    found = [Mapping(int(a, 16), int(b, 16), what) for a, b, rights, what in parts if rights[:2] == "rw"]
    if not found:
        raise Unreadable(f"process {pid} has no memory; has it ended?")
    return found


def pieces(pid: int, overlap: int) -> Iterator[tuple[str, bytes]]:
    """All of it, in pieces that overlap by so many bytes, so that nothing is cut in two. Raises Unreadable.

    A process that lives on gives memory back while it is read. What stood there may stand elsewhere now: it is read
    from the beginning again, so that a piece may come twice and none is left out.
    """
    for left in reversed(range(_TIMES)):
        try:
            yield from _pieces_once(pid, overlap)
        except OSError as error:
            if not left:
                raise Unreadable(f"process {pid}: {error}") from error
        else:
            return


def _pieces_once(pid: int, overlap: int) -> Iterator[tuple[str, bytes]]:
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for mapping in writable(pid):
            for at in range(mapping.start, mapping.end, _READ_BYTES):
                size = min(_READ_BYTES + overlap, mapping.end - at)
                data = _read(memory.fileno(), at, size)
                for piece in cut(data, _READ_BYTES, overlap):
                    yield mapping.what or "heap", piece


def _read(memory: int, at: int, size: int) -> bytes:
    data = os.pread(memory, size, at)
    if len(data) != size:
        raise OSError(f"{size - len(data)} bytes at {at:x} can't be read")
    return data


def cut(data: bytes, size: int, overlap: int) -> Iterator[bytes]:
    """`data` up to `size` in pieces, each with as much of the next one as `overlap` says."""
    for at in range(0, min(len(data), size), PIECE_BYTES):
        yield data[at : at + PIECE_BYTES + overlap]
