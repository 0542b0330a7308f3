"""Looking into central's signed repository: The Update Framework's client over the courier's own line.

Signatures, thresholds, expiry and versions are the framework's; here are only the way there and what an end is called.
What it keeps on the disk may be torn by a power cut: a file that is no JSON any more is as good as none. That never
opens the way back to an older bundle, for core knows which one it has served from.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from tuf.api import exceptions as said
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

from kiosk.courier.results import Answer, Unknown
from kiosk.protocol.bundle import MAX_PACKED_BYTES, TARGET

_METADATA: Final = "/v1/bundles/metadata/"
_TARGETS: Final = "/v1/bundles/targets/"
_WITHIN_S = 20.0
NOTHING_NEWER = "nothing-newer"

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


class LookError(Exception):
    """There is nothing to take: `code` as in protocol.courier.BundleLooked."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


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
            raise said.DownloadError(answer.cause)
        if answer.status != 200:
            raise said.DownloadHTTPError(f"status {answer.status}", answer.status)
        yield answer.body


def newest_bundle(root: bytes, folder: Path, road: Road) -> bytes:
    """The newest bundle's document, every signature on the way to it good. Raises LookError.

    `root`: the first root, which this machine was enrolled with. `folder`: what the framework remembers.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_what_is_torn(folder)
        updater = Updater(str(folder), _METADATA, str(folder), _TARGETS, LineFetcher(road), bootstrap=root)
        updater.refresh()
        info = updater.get_targetinfo(TARGET)
        if info is None:
            raise LookError(NOTHING_NEWER)
        place = str(folder / TARGET)
        if updater.find_cached_target(info, place) is None:
            updater.download_target(info, place)
        return Path(place).read_bytes()
    except said.DownloadHTTPError as error:
        if error.status_code == 404:
            raise LookError(NOTHING_NEWER, "central has published nothing") from error
        raise LookError("unreachable", str(error)) from error
    except (said.RepositoryError, said.DownloadError, OSError, ValueError) as error:
        code = next((code for kind, code in _CODES if isinstance(error, kind)), "invalid")
        raise LookError(code, f"{type(error).__name__}: {error}") from error


def _forget_what_is_torn(folder: Path) -> None:
    for file in folder.rglob("*.json"):
        try:
            json.loads(file.read_bytes())
        except ValueError:
            file.unlink()
