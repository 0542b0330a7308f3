"""A machine's clock may be anything; its journal arrives all the same, and central goes by a time that can be."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from central.claims.cases import open_cases
from central.cli import app
from central.clock import DAY_MS, EARLY_DAYS, LATE_DAYS, believed_ms, moment_of, plausible, to_ms, written
from central.fleet.journal_reading import read_journal
from central.fleet.overview import overview
from central.services import Services
from central.store.schema import alarm, claim, event, issue, orders
from kiosk.protocol.chain import GENESIS, row_hash
from kiosk.protocol.journal import IssueVoid, OrderClosed, OrderOpened
from tests.unit.central.office import KIOSK, NOON, ORDER, Journal, Office, all_rows, arrived
from tests.unit.central.test_status import beat
from tests.unit.central.visitor import Reading, Visitor

NOW_MS = to_ms(NOON)
DISPUTED = OrderClosed(ORDER, "DISPUTED", fee=0, credit=1_000, paid=0, claim=1_000, reason="interrupted")
CLOCKS = {
    "the epoch": 0,
    "a dead battery": 946_684_800_000,
    "a month and a day ago": NOW_MS - (EARLY_DAYS + 1) * DAY_MS,
    "the day after tomorrow": NOW_MS + 2 * DAY_MS,
    "year 144683": 2**52,
    "as far as numbers go": 2**53 - 1,
}


async def disputed(services: Services, at_ms: int) -> Journal:
    """An order that nobody can prove the end of, told by a machine whose clock shows this."""
    journal = Journal()
    rows = (
        journal.of(OrderOpened(ORDER, fee=500, lines=()), at_ms),
        journal.of(IssueVoid(ORDER, 1, 1, "k1", "land", "", reason="interrupted", spoiled=0), at_ms),
        journal.of(DISPUTED, at_ms),
    )
    assert await services.journals.take(KIOSK, rows) == 3
    return journal


async def raised(services: Services) -> list[tuple[str, str, int]]:
    found = [(row["code"], row["subject"], row["times"]) for row in await all_rows(services, alarm)]
    return [row for row in found if row[0] == "clock-wrong"]


@pytest.mark.parametrize("at_ms", CLOCKS.values(), ids=CLOCKS)
def test_whatever_its_clock_shows_a_machine_delivers_its_journal_and_it_counts_by_its_arrival(
    office: Office, at_ms: int
) -> None:
    async def tell(services: Services) -> None:
        journal = await disputed(services, at_ms)
        assert await raised(services) == [("clock-wrong", "journal", 1)]
        order, owed, paper = (
            (await all_rows(services, orders))[0],
            (await all_rows(services, claim))[0],
            (await all_rows(services, issue))[0],
        )
        assert (order["opened_ms"], order["closed_ms"], owed["opened_ms"], paper["final_ms"]) == (NOW_MS,) * 4
        async with services.database.reading() as connection:
            line = (await overview(connection, [], office.now))[0]
        assert (line.sums.orders_today, line.sums.claim_sum) == (1, 1_000)
        assert await services.journals.take(KIOSK, (journal.row("boot", {}),)) == 4

    office.story(tell)


@pytest.mark.parametrize("at_ms", CLOCKS.values(), ids=CLOCKS)
def test_the_row_itself_stays_as_it_was_written_and_its_chain_proves_it(office: Office, at_ms: int) -> None:
    async def tell(services: Services) -> None:
        await disputed(services, at_ms)
        assert {row["at_ms"] for row in await all_rows(services, event)} == {at_ms}
        async with services.database.reading() as connection:
            reply = await read_journal(connection, KIOSK, 0)
        prev = GENESIS
        for row in reply.rows:
            fields: dict[str, Any] = msgspec.structs.asdict(row)
            assert fields.pop("prev") == prev
            proved = fields.pop("hash")
            fields["body"] = msgspec.json.decode(fields["body"])
            assert row_hash(prev, **fields) == proved
            prev = proved

    office.story(tell)


@pytest.mark.parametrize("at_ms", CLOCKS.values(), ids=CLOCKS)
def test_the_page_and_the_list_of_cases_show_it_and_say_that_the_clock_is_wrong(
    office: Office, at_ms: int
) -> None:
    async def tell(services: Services) -> None:
        await disputed(services, at_ms)
        page = await Visitor(services).get("/")
        assert page.status_code == 200
        text = Reading(page.text).text
        assert "기기 시계가 틀림" in text
        assert "기록이 서로 맞지 않음 · 기기가 중간에 꺼짐" in text

    office.story(tell)
    data = ["--data", str(office.folder.data)]
    listed = CliRunner().invoke(app, ["cases", "list", *data])
    assert (listed.exit_code, "1 case\n" in listed.output) == (0, True), listed.output
    shown = CliRunner().invoke(app, ["cases", "show", "1", *data])
    assert (shown.exit_code, shown.output.count("\n")) == (0, 6), shown.output
    assert written(at_ms, "%Y-%m-%d %H:%M:%S") in shown.output


def test_a_machine_that_was_off_for_three_weeks_is_believed_and_nothing_is_raised(office: Office) -> None:
    async def tell(services: Services) -> None:
        weeks_ago = NOW_MS - 21 * DAY_MS
        await disputed(services, weeks_ago)
        assert await raised(services) == []
        assert (await all_rows(services, orders))[0]["closed_ms"] == weeks_ago
        async with services.database.reading() as connection:
            assert (await overview(connection, [], office.now))[0].sums.orders_today == 0

    office.story(tell)


def test_a_clock_that_is_mended_leaves_one_alarm_however_many_rows_were_written(office: Office) -> None:
    async def tell(services: Services) -> None:
        journal = Journal()
        wrong = tuple(journal.row("boot", {"n": n}, 0) for n in range(50))
        right = tuple(journal.row("boot", {"n": n}) for n in range(50))
        await services.journals.take(KIOSK, wrong + right)
        await services.journals.take(KIOSK, (journal.row("boot", {}),))
        assert await raised(services) == [("clock-wrong", "journal", 1)]

    office.story(tell)


@pytest.mark.parametrize("at_ms", [*CLOCKS.values(), -1, -(2**53) + 1])
def test_a_heartbeat_of_a_wrong_clock_is_taken_shown_and_raised_once(office: Office, at_ms: int) -> None:
    async def tell(services: Services) -> None:
        for _ in range(3):
            await services.heartbeats.take(beat(office, at_ms=at_ms))
        assert await raised(services) == [("clock-wrong", "heartbeat", 1)]
        text = Reading((await Visitor(services).get("/")).text).text
        assert "정상 연결" in text
        assert "느림" in text if at_ms < NOW_MS else "빠름" in text
        await services.heartbeats.take(beat(office))
        await services.heartbeats.take(beat(office, at_ms=at_ms))
        assert await raised(services) == [("clock-wrong", "heartbeat", 2)]

    office.story(tell)


def test_what_an_older_central_took_over_unchecked_is_shown_and_decided_like_any_other(
    office: Office,
) -> None:
    """Its rows hold the machine's time where this one holds its own."""

    async def tell(services: Services) -> None:
        await disputed(services, NOW_MS)
        async with services.database.writing() as connection:
            for table, columns in ((orders, ("opened_ms", "closed_ms")), (claim, ("opened_ms",))):
                await connection.execute(table.update().values(dict.fromkeys(columns, 2**52)))
            await connection.execute(issue.update().values(final_ms=2**52))
        async with services.database.reading() as connection:
            assert [case.opened_ms for case in await open_cases(connection, NOW_MS)] == [2**52]
            assert (await overview(connection, [], office.now))[0].sums.orders_today == 0
        assert "시각 알 수 없음" in Reading((await Visitor(services).get("/")).text).text

    office.story(tell)
    data = ["--data", str(office.folder.data)]
    listed = CliRunner().invoke(app, ["cases", "list", *data])
    assert (listed.exit_code, listed.output.split()[1]) == (0, "?"), listed.output
    resolved = CliRunner().invoke(app, ["cases", "resolve", "1", "--as", "void", "--why", "seen", *data])
    assert resolved.exit_code == 0, resolved.output


