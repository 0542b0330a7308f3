"""A kit: what a machine makes certificates from. A bundle on its disk, or what it was shipped with.

A bundle's name has the digest of its document, and its files have to be what the document says: what central signed is
what is used, whatever happened to the disk since.
"""

from datetime import date
from pathlib import Path

from msgspec import Struct

from kiosk.bundles.reading import read_whole
from kiosk.bundles.shelf import ALL, CONFIG, FORMS, SHIPPED, load_shelf, today
from kiosk.catalogue.catalogue import Catalogue
from kiosk.catalogue.read import WITH_READER, WITHOUT_READER, read
from kiosk.protocol.bundle import BundleError, is_kit, version_of
from kiosk.protocol.fault import EnvironmentFault

FOLDER = "bundles"


class KitError(EnvironmentFault):
    """There is no such kit on this machine, or it is not what it was any more."""


class Kit(Struct, frozen=True):
    """`name` as in protocol.bundle, "" for what the machine was shipped with; `root`: the folder of its forms.

    Past `valid_until` (seconds since 1970) nothing is sold from it; None: it has no such day.
    """

    name: str
    root: Path
    config: Path
    valid_until: int | None = None

    @property
    def version(self) -> int:
        """The bundle's version, 0 for what it was shipped with."""
        return version_of(self.name)

    def catalogue(self, *, card_reader: bool, day: date | None = None) -> Catalogue:
        """Its types as they are in force on `day` (today). Raises CatalogueError or OSError."""
        shelf = load_shelf(self.root, self.config, ALL if self.name else SHIPPED)
        return read(shelf, day or today(), WITH_READER if card_reader else WITHOUT_READER)


SHIPPED_KIT = Kit("", FORMS, CONFIG)


def open_kit(bundles: Path, name: str) -> Kit:
    """The kit of that name below `bundles`, every byte of it looked at. Raises KitError."""
    if not name:
        return SHIPPED_KIT
    if not is_kit(name):
        raise KitError(f"“{name}” is no bundle's name")
    try:
        bundle = read_whole(bundles / name)
    except (OSError, BundleError) as error:
        raise KitError(str(error)) from error
    return Kit(name, bundles / name, bundles / name, bundle.valid_until)
