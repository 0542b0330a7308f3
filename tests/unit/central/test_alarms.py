"""Alarms are kept one by one as far as somebody can look at them, and counted beyond that: none is ever lost."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.alarms import MOST, raise_alarm
from central.fleet.overview import overview
from central.services import Services
from central.store.schema import alarm
from central.vocabulary.alarms import EARLIER, Alarm
from tests.unit.central.office import KIOSK, Journal, Office, all_rows
from tests.unit.central.visitor import Reading, Visitor


async def raised(services: Services, kiosk: str, subjects: list[str], start: int = 1) -> None:
    """An alarm about each of these, one a millisecond."""
    for at_ms, subject in enumerate(subjects, start):
        async with services.database.writing() as connection:
            await raise_alarm(connection, kiosk, Alarm.SURPLUS, subject, at_ms)


def test_of_one_machine_and_kind_the_newest_are_kept_and_those_before_them_counted(office: Office) -> None:
    async def tell(services: Services) -> None:
        await raised(services, "other", ["a"])
        await raised(services, KIOSK, [f"s{number}" for number in range(MOST + 30)])
        await raised(services, KIOSK, ["s40"], 1_000)
        mine = {row["subject"]: row for row in await all_rows(services, alarm) if row["kiosk"] == KIOSK}
        assert set(mine) == {EARLIER, *(f"s{number}" for number in range(30, MOST + 30))}
        assert (mine[EARLIER]["times"], mine["s40"]["times"]) == (30, 2)
        assert (mine[EARLIER]["first_ms"], mine[EARLIER]["last_ms"]) == (1, 30)
        assert [row["subject"] for row in await all_rows(services, alarm) if row["kiosk"] == "other"] == ["a"]
        assert (
            "그 전의 것 모두" not in Reading((await Visitor(services).get("/")).text).text
        )  # not among the newest

    office.story(tell)


def test_a_store_with_more_of_an_older_central_is_brought_to_the_bound_by_the_next(office: Office) -> None:
    async def tell(services: Services) -> None:
        row = {"kiosk": KIOSK, "code": "surplus", "first_ms": 1, "last_ms": 2, "times": 3}
        async with services.database.writing() as connection:
            await connection.execute(alarm.insert(), [{**row, "subject": f"s{n}"} for n in range(1_000)])
        await raised(services, KIOSK, ["new"], 5)
        rows = await all_rows(services, alarm)
        assert len(rows) == MOST + 1
        assert sum(row["times"] for row in rows) == 3_001

    office.story(tell)


def test_a_machine_whose_journal_raises_an_alarm_a_row_fills_nothing(office: Office) -> None:
    async def tell(services: Services) -> None:
        journal = Journal()
        rows = tuple(journal.row("surplus", {"what": f"w{number}"}) for number in range(400))
        assert await services.journals.take(KIOSK, rows) == 400
        assert len(await all_rows(services, alarm)) == MOST + 1
        async with services.database.reading() as connection:
            assert sum(line.times for line in (await overview(connection, [], office.now))[0].alarms) == 400

    office.story(tell)


@settings(max_examples=10)
@given(subjects=st.lists(st.sampled_from([EARLIER, *"abcd"]) | st.text(max_size=3), max_size=MOST * 2))
def test_whatever_they_are_about_each_is_counted_once(
    small_town: Path, tmp_path_factory: pytest.TempPathFactory, subjects: list[str]
) -> None:
    office = Office(small_town, tmp_path_factory.mktemp("alarms") / "data")

    async def tell(services: Services) -> None:
        await raised(services, KIOSK, subjects)
        rows = await all_rows(services, alarm)
        assert len(rows) <= MOST + 1
        assert sum(row["times"] for row in rows) == len(subjects)

    office.story(tell)