@given(st.integers(-(2**63), 2**63 - 1), st.integers(0, 2**45))
def test_what_central_goes_by_lies_in_the_days_around_the_receipt(told_ms: int, received_ms: int) -> None:
    believed = believed_ms(told_ms, received_ms)
    assert -EARLY_DAYS * DAY_MS <= believed - received_ms <= LATE_DAYS * DAY_MS
    assert believed == (told_ms if plausible(told_ms, received_ms) else received_ms)
    assert believed_ms(believed, received_ms) == believed


@given(st.integers(-(2**70), 2**70))
def test_every_number_is_a_moment_or_none(ms: int) -> None:
    moment = moment_of(ms)
    assert moment is None or abs(to_ms(moment) - ms) <= 1
    assert written(ms, "%Y-%m-%d %H:%M")


def test_a_newer_machines_codes_do_not_keep_its_heartbeat_out(office: Office) -> None:
    async def tell(services: Services) -> None:
        device = {"device": "flux", "state": "humming", "reasons": [{"code": "flux-low", "severity": "dire"}]}
        plain = msgspec.to_builtins(beat(office, state="dreaming"))
        plain |= {
            "devices": [device],
            "types": [
                {"type_code": "land", "sellable": True},
                {"type_code": "moon", "sellable": False, "reason": "eclipse"},
            ],
        }
        await services.heartbeats.take(arrived(plain))
        text = Reading((await Visitor(services).get("/")).text).text
        for said in ("flux", "flux-low", "dreaming", "moon", "eclipse"):
            assert f"알 수 없음({said})" in text

    office.story(tell)
