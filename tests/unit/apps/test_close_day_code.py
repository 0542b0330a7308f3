"""`kiosk ledger close-day` ends with a code of its own where not every device was counted."""

from typing import Any

import msgspec
import pytest

from kiosk import cli
from kiosk.apps.ledger_commands import close_code
from kiosk.ledger.day import DayMark, Meter, Tally, compare
from kiosk.settings import Settings

SETTINGS = Settings("K", "/nowhere", "", "", "", "", "https://central.test", "ipp://printer.test/ipp")
BEFORE = {"coins-in": 10, "coins-out": 5, "sheets": 100, "retracts": 7}


def closed(**now: int | None) -> dict[str, Any]:
    """A day on which nothing was sold, as core tells it; `now` are the counts of devices that answer otherwise."""
    mark = DayMark("2025-11-25", 1, 0, 0, {what: Meter(what, count) for what, count in BEFORE.items()})
    counts = {**BEFORE, **{what.replace("_", "-"): count for what, count in now.items()}}
    meters = {what: Meter(what, count) for what, count in counts.items() if count is not None}
    lines = compare(Tally(), mark, meters)
    sums = dict.fromkeys(("first", "last", "orders", "claims", "open_claims"), 0)
    return {"date": "2025-11-26", "number": 2, **sums, "money": {}, "lines": msgspec.to_builtins(lines)}


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ({}, 0),
        ({"sheets": None}, cli.EXIT_UNCOUNTED),
        ({"sheets": 101}, cli.EXIT_WRONG),
        ({"sheets": None, "coins_in": 11}, cli.EXIT_WRONG),
        (dict.fromkeys(("coins_in", "coins_out", "sheets", "retracts"), None), cli.EXIT_UNCOUNTED),
    ],
)
def test_what_was_not_counted_is_neither_agreement_nor_difference(now: dict[str, Any], code: int) -> None:
    assert close_code(closed(**now), SETTINGS) == code
