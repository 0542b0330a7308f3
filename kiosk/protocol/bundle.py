"""A bundle: the machine's whole catalogue with its forms, as one document that comes from central while it runs.

The Update Framework signs the document as it stands (docs/decisions/0019); inside are texts by path and nothing that an
archive could hold besides: no link, no device, no mode, no path out of the folder.
"""

import hashlib
import re
import unicodedata
import zlib
from typing import Final

import msgspec
from msgspec import Struct

from kiosk.protocol.not_json import NOT_JSON

FORMAT: Final = 1
"""What a program has to understand to use a bundle. Raised when types or forms need something new of it."""

TARGET: Final = "catalogue"
"""The bundle's name among the signed targets. There is one: what it is now."""

TRUST_TARGET: Final = "trust"
"""The trust list's name among them (signed_list.py): the repository brings it, its own signature proves it."""

ROOT_FILE: Final = "bundles-root.json"
"""The first root, among what a machine is given when it is enrolled."""

MAX_PACKED_BYTES: Final = 4 << 20
MAX_BYTES: Final = 8 << 20
MAX_FILES: Final = 2_000
CATEGORIES: Final = "categories.toml"
PLACES: Final = "places.toml"
_AT_THE_TOP = frozenset({CATEGORIES, PLACES})
_FOLDER = re.compile(r"_common|[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_FILE = re.compile(r"[\w가-힣][\w가-힣-]{0,59}\.(?:toml|typ|json|svg)")
# Beside the folders of its types the document itself lies under this name (courier/store.py).
DOCUMENT: Final = "bundle"
_NAME = re.compile(r"[1-9][0-9]{0,8}-[0-9a-f]{32}")


class BundleError(Exception):
    """Not a bundle that this program can use; the message says what is wrong with it, and where."""


class Bundle(Struct, frozen=True, forbid_unknown_fields=True):
    """`version` only ever grows. Times are seconds since 1970: past `valid_until` nothing is sold from it any more.

    `program` is the FORMAT that it needs. `files`: categories.toml, places.toml, `_common/…` and `<type code>/…`.
    """

    version: int
    made_at: int
    valid_until: int
    program: int
    files: dict[str, str]


def pack(bundle: Bundle) -> bytes:
    """The document. The same bundle gives the same bytes."""
    return zlib.compress(msgspec.json.encode(bundle, order="sorted"), 9)


def unpack(raw: bytes) -> Bundle:
    """The bundle in it, every path and text looked at. Raises BundleError."""
    if len(raw) > MAX_PACKED_BYTES:
        raise BundleError(f"larger than {MAX_PACKED_BYTES} bytes")
    try:
        bundle = msgspec.json.decode(_inflated(raw), type=Bundle)
    except (*NOT_JSON, zlib.error) as error:
        raise BundleError(f"not a bundle: {error}") from error
    if bundle.program > FORMAT:
        raise BundleError(f"it needs a program of format {bundle.program}, this one is of {FORMAT}")
    if not 1 <= bundle.version < 10**9 or bundle.valid_until <= bundle.made_at:
        raise BundleError("its version or its term can't be")
    if len(bundle.files) > MAX_FILES or not set(bundle.files) >= _AT_THE_TOP:
        raise BundleError("it has not the files that a catalogue is made of")
    for path in bundle.files:
        _check_path(path)
    return bundle


def bundle_name_of(version: int, raw: bytes) -> str:
    """The name of a bundle on a machine: its version, and 32 hex digits of the SHA-256 of its document."""
    return f"{version}-{hashlib.sha256(raw).hexdigest()[:32]}"


def is_bundle_name(name: str) -> bool:
    """Whether `name` can name a bundle; "" names what the machine was shipped with."""
    return not name or _NAME.fullmatch(name) is not None


def version_of(bundle: str) -> int:
    """The version in a bundle's name, 0 for what the machine was shipped with."""
    return int(bundle.partition("-")[0]) if bundle else 0


def _inflated(raw: bytes) -> bytes:
    """Never more than the cap, whatever the bytes promise."""
    door = zlib.decompressobj()
    text = door.decompress(raw, MAX_BYTES)
    if door.unconsumed_tail or not door.eof or door.unused_data:
        raise BundleError(f"cut off, with something behind it, or larger than {MAX_BYTES} bytes")
    return text


def _check_path(path: str) -> None:
    folder, slash, name = path.rpartition("/")
    at_the_top = not slash and path in _AT_THE_TOP
    in_a_folder = folder != DOCUMENT and _FOLDER.fullmatch(folder) and _FILE.fullmatch(name)
    if not (at_the_top or in_a_folder):
        raise BundleError(f"“{path}” is no file of a catalogue")
    if unicodedata.normalize("NFC", path) != path:
        raise BundleError(f"“{path}” is not in composed form (NFC)")
