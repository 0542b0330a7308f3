"""Whatever a machine's journal says, in whatever order, it arrives: rows that contradict each other are kept and raise
alarms, and never stand in the way of the rows behind them.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from central.services import Services, open_services
from central.store.schema import alarm, claim, issue, metadata, redemption
from kiosk.protocol.journal import TYPES
from tests.journal_bodies import body_of_kind
from tests.unit.central.kinds import ACTED_ON
from tests.unit.central.office import KIOSK, Journal, Office, all_rows
from tests.unit.central.visitor import Visitor

ODD = ("", "\0", "<b>", "\u202e", "x" * 200)
names = st.sampled_from(("o1", "o2", "k1", "k2")) | st.sampled_from(ODD) | st.text(max_size=5)
sums = st.sampled_from((0, 1, 500, 1_000, 10**12)) | st.integers(0, 10**12)
words = {
    "outcome": st.sampled_from(("DELIVERED", "DISPUTED", "CLAIM", "REFUNDED", "", "odd")),
    "holder": st.sampled_from(("", "somebody")) | names,
    "verdict": st.sampled_from(("claim", "paid", "kept", "void", "redeemed")) | names,
}
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
times = st.sampled_from((0, 2**52, 2**53 - 1)) | st.none()
kinds = st.sampled_from(ACTED_ON) | st.sampled_from(ACTED_ON) | st.sampled_from(sorted(TYPES))
told_rows = kinds.flatmap(
    lambda kind: st.tuples(st.just(kind), body_of_kind(kind, names, sums, words) | json_values, times)
) | st.tuples(names.map(lambda text: text[:100]), json_values, times)
journals = st.lists(told_rows, min_size=1, max_size=12)

# A document that has no end yet, and a claim that the order o2 is paying out.
ISSUED = {
    "kiosk": KIOSK,
    "key": "k1",
    "order_id": "o1",
    "status": "issued",
    "number": "o1",
    "fee": 500,
    "issued_ms": 1,
}
HELD = {
    "kiosk": KIOSK,
    "order_id": "k2",
    "amount": 1_000,
    "state": "reserved",
    "holder": "somebody",
    "opened_ms": 1,
    "by_kiosk": KIOSK,
    "by_order": "o2",
}
CLOSED = {"order": "o1", "fee": 0, "credit": 500, "paid": 0, "claim": 500}


Open = tuple[asyncio.AbstractEventLoop, Services, Visitor]


@pytest.fixture(scope="module")
def opened(small_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """An office that stays open over many examples, with a visitor, and the loop that it lives in."""
    office = Office(small_town, tmp_path_factory.mktemp("journals") / "data")
    loop = asyncio.new_event_loop()
    services = loop.run_until_complete(open_services(office.folder, lambda: office.now))
    yield loop, services, Visitor(services)
    loop.run_until_complete(services.close())
    loop.close()


@settings(max_examples=50)
@given(journals)
@example([("order-closed", {**CLOSED, "outcome": ""}, None)] * 2)
@example(
    [
        ("order-closed", {**CLOSED, "outcome": "", "redeems": True}, None),
        ("order-closed", {**CLOSED, "outcome": "CLAIM"}, 0),
    ]
)
def test_a_journal_is_taken_in_whatever_its_rows_say_and_the_page_is_drawn_from_it(
    opened: Open, told: list[tuple[str, Any, int | None]]
) -> None:
    loop, office, visitor = opened

    async def live() -> None:
        async with office.database.writing() as connection:
            for table in reversed(metadata.sorted_tables):
                await connection.execute(table.delete())
            await connection.execute(issue.insert().values(ISSUED))
            await connection.execute(claim.insert().values(HELD))
            await connection.execute(redemption.insert().values(kiosk=KIOSK, order_id="o2", state="reserved"))
        journal = Journal()
        for kind, body, at_ms in told:
            assert await office.journals.take(KIOSK, (journal.row(kind, body, at_ms),)) == journal.seq
        answer = await visitor.get("/")
        assert answer.status_code == 200

    loop.run_until_complete(live())


def test_an_order_that_ends_without_an_outcome_is_unreadable_and_stays_open(office: Office) -> None:
    async def tell(services: Services) -> None:
        journal = Journal()
        await services.journals.take(KIOSK, (journal.row("order-closed", {**CLOSED, "outcome": ""}),))
        assert await raised(services) == {("event-body", "seq 1")}
        await services.journals.take(KIOSK, (journal.row("order-closed", {**CLOSED, "outcome": "CLAIM"}),))
        assert [row["amount"] for row in await all_rows(services, claim)] == [500]

    office.story(tell)


def test_a_claim_that_stands_in_the_book_stays_and_another_end_of_its_order_is_an_alarm(
    office: Office,
) -> None:
    """As an older central entered it, which took such an order for open."""

    async def tell(services: Services) -> None:
        async with services.database.writing() as connection:
            await connection.execute(claim.insert().values({**HELD, "order_id": "o1"}))
        row = Journal().row("order-closed", {**CLOSED, "outcome": "CLAIM"})
        assert await services.journals.take(KIOSK, (row,)) == 1
        assert [row["amount"] for row in await all_rows(services, claim)] == [1_000]
        assert await raised(services) == {("closed-twice", "o1")}

    office.story(tell)


async def raised(services: Services) -> set[tuple[str, str]]:
    return {(row["code"], row["subject"]) for row in await all_rows(services, alarm)}
