"""The authority's data folder: where each of its files is."""

from pathlib import Path

from msgspec import Struct

from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE


class Folder(Struct, frozen=True):
    """Where everything is."""

    data: Path

    @property
    def database(self) -> Path:
        """Central's own database."""
        return self.data / "central.db"

    @property
    def register(self) -> Path:
        """The land register."""
        return self.data / "register.db"

    @property
    def residents(self) -> Path:
        """The resident register."""
        return self.data / "residents.db"

    @property
    def records(self) -> Path:
        """The registers in item form."""
        return self.data / "records.db"

    @property
    def bundles(self) -> Path:
        """What is published to the machines, signed."""
        return self.data / "bundles"

    @property
    def required(self) -> Path:
        """What is asked of the machines' bundles."""
        return self.data / "required.json"

    @property
    def types(self) -> Path:
        """Certificate types that were added to those of certs_templates/."""
        return self.data / "types"

    @property
    def machines(self) -> Path:
        """One file a machine."""
        return self.data / "machines"

    @property
    def trust_list(self) -> Path:
        """Whose seals count, signed: what is published."""
        return self.data / LIST_FILE

    @property
    def trust_root(self) -> Path:
        """The public half of the root key that signs the list."""
        return self.data / ROOT_FILE

    @property
    def offline(self) -> Path:
        """Keys that a running server never needs, unless they are kept elsewhere."""
        return self.key("bundles") / "offline"

    def key(self, name: str) -> Path:
        """A file of the keys folder."""
        return self.data / "keys" / name
