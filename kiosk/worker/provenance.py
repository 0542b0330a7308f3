"""What a page depends on besides its data and seal: the form's files, the fonts, the libraries that set it.

Written into the document, so that a verifier with others of these says "I can't compare" instead of "not genuine".
"""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from kiosk.protocol.canonical import canonical_json
from kiosk.worker.templates import Template

# Raised with every change of ours after which the same data, seal and form give other bytes.
PAGE = 2
_LIBRARIES = ("typst", "pikepdf", "pillow", "segno")


def setter(template: Template, font_folder: Path) -> str:
    """One line of text: equal on two machines that set this form to the same bytes."""
    sources = [
        template.id,
        template.words,
        template.stamps,
        {name: raw.decode() for name, raw in template.files.items()},
    ]
    return f"form {_digest(sources)}; {tools(font_folder)}"


@cache
def tools(font_folder: Path) -> str:
    """The part of that line that all forms share."""
    fonts = [[file.name, file.stat().st_size] for file in sorted(font_folder.glob("Noto*CJK*.ttc"))]
    libraries = " ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return f"page {PAGE}; fonts {_digest(fonts)}; {libraries}"


def _digest(value: object) -> str:
    return hashlib.sha256(canonical_json(value)).hexdigest()[:16]
