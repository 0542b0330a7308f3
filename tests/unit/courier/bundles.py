"""Bundles and the repository that they come from, for tests: central's own, and a road on which anything may happen."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from central.bundles.repository import Repository
from kiosk.courier.results import Answer, Unknown
from kiosk.protocol.bundle import CATEGORIES, FORMAT, MAX_PACKED_BYTES, PLACES, Bundle

# The Update Framework judges by the real clock; what is made here is made relative to it.
NOW = datetime.now(UTC)


def bundle(version: int, text: str = "") -> Bundle:
    """A small one: what is in it is nobody's business on the way."""
    files = {CATEGORIES: "", PLACES: "", "land/form.typ": f"// {version} {text}", "_common/a.typ": ""}
    return Bundle(version, 1_000, 2_000_000_000, FORMAT, files)


def repository(place: Path, now: datetime = NOW) -> Repository:
    """One of its own, with keys of its own, nothing published."""
    made = Repository(place / "served", place / "offline", place / "online")
    made.create(now)
    return made


class CatalogueFiles:
    """The road to a repository's files. `said` answers in their place, by their path below it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: dict[str, Answer | Unknown] = {}
        self.asked: list[str] = []

    def get(self, path: str, within_s: float, cap: int) -> Answer | Unknown:
        """As the line does it."""
        assert 0 < within_s <= 60
        assert cap == MAX_PACKED_BYTES
        name = path.removeprefix("/v1/bundles/")
        self.asked.append(name)
        if name in self.said:
            return self.said[name]
        try:
            return Answer(200, "", body=(self.folder / name).read_bytes())
        except FileNotFoundError:
            return Answer(404, "application/problem+json")

    def put(self, name: str, body: bytes) -> None:
        """This instead of what is published."""
        self.said[name] = Answer(200, "", body=body)

    def bend(self, name: str, change: Callable[[bytes], bytes]) -> None:
        """What is published, changed on the way."""
        self.put(name, change((self.folder / name).read_bytes()))

    def replay(self, old: Path, *names: str) -> None:
        """These as they were in a copy that was taken before."""
        for name in names:
            self.put(name, (old / name).read_bytes())


def days(number: float) -> timedelta:
    """For a date before or after now."""
    return timedelta(days=number)
