"""A certificate form's name by what it is made of, so that kiosk and central mean the same page by `land/1`.

Template, field map and sentences of one form, and whatever all forms share. Both sides compute it from their own copy
of certs_templates/; central's drafts and documents name it, and a worker with another refuses before the fee.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

# What of a form's folder makes its page; the samples and what is expected of them do not. An office that no other form
# has comes with its seal in the form's own folder.
OWN_FILES: Final = ("form.typ", "type.toml", "words.toml")
OFFICES: Final = "offices.toml"
SEAL_SUFFIX: Final = ".svg"
SHARED_FOLDER: Final = "_common"
SHARED_SUFFIXES: Final = (".typ", ".toml", ".svg")


def own_files(names: Iterable[str]) -> list[str]:
    """Which of a folder's file names make the page, in order; those of OWN_FILES also where they are missing."""
    return sorted({*OWN_FILES, *(name for name in names if name == OFFICES or name.endswith(SEAL_SUFFIX))})


def form_digest(own: Mapping[str, bytes], shared: Mapping[str, bytes]) -> str:
    """SHA-256 over the names and bytes of a form's own files and of the shared ones, 64 hex digits."""
    digest = hashlib.sha256(b"changgu form 1\n")
    for place, files in (("own", own), ("shared", shared)):
        for name, content in sorted(files.items()):
            digest.update(f"{place}/{name} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()
