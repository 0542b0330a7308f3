"""A machine's journal arrives gap-free or not at all, and each document ends exactly one way."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.fleet.journal import MAX_ROWS, _check, head_of
from central.problems import ProblemError
from central.services import Services
from central.store.schema import alarm, event, issue, orders
from kiosk.protocol.central import IssueReply
from kiosk.protocol.courier import JournalRow
from tests.unit.central.office import KIOSK, ORDER, Journal, Office, Worker, all_rows


async def take(services: Services, *rows: JournalRow) -> int:
    return await services.journals.take(KIOSK, rows)


async def alarms(services: Services) -> set[tuple[str, str]]:
    return {(row["code"], row["subject"]) for row in await all_rows(services, alarm)}


async def issued(services: Services) -> tuple[str, str]:
    """A document: its key and its number."""
    worker = Worker(services.keys.trust.sealing_key)
    made = (await services.desk.draft(worker.draft_request(), services.clock())).draft
    call = worker.issue_call(made)
    reply = msgspec.json.decode(await services.issuer.issue(call), type=IssueReply)
    return call.key, reply.number


async def final(services: Services, key: str) -> str:
    return next(str(row["final"]) for row in await all_rows(services, issue) if row["key"] == key)


async def refused(services: Services, *rows: JournalRow) -> ProblemError:
    with pytest.raises(ProblemError) as problem:
        await take(services, *rows)
    return problem.value


def test_rows_in_order_are_acknowledged_and_sent_again_they_change_nothing(office: Office) -> None:
    async def tell(services: Services) -> None:
        journal = Journal()
        rows = [journal.row("boot", {"n": number}) for number in range(5)]
        assert await take(services, *rows[:3]) == 3
        assert await take(services, *rows) == 5
        assert await take(services, *rows[1:4]) == 5
        assert len(await all_rows(services, event)) == 5
        assert await alarms(services) == set()

    office.story(tell)


def test_an_empty_batch_says_where_the_journal_stands(office: Office) -> None:
    async def tell(services: Services) -> None:
        assert await take(services) == 0
        assert await take(services, Journal().row("boot", {})) == 1
        assert await take(services) == 1

    office.story(tell)


def test_a_gap_breaks_the_chain(office: Office) -> None:
    async def tell(services: Services) -> None:
        journal = Journal()
        rows = [journal.row("boot", {"n": number}) for number in range(4)]
        await take(services, rows[0])
        problem = await refused(services, rows[2])
        assert (problem.status, problem.code, problem.more) == (409, "chain-broken", {"acked": 1})
        await refused(services, rows[1], rows[3])
        assert (await all_rows(services, event))[-1]["seq"] == 1
        assert await alarms(services) == {("chain-broken", "seq 3"), ("chain-broken", "seq 4")}

    office.story(tell)


def test_another_row_at_a_seq_that_is_held_breaks_the_chain(office: Office) -> None:
    async def tell(services: Services) -> None:
        await take(services, Journal().row("boot", {"disk": "one"}))
        problem = await refused(services, Journal().row("boot", {"disk": "clone"}))
        assert problem.code == "chain-broken"

    office.story(tell)


def test_the_next_row_of_another_history_breaks_the_chain(office: Office) -> None:
    async def tell(services: Services) -> None:
        original, clone = Journal(), Journal()
        await take(services, original.row("boot", {"disk": "one"}))
        clone.row("boot", {"disk": "clone"})
        assert (await refused(services, clone.row("coin", {"value": 500}))).code == "chain-broken"
        assert await take(services, original.row("coin", {"value": 500})) == 2

    office.story(tell)


@pytest.mark.parametrize("name", ["kind", "at_ms", "mono_ms", "boot", "body", "prev", "hash", "seq"])
def test_one_altered_field_breaks_the_chain(office: Office, name: str) -> None:
    async def tell(services: Services) -> None:
        journal = Journal()
        await take(services, journal.row("boot", {"n": 1}))
        row = journal.row("coin", {"value": 500})
        values: dict[str, Any] = {"body": msgspec.Raw(b'{"value":5000}'), "kind": "paid", "boot": "b2"}
        values |= {"prev": "f" * 64, "hash": "0" * 64, "at_ms": 1, "mono_ms": 9, "seq": 7}
        altered = msgspec.structs.replace(row, **{name: values[name]})
        assert (await refused(services, altered)).code == "chain-broken"
        assert await take(services, row) == 2

    office.story(tell)


def test_a_batch_with_one_bad_row_stores_nothing_of_it(office: Office) -> None:
    async def tell(services: Services) -> None:
        journal = Journal()
        good, bad = journal.void("k1"), journal.void("k2")
        await refused(services, good, msgspec.structs.replace(bad, hash="0" * 64))
        assert await all_rows(services, issue) == []
        assert await all_rows(services, event) == []

    office.story(tell)


def test_two_machines_have_a_chain_each(office: Office) -> None:
    async def tell(services: Services) -> None:
        row = Journal().row("boot", {})
        assert await services.journals.take("A", (row,)) == 1
        assert await services.journals.take("B", (row,)) == 1
        async with services.database.reading() as connection:
            assert (await head_of(connection, "A")).hash == row.hash

    office.story(tell)


def test_one_machine_cannot_void_another_ones_document(office: Office) -> None:
    async def tell(services: Services) -> None:
        key, number = await issued(services)
        await services.journals.take("B", (Journal().void(key, number),))
        rows = {(row["kiosk"], row["final"]) for row in await all_rows(services, issue)}
        assert rows == {(KIOSK, ""), ("B", "void")}

    office.story(tell)


def test_delivered_is_the_final_word_and_void_afterwards_only_an_alarm(office: Office) -> None:
    async def tell(services: Services) -> None:
        key, number = await issued(services)
        journal = Journal()
        await take(services, journal.delivered(key, number))
        assert await final(services, key) == "delivered"
        assert await alarms(services) == set()
        await take(services, journal.void(key, number))
        assert await final(services, key) == "delivered"
        assert await alarms(services) == {("void-after-delivered", key)}

    office.story(tell)


def test_void_is_the_final_word_and_delivered_afterwards_only_an_alarm(office: Office) -> None:
    async def tell(services: Services) -> None:
        key, number = await issued(services)
        journal = Journal()
        await take(services, journal.void(key))
        await take(services, journal.void(key, number))
        assert await alarms(services) == set()
        await take(services, journal.delivered(key, number))
        assert await final(services, key) == "void"
        assert await alarms(services) == {("delivered-after-void", key)}

    office.story(tell)


def test_a_tombstone_that_is_delivered_is_an_alarm(office: Office) -> None:
    async def tell(services: Services) -> None:
        journal = Journal()
        await take(services, journal.void("never-seen"), journal.delivered("never-seen", "1" * 16))
        assert await final(services, "never-seen") == "void"
        assert await alarms(services) == {("delivered-after-void", "never-seen")}

    office.story(tell)


def test_delivery_of_what_was_never_issued_or_under_another_number_is_an_alarm(office: Office) -> None:
    async def tell(services: Services) -> None:
        key, _ = await issued(services)
        journal = Journal()
        await take(services, journal.delivered("never-seen", "1" * 16), journal.delivered(key, "2" * 16))
        assert await final(services, key) == ""
        assert await alarms(services) == {("delivered-unknown", "never-seen"), ("number-mismatch", key)}

    office.story(tell)


def test_the_same_alarm_again_is_counted(office: Office) -> None:
    async def tell(services: Services) -> None:
        journal = Journal()
        for _ in range(3):
            await take(services, journal.delivered("never-seen", ""))
        assert [row["times"] for row in await all_rows(services, alarm)] == [3]

    office.story(tell)


def test_an_order_that_adds_up_closes_without_an_alarm(office: Office) -> None:
    async def tell(services: Services) -> None:
        key, number = await issued(services)
        journal = Journal()
        opened = journal.row("order-opened", {"order": ORDER, "fee": 500, "lines": []})
        await take(services, opened, journal.delivered(key, number), journal.closed(500, 1_000, 500))
        (row,) = await all_rows(services, orders)
        assert (row["outcome"], row["fee"], row["credit"], row["paid"]) == ("DELIVERED", 500, 1_000, 500)
        assert await alarms(services) == set()

    office.story(tell)


def test_money_that_does_not_add_up_is_an_alarm(office: Office) -> None:
    async def tell(services: Services) -> None:
        await take(services, Journal().closed(0, 1_000, 500))
        assert await alarms(services) == {("money-mismatch", ORDER)}

    office.story(tell)


def test_a_fee_kept_without_a_delivered_document_is_an_alarm(office: Office) -> None:
    async def tell(services: Services) -> None:
        key, number = await issued(services)
        journal = Journal()
        await take(services, journal.void(key, number), journal.closed(500, 500, 0))
        assert await alarms(services) == {("fee-mismatch", ORDER)}

    office.story(tell)


def test_a_disputed_order_is_an_alarm_whatever_its_sums(office: Office) -> None:
    async def tell(services: Services) -> None:
        await take(services, Journal().closed(0, 500, 0, claim=1_000, outcome="DISPUTED"))
        assert await alarms(services) == {("order-disputed", ORDER)}

    office.story(tell)


def test_an_order_closes_once_and_the_first_figures_stay(office: Office) -> None:
    async def tell(services: Services) -> None:
        journal = Journal()
        await take(services, journal.closed(0, 500, 500, outcome="REFUNDED"))
        await take(services, journal.closed(0, 500, 500, outcome="REFUNDED"))
        assert await alarms(services) == set()
        await take(services, journal.closed(0, 900, 900, outcome="REFUNDED"))
        (row,) = await all_rows(services, orders)
        assert row["credit"] == 500
        assert await alarms(services) == {("closed-twice", ORDER)}

    office.story(tell)


@pytest.mark.parametrize(
    "body",
    [None, 5, [], {}, {"order": 5}, {"order": "x" * 999}, {"order": ORDER, "fee": -1}, {"fee": 10**30}],
)
def test_a_known_kind_with_an_unreadable_body_is_stored_and_an_alarm(office: Office, body: Any) -> None:
    async def tell(services: Services) -> None:
        assert await take(services, Journal().row("order-closed", body)) == 1
        assert await alarms(services) == {("event-body", "seq 1")}

    office.story(tell)


def test_a_batch_past_the_limit_is_refused(office: Office) -> None:
    async def tell(services: Services) -> None:
        row = Journal().row("boot", {})
        assert (await refused(services, *[row] * (MAX_ROWS + 1))).code == "too-many-rows"

    office.story(tell)


texts = st.text(max_size=120) | st.sampled_from(["\ud800", "\0", "f" * 64])
bodies = st.binary(max_size=40) | st.sampled_from(
    [b'"\\ud800"', b"1e999", b"9" * 50, b"[" * 3_000, b'{"a":NaN}']
)


@given(st.integers(-(2**70), 2**70), texts, texts, bodies)
def test_any_row_is_taken_or_refused_with_a_code(number: int, text: str, prev: str, body: bytes) -> None:
    row = JournalRow(number, text, number, number, text, msgspec.Raw(body), prev, text)
    try:
        seq = _check(row).row.seq
    except ProblemError as problem:
        seq = {"body-invalid": 0}[problem.code]
    assert 0 <= seq < 2**53
