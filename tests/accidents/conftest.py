"""A small town a session, a central of its own a test, and booths at its machines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from kiosk.worker.render import Renderer
from kiosk.worker.templates import Template
from kiosk.worker.visit import Typesetter
from tests.accidents.booth import KIOSK, ORDER, Booth
from tests.accidents.centre import Centre
from tests.authority import TEMPLATES
from tests.rig.town import made_once
from tests.unit.central.office import Office, make_small_town


class MakeBooth(Protocol):
    """A booth at a machine for an order."""

    def __call__(
        self,
        kiosk: str = ...,
        order: str = ...,
        press: Typesetter | None = ...,
        templates: dict[str, Template] = ...,
        begin: bool = ...,
    ) -> Booth: ...


@pytest.fixture(scope="session")
def small_town() -> Path:
    return made_once("small-town", make_small_town)


@pytest.fixture(scope="session")
def press() -> Renderer:
    return Renderer(TEMPLATES)


@pytest.fixture
def office(small_town: Path, tmp_path: Path) -> Office:
    return Office(small_town, tmp_path / "data")


@pytest.fixture
def centre(office: Office, tmp_path: Path) -> Iterator[Centre]:
    running = Centre(office, tmp_path)
    yield running
    running.close()


@pytest.fixture
def booth(centre: Centre, press: Renderer, tmp_path: Path) -> MakeBooth:
    number = iter(range(1000))

    def make(
        kiosk: str = KIOSK,
        order: str = ORDER,
        press: Typesetter | None = press,
        templates: dict[str, Template] = TEMPLATES,
        begin: bool = True,
    ) -> Booth:
        place = tmp_path / f"booth-{next(number)}"
        place.mkdir()
        assert press is not None
        return Booth(centre, press, templates, place, kiosk, order, begin)

    return make
