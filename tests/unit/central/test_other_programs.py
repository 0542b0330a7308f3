"""What older and later machines write is booked by central all the same; what no program may write is an alarm."""

import json
from pathlib import Path
from typing import Any

import pytest

from central.services import Services
from central.store.schema import alarm, claim, orders
from kiosk.ledger.tally import MOVES
from kiosk.protocol import journal
from tests.unit.central.kinds import ACTED_ON
from tests.unit.central.office import KIOSK, Journal, Office, all_rows

RECORDED = Path(__file__).parents[1] / "ledger" / "recorded"
OLDER = [json.loads(line) for line in (RECORDED / "older.jsonl").read_text("utf-8").splitlines()]
TODAY = [json.loads(line) for line in (RECORDED / "rows.jsonl").read_text("utf-8").splitlines()]
OWING = journal.body_of(journal.OrderClosed("01N", "CLAIM", fee=0, credit=500, paid=0, claim=500))
# Central books an order by its end: what came in and went out on the way is in the sums of order-closed.
IN_THE_SUMS_OF_THE_END = {"credit", "coins-unknown", "note-credit", "notes-unknown", "paid"}
ARRAYS = ("lines", "claims")
READINGS = ("before", "now")


def grown(name: str, value: Any) -> Any:
    """The value as a later machine may write it: one more field, or one more value, in every place."""
    if isinstance(value, dict):
        inner = {each: grown(each, one) for each, one in value.items()}
        if name == "counters":
            inner = {each: [*one, "more"] if isinstance(one, list) else one for each, one in inner.items()}
        return {**inner, "of-tomorrow": [1]} if name != "counters" else inner
    if isinstance(value, list) and name in ARRAYS:
        return [[*one, "more"] if isinstance(one, list) else grown("", one) for one in value]
    return [*value, "more"] if isinstance(value, list) and name in READINGS else value


def alarms_after(office: Office, *rows: tuple[str, Any]) -> set[tuple[str, str]]:
    """What these rows, one batch each, raise."""
    found = set[tuple[str, str]]()

    async def tell(services: Services) -> None:
        told = Journal()
        for kind, body in rows:
            assert await services.journals.take(KIOSK, (told.row(kind, body),)) == told.seq
        found.update((row["code"], row["subject"]) for row in await all_rows(services, alarm))

    office.story(tell)
    return found


def test_every_row_that_an_older_machine_wrote_is_read(office: Office) -> None:
    raised = alarms_after(office, *((kind, json.loads(text)) for kind, text in OLDER))
    assert "event-body" not in {code for code, _ in raised}


def test_every_row_of_today_is_read_and_with_one_more_field_in_every_place(office: Office) -> None:
    rows = [(kind, json.loads(text)) for kind, text in TODAY]
    later = [(kind, {**grown("", body), "kind": "another", "kept": 5}) for kind, body in rows]
    raised = alarms_after(office, *rows, *later)
    assert "event-body" not in {code for code, _ in raised}


@pytest.mark.parametrize(
    "besides",
    [
        {"kept": {"printer": None}},
        {"kept": None},
        {"kind": "another"},
        {"of-tomorrow": {"deep": [[[]]]}},
    ],
)
def test_whatever_else_a_row_says_what_it_owes_is_in_the_book(
    office: Office, besides: dict[str, Any]
) -> None:
    async def tell(services: Services) -> None:
        row = Journal().row("order-closed", {**OWING, **besides})
        await services.journals.take(KIOSK, (row,))
        assert [row["amount"] for row in await all_rows(services, claim)] == [500]

    office.story(tell)


@pytest.mark.parametrize(
    "wrong",
    [
        {"order": "x" * 201},
        {"reason": "x" * 201},
        {"holder": "x" * 201},
        {"claim": 10**12 + 1},
        {"captured": -1},
        {"credit": 2**64},
        {"outcome": ""},
    ],
    ids=lambda one: next(iter(one)),
)
def test_words_and_sums_that_no_book_holds_are_an_alarm_and_change_nothing(
    office: Office, wrong: dict[str, Any]
) -> None:
    async def tell(services: Services) -> None:
        row = Journal().row("order-closed", {**OWING, **wrong})
        assert await services.journals.take(KIOSK, (row,)) == 1
        assert [row["code"] for row in await all_rows(services, alarm)] == ["event-body"]
        assert await all_rows(services, orders) == []

    office.story(tell)


@pytest.mark.parametrize(
    ("fact", "raised"),
    [
        (journal.Surplus("coin", value=100), ("surplus", "coin")),
        (
            journal.CounterImplausible("printer", journal.Reading("P", 1), journal.Reading("P", 10**6)),
            ("counter-implausible", "printer"),
        ),
        (
            journal.DeviceExchanged("hopper", journal.Reading("H1", 1), journal.Reading("H2", 0)),
            ("device-exchanged", "hopper"),
        ),
        (journal.IssueDisputed("O", 1, 1, "k1", "land", "", reason="x"), ("issue-disputed", "k1")),
        (journal.BundleRefused("bundle", "InstalledBundleError"), ("bundle-refused", "InstalledBundleError")),
        (journal.BundleNotTaken("expired"), ("bundle-refused", "expired")),
    ],
    ids=lambda one: one.kind if isinstance(one, journal.Fact) else "",
)
def test_what_somebody_must_look_at_raises_its_alarm(
    office: Office, fact: journal.Row, raised: tuple[str, str]
) -> None:
    assert alarms_after(office, (fact.kind, journal.body_of(fact))) == {raised}


def test_central_takes_in_every_kind_that_moves_money_or_paper() -> None:
    assert MOVES - set(ACTED_ON) == IN_THE_SUMS_OF_THE_END
