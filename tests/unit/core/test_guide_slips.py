"""The slip for the counter is printed when it is asked for, and told of as it is proved."""

import pytest

from drivers.contract import Outcome
from kiosk.bundles.catalogue_files import CONFIG
from kiosk.core.guide_slips import GuideSlips
from kiosk.settings import load
from kiosk.visit.effects import PrintGuide
from kiosk.visit.order_view import Slip
from tests.unit.core.test_receipts import Printer
from tests.unit.visit.walk import by_card

WANTED = PrintGuide("resident-household", "record-moving", "ko")


def desk(printer: Printer) -> GuideSlips:
    return GuideSlips(load(CONFIG.parent / "kiosk.toml"), by_card, printer, lambda: 0)


@pytest.mark.parametrize(
    ("outcome", "slip"),
    [(Outcome.DONE, Slip.PRINTED), (Outcome.NOT_DONE, Slip.FAILED), (Outcome.UNKNOWN, Slip.UNSURE)],
)
def test_the_printers_proof_is_what_is_told(outcome: Outcome, slip: Slip) -> None:
    printer, told = Printer(there=True), list[Slip]()
    desk(printer).print(WANTED, told.append)
    assert told == []
    printer.end(outcome)
    assert told == [slip]


def test_a_printer_that_is_not_there_surely_printed_nothing() -> None:
    told = list[Slip]()
    desk(Printer(there=False)).print(WANTED, told.append)
    assert told == [Slip.FAILED]
