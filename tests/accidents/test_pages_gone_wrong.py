"""A finished document that is not what was drafted. Published of several accidents is only that the paper was wrong, in
pages or in fields: so whatever can be wrong with a page is planted after the fee was paid.

Planted: a typesetter that sets each draft as it should be and the document with one fault. Each is found by the look
that is named for it, before a byte goes to the printer: the coins come back, and central holds the number as void.
"""

import re
from pathlib import Path

import pytest

from central.registers.lots import LONG, ONE_SHEET
from central.registers.residents import known
from kiosk.protocol.looks import Check
from kiosk.worker.refusals import Code
from kiosk.worker.render import Renderer
from tests.accidents.booth import HOME, KIOSK, Booth, Want
from tests.accidents.centre import Centre
from tests.accidents.conftest import MakeBooth
from tests.accidents.planted import FAULTS, Bench, FaultyPress
from tests.accidents.sale import Sale, buy, delivered, ended
from tests.authority import TEMPLATES
from tests.unit.central.office import ALL, Journal, subject_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "printing-limits.md"


class Bought(Want, frozen=True):
    """What is asked for, by whose card; `has`: what faults can be planted in it besides those of any paper."""

    card: str = ""
    has: frozenset[str] = frozenset()


PAPERS = {
    "land register, three sheets": Bought("land", subject_of(LONG), ALL, has=frozenset({"sheets", "owners"})),
    "map": Bought("cadastral-map", subject_of(ONE_SHEET), {"scale": "whole"}, has=frozenset({"lots"})),
    "family certificate": Bought(
        "family-relation",
        {},
        {"kind": "general", "digits": "yes"},
        card=known.FAMILY,
        has=frozenset({"children"}),
    ),
    "English certificate": Bought("factory", subject_of(ONE_SHEET), {"language": "en"}),
    "household of two sheets": Bought(
        HOME.type_code, {}, HOME.options, card=known.LARGE, has=frozenset({"sheets", "members"})
    ),
}
# Codes: what a page lacks or has too much of; what runs out of its place.
OVERFLOWS = {Check.PAST_CELL, Check.PAST_EDGE, Check.TEXT_OVER_TEXT}
PLANTED = [
    (paper, fault)
    for fault, planted in FAULTS.items()
    for paper, want in PAPERS.items()
    if planted.needs in ("", *want.has)
]
# In every run each fault once, in turn through the papers that can have it; `make forms` plants them all.
EVERY = [
    min(
        (pair for pair in PLANTED if pair[1] == fault),
        key=lambda pair: (turn + [*PAPERS].index(pair[0])) % len(PAPERS),
    )
    for turn, fault in enumerate(FAULTS)
]


def code_of(look: Check) -> Code:
    """What the citizen's screen and the books are told."""
    return Code.OVERFLOW if look in OVERFLOWS else Code.READ_BACK_FAILED


def comes(booth: MakeBooth, want: Bought, order: str, press: FaultyPress | Renderer | None = None) -> Booth:
    """The citizen at the machine, identified where the paper asks for it."""
    one = booth(order=order) if press is None else booth(order=order, press=press)
    if want.card:
        one.identify(want.card, want)
    return one


def told(centre: Centre, journal: Journal, sale: Sale) -> str:
    """The machine's journal reaches central: what that number's end is there."""
    order = sale.stored
    assert order is not None
    centre.report(KIOSK, tuple(journal.row(kind, body) for kind, body in sale.records))
    return centre.fate(order.issues[0].number)


@pytest.mark.parametrize("paper", PAPERS)
def test_without_a_fault_the_paper_comes_out_and_its_number_stands(
    booth: MakeBooth, centre: Centre, paper: str
) -> None:
    want = PAPERS[paper]
    sale = buy(comes(booth, want, "O1"), want)
    delivered(sale)
    assert ("sheets" in want.has) == (sale.sheets > 1)
    assert told(centre, Journal(), sale) == "delivered"


def check_fault(make: MakeBooth, centre: Centre, bench: Bench, paper: str, name: str) -> None:
    """Bought, paid, found by its look, paid back, void."""
    want, fault = PAPERS[paper], FAULTS[name]
    sale = buy(comes(make, want, "O1", FaultyPress(bench, fault)), want)
    assert (sale.desk.check, sale.stored and sale.stored.issues[0].reason) == (
        fault.look,
        code_of(fault.look),
    )
    ended(sale, code_of(fault.look))
    assert told(centre, Journal(), sale) == "void"


@pytest.fixture
def bench(press: Renderer, tmp_path: Path) -> Bench:
    return Bench(press, TEMPLATES, tmp_path)


@pytest.mark.parametrize(("paper", "name"), EVERY)
def test_each_fault_is_found_by_its_look_before_paper_moves(
    booth: MakeBooth, centre: Centre, bench: Bench, paper: str, name: str
) -> None:
    check_fault(booth, centre, bench, paper, name)


@pytest.mark.forms
@pytest.mark.parametrize(("paper", "name"), [pair for pair in PLANTED if pair not in EVERY])
def test_each_fault_is_found_on_every_paper(
    booth: MakeBooth, centre: Centre, bench: Bench, paper: str, name: str
) -> None:
    check_fault(booth, centre, bench, paper, name)


def test_the_page_of_limits_lists_the_faults_with_their_looks() -> None:
    rows = re.findall(r"^\| ([^|]+) \| `([a-z-]+)` \| `([a-z-]+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert {name: (look, code) for name, look, code in rows} == {
        name: (fault.look, code_of(fault.look)) for name, fault in FAULTS.items()
    }


def test_every_look_has_a_fault_that_it_finds() -> None:
    assert {fault.look for fault in FAULTS.values()} == set(Check) - {Check.NONE}
