"""Where somebody has several things of a kind, they say which; nobody else's, and none that is gone, can be picked."""

import pytest

from central.registers.refusal import RefusedError, WhichError, pick
from kiosk.protocol.central import Offered

PLATES = ("12가3456", "34나5678")


def picked(things: tuple[str, ...], which: str = "") -> str:
    return pick(things, which, "vehicle", lambda plate: Offered(plate, plate), person=7)


def test_the_only_one_needs_no_question() -> None:
    assert picked(PLATES[:1]) == PLATES[0]


def test_of_several_the_one_that_was_named() -> None:
    with pytest.raises(WhichError) as several:
        picked(PLATES)
    assert [thing.key for thing in several.value.offered] == list(PLATES)
    assert (several.value.what, several.value.person) == ("vehicle", 7)
    assert picked(PLATES, PLATES[1]) == PLATES[1]


@pytest.mark.parametrize("things", [PLATES, PLATES[:1]])
def test_one_that_is_not_theirs_or_is_gone_is_refused(things: tuple[str, ...]) -> None:
    with pytest.raises(RefusedError, match="choice-unknown"):
        picked(things, "99하9999")


def test_nothing_is_no_record() -> None:
    with pytest.raises(RefusedError, match="no-record"):
        picked(())
