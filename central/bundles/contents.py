"""What goes into a bundle: of the types that were introduced so far, all files that a machine reads."""

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from central.bundles.forms import DEFAULT_ROOT
from central.problems import SetupError
from kiosk.protocol.bundle import CATEGORIES, FORMAT, PLACES, Bundle
from kiosk.protocol.certificates import FILE
from kiosk.protocol.forms import SHARED_FOLDER, SHARED_SUFFIXES

CONFIG = Path(__file__).resolve().parents[2] / "config" / "catalogue"
VALID_DAYS = 400
# How the authority makes a certificate from its register is nobody else's business.
_OUR_OWN = frozenset({"source.toml"})
_SUFFIXES = (".toml", ".typ", ".json", ".svg")


class ContentsError(SetupError):
    """There is no bundle in these folders; the message names the file."""


def gather(
    version: int,
    now: datetime,
    up_to: int,
    others: tuple[Path, ...] = (),
    root: Path = DEFAULT_ROOT,
    config: Path = CONFIG,
) -> Bundle:
    """The bundle of all types of round `up_to` or before, and of the `others` (their folders), which take the place of
    types of the same name. Raises ContentsError.
    """
    try:
        files = {name: (config / name).read_text("utf-8") for name in (CATEGORIES, PLACES)}
        files |= dict(_texts(root / SHARED_FOLDER, SHARED_SUFFIXES))
        chosen = [file.parent for file in sorted(root.glob(f"*/{FILE}")) if _round(file) <= up_to]
        for folder in {folder.name: folder for folder in (*chosen, *others)}.values():
            files |= dict(_texts(folder, _SUFFIXES))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentsError(f"{root}: the bundle can't be put together ({error})") from error
    until = now + timedelta(days=VALID_DAYS)
    return Bundle(version, int(now.timestamp()), int(until.timestamp()), FORMAT, files)


def last_round(root: Path = DEFAULT_ROOT) -> int:
    """The latest round of those that are ours. Raises ContentsError, OSError."""
    return max(map(_round, root.glob(f"*/{FILE}")), default=0)


def _texts(folder: Path, suffixes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.iterdir()):
        if file.suffix in suffixes and file.name not in _OUR_OWN:
            yield f"{folder.name}/{file.name}", file.read_text("utf-8")


def _round(file: Path) -> int:
    phase = tomllib.loads(file.read_text("utf-8")).get("phase")
    if not isinstance(phase, int):
        raise ContentsError(f"{file}: no phase; write in which round the type was introduced")
    return phase
