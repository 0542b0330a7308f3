"""An installed bundle: the data that a machine makes certificates from, on its disk or shipped with it.

A bundle's name has the digest of its document, and its files have to be what the document says: what central signed is
what is used, whatever happened to the disk since.
"""

from datetime import date
from pathlib import Path

from msgspec import Struct

from kiosk.bundles.catalogue_files import ALL, CONFIG, FORMS, SHIPPED, load_catalogue_files, today
from kiosk.bundles.reading import read_whole
from kiosk.catalogue.catalogue import Catalogue
from kiosk.catalogue.read import WITH_READER, WITHOUT_READER, read
from kiosk.protocol.bundle import BundleError, is_bundle_name, version_of
from kiosk.protocol.fault import EnvironmentFault

FOLDER = "bundles"


class InstalledBundleError(EnvironmentFault):
    """This machine has no such bundle, or its files have changed."""


class InstalledBundle(Struct, frozen=True):
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
        shelf = load_catalogue_files(self.root, self.config, ALL if self.name else SHIPPED)
        return read(shelf, day or today(), WITH_READER if card_reader else WITHOUT_READER)


SHIPPED_BUNDLE = InstalledBundle("", FORMS, CONFIG)


def open_bundle(bundles: Path, name: str) -> InstalledBundle:
    """The bundle of that name below `bundles`, every byte of it looked at. Raises InstalledBundleError."""
    if not name:
        return SHIPPED_BUNDLE
    if not is_bundle_name(name):
        raise InstalledBundleError(f"“{name}” is no bundle's name")
    try:
        bundle = read_whole(bundles / name)
    except (OSError, BundleError) as error:
        raise InstalledBundleError(str(error)) from error
    return InstalledBundle(name, bundles / name, bundles / name, bundle.valid_until)
