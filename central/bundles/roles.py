"""The keys behind a bundle: three for the root, of which two are needed, one each for targets, snapshot and timestamp.

Root and targets keys sign what is published and are kept away from the server (docs/central.md); snapshot and timestamp
keys stay on it, and can do no more than say what is the newest.
"""

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner

from central.key_files import new_ec_key, read_or_make
from central.problems import SetupError

ROOT_KEYS: Final = ("root-1", "root-2", "root-3")
ROOT_THRESHOLD: Final = 2
TARGETS, SNAPSHOT, TIMESTAMP = "targets", "snapshot", "timestamp"
OFFLINE: Final = (*ROOT_KEYS, TARGETS)
ONLINE: Final = (SNAPSHOT, TIMESTAMP)


class RolesError(SetupError):
    """A key is missing; the message names the file."""


def make_keys(offline: Path, online: Path) -> None:
    """Make what is missing."""
    for folder, names in ((offline, OFFLINE), (online, ONLINE)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in names:
            read_or_make(_file(folder, name), new_ec_key)


def signer(folder: Path, name: str) -> CryptoSigner:
    """The key of that name. Raises RolesError."""
    file = _file(folder, name)
    try:
        return CryptoSigner(load_pem_private_key(file.read_bytes(), None))
    except OSError as error:
        raise RolesError(f"{file}: cannot be read ({error.strerror}); bring the key to sign") from error
    except (ValueError, TypeError) as error:
        raise RolesError(f"{file}: not a private key; restore it from its backup") from error


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.pem"
