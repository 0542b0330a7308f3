"""Looking into central's signed repository: The Update Framework's client over the courier's own line.

Signatures, thresholds, expiry and versions are the framework's; here are only the way there and what an end is called.
What it keeps on the disk may be torn by a power cut: for the framework such a file is as good as none. That never opens
the way back to an older bundle, for core knows which one it has served from.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from tuf.api import exceptions as said
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

from kiosk.courier.looking import NOTHING_NEWER, LookError
from kiosk.courier.results import TOO_LARGE, Answer, Unknown
from kiosk.protocol.bundle import MAX_PACKED_BYTES, TARGET, TRUST_TARGET

_METADATA: Final = "/v1/bundles/metadata/"
_TARGETS: Final = "/v1/bundles/targets/"
_WITHIN_S = 20.0

# The framework's exceptions, the special ones first.
_CODES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (said.ExpiredMetadataError, "expired"),
    (said.BadVersionNumberError, "rolled-back"),
    (said.UnsignedMetadataError, "unsigned"),
    (said.LengthOrHashMismatchError, "damaged"),
    (said.DownloadLengthMismatchError, "damaged"),
    (said.DownloadError, "unreachable"),
    (said.RepositoryError, "invalid"),
    (OSError, "disk"),
)


class Road(Protocol):
    """The way to central."""

    def get(self, path: str, within_s: float, cap: int) -> Answer | Unknown:
        """A file, or why there is none."""


class LineFetcher(FetcherInterface):
    """Fetches over the courier's line: mutual TLS, deadline and cap are the line's own."""

    def __init__(self, road: Road) -> None:
        self._road = road

    def _fetch(self, url: str) -> Iterator[bytes]:
        answer = self._road.get(url, _WITHIN_S, MAX_PACKED_BYTES)
        if isinstance(answer, Unknown):
            if answer.cause == TOO_LARGE:
                raise said.DownloadLengthMismatchError(answer.cause)
            raise said.DownloadError(answer.cause)
        if answer.status != 200:
            raise said.DownloadHTTPError(f"status {answer.status}", answer.status)
        yield answer.body


def newest_bundle(root: bytes, folder: Path, road: Road) -> bytes:
    """The newest bundle's document, every signature on the way to it good. Raises LookError.

    `root`: the first root, which this machine was enrolled with. `folder`: what the framework remembers.
    """
    return _newest(TARGET, root, folder, road)


def newest_list(root: bytes, folder: Path, road: Road) -> bytes:
    """The newest trust list's document, likewise. `folder` is one of its own: two threads don't share the memory."""
    return _newest(TRUST_TARGET, root, folder, road)


def _newest(target: str, root: bytes, folder: Path, road: Road) -> bytes:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(folder)
        updater = Updater(str(folder), _METADATA, str(folder), _TARGETS, LineFetcher(road), bootstrap=root)
        updater.refresh()
        info = updater.get_targetinfo(target)
        if info is None:
            raise LookError(NOTHING_NEWER)
        place = str(folder / target)
        if updater.find_cached_target(info, place) is None:
            updater.download_target(info, place)
        return Path(place).read_bytes()
    except said.DownloadHTTPError as error:
        # Files that are missing now were there before, or are named by those that are: somebody holds them back.
        if error.status_code == 404 and not (folder / "timestamp.json").exists():
            raise LookError(NOTHING_NEWER, "central has published nothing") from error
        raise LookError("unreachable", str(error)) from error
    except (said.RepositoryError, said.DownloadError, OSError, ValueError) as error:
        code = next((code for kind, code in _CODES if isinstance(error, kind)), "invalid")
        raise LookError(code, f"{type(error).__name__}: {error}") from error


def _sweep(folder: Path) -> None:
    """The framework writes beside a file, then renames: what a power cut left of that."""
    for file in folder.glob("tmp*"):
        file.unlink()
