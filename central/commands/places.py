"""Whose folder it is that a command of central's fills: a new one, an empty one, or one that it filled before.

What a machine or the simulators read from has no mark of ours beside the files: the file that is written first says by
itself whose it is. A data folder says it by a mark, or, from before there was one, by all that only it holds.
"""

import os
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID

from central.authority.card_files import FIRST_CARD, CardFile
from central.authority.keys import Folder
from central.key_files import write_private
from central.problems import SetupError
from kiosk.protocol.not_json import NOT_JSON

DATA_MARK = ".changgu-central"
_CA, _KIOSK = "ca.pem", "kiosk.pem"


class PlaceError(SetupError):
    """The folder is somebody else's; it stays as it is."""


def take_data(folder: Folder) -> None:
    """Mark an empty folder as a data folder, or see that it is one. Raises PlaceError, OSError."""
    mark = folder.data / DATA_MARK
    if mark.exists() or all(file.exists() for file in _only_here(folder)):
        return
    if _holds_more_than(folder.data, DATA_MARK):
        raise PlaceError(
            f"{folder.data} holds files that are not a central server's, and they stay as they are; "
            "name a new or empty folder with --data"
        )
    write_private(mark, b"a data folder of central\n")


def check_machine(folder: Folder, kiosk: str, out: Path) -> None:
    """See that `out` may have this machine's certificate. Raises PlaceError, OSError."""
    if not _holds_more_than(out, _CA):
        return
    ca = folder.key(_CA)
    # A folder with the authority's private key is the authority's own, or a copy of it.
    if (out / ca.with_suffix(".key").name).exists() or not _same(out / _CA, ca):
        raise _strange(out, "a machine of this central server")
    other = _name_in(out / _KIOSK)
    if other not in ("", kiosk):
        raise PlaceError(f"{out} is the folder of the machine {other[:64]!r}; name another with --out")


def check_cards(authority: x509.Certificate, out: Path) -> None:
    """See that `out` may have this authority's cards. Raises PlaceError, OSError."""
    first = f"{FIRST_CARD}.json"
    if _holds_more_than(out, first) and not _is_card_of(authority, out / first):
        raise _strange(out, "the cards of this central server")


def _only_here(folder: Folder) -> tuple[Path, ...]:
    return (folder.machines, folder.trust_list, folder.trust_root, folder.key("sealing.key"))


def _holds_more_than(place: Path, first: str) -> bool:
    """Whether there is anything but the beginning of the file that is written first. Raises OSError."""
    try:
        return bool({*os.listdir(place)} - {f".{first}.new"})
    except FileNotFoundError:
        return False


def _strange(out: Path, what: str) -> PlaceError:
    return PlaceError(
        f"{out} holds files that are not of {what}, and they stay as they are; "
        "name a new or empty folder with --out"
    )


def _same(one: Path, other: Path) -> bool:
    try:
        return one.read_bytes() == other.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        return False


def _name_in(file: Path) -> str:
    """Whose certificate it is; "" where there is none, or it is none any more."""
    try:
        named = x509.load_pem_x509_certificate(file.read_bytes()).subject
        return "".join(str(one.value) for one in named.get_attributes_for_oid(NameOID.COMMON_NAME))
    except (FileNotFoundError, ValueError):
        return ""


def _is_card_of(authority: x509.Certificate, file: Path) -> bool:
    try:
        card = msgspec.json.decode(file.read_bytes(), type=CardFile)
        x509.load_pem_x509_certificate(card.certificate_pem.encode()).verify_directly_issued_by(authority)
    except (FileNotFoundError, IsADirectoryError, *NOT_JSON, ValueError, TypeError, InvalidSignature):
        return False
    return True
