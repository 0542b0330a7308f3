"""The forms that this authority issues on, each by the digest of what it is made of (kiosk.protocol.forms).

Read at the start from central's own copy of certs_templates/; a machine with another copy finds out by itself.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from central.problems import SetupError
from kiosk.protocol.forms import SHARED_FOLDER, SHARED_SUFFIXES, form_digest, own_files

DEFAULT_ROOT = Path(__file__).resolve().parents[2] / "certs_templates"


class FormsError(SetupError):
    """The forms can't be read; the message names the folder."""


def load_forms(root: Path = DEFAULT_ROOT, added: Path | None = None) -> Mapping[str, str]:
    """Digest by name (`land/1`), those of the folder `added` too. Raises FormsError."""
    roots = (root, added) if added else (root,)
    try:
        shared = _files(root / SHARED_FOLDER)
        folders = sorted(place.parent for each in roots for place in each.glob("*/type.toml"))
        return dict(_form(folder, shared) for folder in folders)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise FormsError(
            f"{root}: the certificate forms can't be read ({error}); install them again"
        ) from error


def _files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix in SHARED_SUFFIXES}


def _form(folder: Path, shared: Mapping[str, bytes]) -> tuple[str, str]:
    names = own_files(file.name for file in folder.iterdir())
    own = {name: (folder / name).read_bytes() for name in names}
    facts = tomllib.loads(own["type.toml"].decode("utf-8"))
    return f"{facts['code']}/{facts['version']}", form_digest(own, shared)
