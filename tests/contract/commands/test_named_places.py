"""A place that was named and is not there ends every command with 2, and the sentence names what is missing."""

import re

import pytest

from kiosk.protocol.exits import DONE, USAGE
from tests.contract.commands import of_central, of_kiosk
from tests.contract.commands.table import HeldBy, there
from tests.contract.commands.typed import Named, places
from tests.contract.commands.world import World, said

# The first of them builds the world.
pytestmark = [pytest.mark.timeout(240), pytest.mark.plain_user]
TABLE = {**of_kiosk.ROWS, **of_central.ROWS}
MAKES = {
    Named("central init", "--data"),
    Named("central enrol", "--out"),
    Named("central cards", "--out"),
    Named("central specimens", "--out"),
}
_FILLED = HeldBy("tests/unit/console/test_output_folder.py::test_a_new_folder_is_ours_and_an_empty_one")
ELSEWHERE = {
    Named("kiosk demo", "--out"): _FILLED,
    Named("kiosk screens", "--out"): _FILLED,
    Named("kiosk gallery", "--out"): _FILLED,
    Named("kiosk template preview", "--out"): _FILLED,
    Named("kiosk try-bundle", "--run"): of_kiosk.NO_BUNDLE,
}
RUN_HERE = [named for named in places() if named not in {*MAKES, *ELSEWHERE}]
GONE = "gone/deep/named"


def words(place: World, named: Named) -> list[str]:
    """Its row, in the good place, but for the one that is named."""
    ok, gone = place.path("ok"), str(place.path(GONE))
    row = TABLE[named.command][0].split()
    if named.how:
        at = row.index(named.how) + 1 if named.how in row else None
    else:
        placed = [at for at in range(2, len(row)) if "}/" in row[at] and not row[at - 1].startswith("--")]
        at = placed[0] if placed else None
    if at is not None:
        row[at] = gone
    typed = [word.format(place=ok, ok=ok, kid=place.kid) for word in row]
    return typed if at is not None else [*typed, *([named.how] if named.how else []), gone]


@pytest.mark.parametrize("named", RUN_HERE, ids=str)
def test_what_was_named_and_is_not_there_ends_with_2(place: World, named: Named) -> None:
    found = place.run(words(place, named))
    assert (found.code, found.out) == (USAGE, ""), found
    lines = said(found.err)
    assert len(lines) == 1, found.err
    assert re.search(r"gone/deep[/\w.-]*('? does not exist;|:| is not there;)", lines[0]), found.err


@pytest.mark.parametrize("named", sorted(MAKES), ids=str)
def test_what_is_made_may_be_missing(place: World, named: Named) -> None:
    made = place.place / f"made {named}" / "deep"
    typed = [str(made) if word == str(place.path(GONE)) else word for word in words(place, named)]
    assert place.run(typed).code == DONE
    assert any(made.iterdir())


def test_each_place_that_is_tried_elsewhere_is_one_and_its_test_is_there() -> None:
    assert {*MAKES, *ELSEWHERE} <= {*places()}
    assert [held.test for held in ELSEWHERE.values() if not there(held.test)] == []
