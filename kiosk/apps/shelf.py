"""The machine's catalogue from its files: certs_templates/<code>/catalogue.toml, and config/catalogue/."""

from datetime import date, datetime
from pathlib import Path

from kiosk.apps.receipts import SEOUL
from kiosk.catalogue.catalogue import Catalogue
from kiosk.catalogue.read import CATEGORIES, PLACES, WITH_READER, WITHOUT_READER, Shelf, read
from kiosk.protocol.certificates import FILE

_ROOT = Path(__file__).parents[2]
FORMS = _ROOT / "certs_templates"
CONFIG = _ROOT / "config" / "catalogue"


def load_catalogue(*, card_reader: bool = False, day: date | None = None) -> Catalogue:
    """The machine's certificate types as they are in force on `day` (today). Raises CatalogueError or OSError."""
    built_for = WITH_READER if card_reader else WITHOUT_READER
    return read(load_shelf(), day or today(), built_for)


def today() -> date:
    """The day in Seoul."""
    return datetime.now(SEOUL).date()


def load_shelf(forms: Path = FORMS, config: Path = CONFIG) -> Shelf:
    """The texts of all its files. Raises OSError."""
    return Shelf(
        {file.parent.name: file.read_text("utf-8") for file in sorted(forms.glob(f"*/{FILE}"))},
        (config / CATEGORIES).read_text("utf-8"),
        (config / PLACES).read_text("utf-8"),
    )
