"""The machine's catalogue from its files: certs_templates/<code>/catalogue.toml, and config/catalogue/."""

import tomllib
from datetime import date, datetime
from pathlib import Path

from kiosk.catalogue.catalogue import Catalogue
from kiosk.catalogue.read import CATEGORIES, PLACES, WITH_READER, WITHOUT_READER, CatalogueFiles, read
from kiosk.clocks import SEOUL
from kiosk.protocol.certificates import FILE

_ROOT = Path(__file__).parents[2]
FORMS = _ROOT / "certs_templates"
CONFIG = _ROOT / "config" / "catalogue"
# A machine is shipped with the types of the first round; the others come to it while it runs.
SHIPPED = 1
ALL = 99


def load_catalogue(*, card_reader: bool = False, day: date | None = None) -> Catalogue:
    """The machine's certificate types as they are in force on `day` (today). Raises CatalogueError or OSError."""
    built_for = WITH_READER if card_reader else WITHOUT_READER
    return read(load_catalogue_files(), day or today(), built_for)


def load_full_catalogue(up_to: int = ALL, day: date | None = None) -> Catalogue:
    """That of a machine with a card reader to which every type up to that round has come. Raises as above."""
    return read(load_catalogue_files(up_to=up_to), day or today(), WITH_READER)


def today() -> date:
    """The day in Seoul."""
    return datetime.now(SEOUL).date()


def load_catalogue_files(forms: Path = FORMS, config: Path = CONFIG, up_to: int = SHIPPED) -> CatalogueFiles:
    """The texts of all its files, of types that were introduced in round `up_to` or before. Raises OSError."""
    found = {file.parent.name: file.read_text("utf-8") for file in sorted(forms.glob(f"*/{FILE}"))}
    return CatalogueFiles(
        {name: text for name, text in found.items() if _round(text) <= up_to},
        (config / CATEGORIES).read_text("utf-8"),
        (config / PLACES).read_text("utf-8"),
    )


def _round(text: str) -> int:
    """The `phase` of a type's file; of one that can't be read 0, for what is wrong with it has to be said."""
    try:
        phase = tomllib.loads(text).get("phase", 0)
    except tomllib.TOMLDecodeError:
        return 0
    return phase if isinstance(phase, int) else 0
