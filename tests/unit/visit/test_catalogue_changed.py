"""Another catalogue comes between two visits; who is at the machine keeps the one that they began with."""

import msgspec
import pytest

from kiosk.visit.events import CatalogueChanged
from kiosk.visit.screens import Screen
from tests.unit.visit.walk import Walk, catalogue

OTHER = msgspec.structs.replace(catalogue(), edition="another", types=catalogue().types[:1])


def test_with_nobody_here_the_new_one_is_shown() -> None:
    walk = Walk()
    assert walk.hear(CatalogueChanged(OTHER)) == []
    assert walk.state.catalogue is OTHER


@pytest.mark.parametrize("way", [Walk.started, Walk.at_content, Walk.at_check, Walk.at_pay])
def test_who_is_here_keeps_what_they_see(way: object) -> None:
    walk = way(Walk())  # type: ignore[operator]
    before: tuple[Screen, object] = (walk.state.screen, walk.snapshot)
    assert walk.hear(CatalogueChanged(OTHER)) == []
    assert (walk.state.screen, walk.snapshot) == before
    assert walk.state.catalogue is catalogue()
