"""What a machine has written outside its memory: its run directory, temporary places, and all that it holds open."""

import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path

# Central and the simulators own the person's data: the register, the cards, the paper that was printed.
OWNERS = ("central", "sim")
SHARED_PLACES = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
_MOST_BYTES = 1 << 26
_STEP_BYTES = 512
# A zlib stream is read behind its two bytes of header, without its check sum: a broken one tells as much as it can.
_RAW, _GZIP = -15, 31
_BEGINNINGS = {
    b"\x78\x01": _RAW,
    b"\x78\x5e": _RAW,
    b"\x78\x9c": _RAW,
    b"\x78\xda": _RAW,
    b"\x1f\x8b\x08": _GZIP,
}


def written(run: Path, *temporary: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the run directory but its owners', and of the programs' own temporary places."""
    for place in (run, *temporary):
        for file in sorted(place.rglob("*")):
            if place == run and file.relative_to(run).parts[0] in OWNERS:
                continue
            yield from _contents(file)


def loose_files() -> frozenset[Path]:
    """The files that lie openly in the places that all share. Folders there are other machines' and tests'."""
    found = (Path(entry.path) for place in SHARED_PLACES if place.is_dir() for entry in os.scandir(place))
    return frozenset(file for file in found if not file.is_dir())


def lying_about(before: frozenset[Path]) -> Iterator[tuple[str, bytes]]:
    """The files in the shared places that have come since."""
    for file in sorted(loose_files() - before):
        yield from _contents(file)


def held_open(pid: int) -> Iterator[tuple[str, bytes]]:
    """Every file that a process has open, deleted ones and those in memory (memfd) too. Raises OSError."""
    for entry in sorted(Path(f"/proc/{pid}/fd").iterdir()):
        for place, data in _contents(entry):
            yield f"{place} ({os.readlink(entry)})", data


def _contents(file: Path) -> Iterator[tuple[str, bytes]]:
    """A file's name, its bytes, and the contents of what is compressed in them. Sockets and devices have none."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return
        data = file.read_bytes()
    except FileNotFoundError:  # gone since it was listed
        return
    yield f"the name of {file}", os.fsencode(file.name)
    yield str(file), data
    for inside in unpacked(data):
        yield f"{file}, unpacked", inside


def unpacked(data: bytes) -> Iterator[bytes]:
    """What each zlib or gzip stream in `data` holds, up to where it breaks off; and streams in streams."""
    for beginning, window in _BEGINNINGS.items():
        at = data.find(beginning)
        while at >= 0:
            if inside := _inflated(data[at + 2 if window == _RAW else at :], window):
                yield inside
                yield from unpacked(inside)
            at = data.find(beginning, at + 1)


def _inflated(data: bytes, window: int) -> bytes:
    stream, inside = zlib.decompressobj(window), bytearray()
    for at in range(0, len(data), _STEP_BYTES):
        try:
            inside += stream.decompress(data[at : at + _STEP_BYTES], _MOST_BYTES)
        except zlib.error:
            break
        if stream.eof or len(inside) > _MOST_BYTES:
            break
    return bytes(inside)
