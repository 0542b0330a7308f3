"""What the fleet page and the alarms say of machines' ledgers: room, second copies, days that differ, rebuilds."""

import msgspec
import pytest

from central.fleet.overview import COPY_LATE_S, _troubles
from central.services import Services
from central.store.schema import alarm
from central.vocabulary.alarms import ALARMS
from central.vocabulary.devices import DEVICES
from central.vocabulary.reasons import REASONS as WHY
from kiosk.protocol.central import Heartbeat
from kiosk.protocol.journal import DayClosed, DayMoney, LedgerRebuilt
from tests.unit.central.office import KIOSK, Journal, Office, all_rows, arrived

BEAT = Heartbeat("K", 1, "b", 10**6, "ready", "0", "", "", (), (), {}, 0, 0, 0, "0" * 64)


@pytest.mark.parametrize(
    ("counters", "said"),
    [
        ({}, []),
        ({"room-low": 0, "copy-failed": 0, "copy-age-s": 3_600}, []),
        ({"room-low": 1}, ["no-room"]),
        ({"copy-failed": 1, "copy-age-s": 3_600}, ["copy-failed"]),
        ({"copy-age-s": COPY_LATE_S + 1}, ["copy-late"]),
        ({"copy-age-s": -1}, ["copy-never"]),
    ],
)
def test_what_ails_a_ledger_stands_beside_what_ails_devices(
    counters: dict[str, int], said: list[str]
) -> None:
    found = _troubles(arrived(msgspec.structs.replace(BEAT, counters=counters)))
    assert [(trouble.device, trouble.reason) for trouble in found] == [("ledger", reason) for reason in said]
    assert all(reason in WHY for reason in said)
    assert "ledger" in DEVICES


def test_a_machine_that_has_just_been_switched_on_is_given_its_two_nights() -> None:
    young = msgspec.structs.replace(BEAT, uptime_s=60, counters={"copy-age-s": -1})
    assert _troubles(arrived(young)) == ()


def closed(number: int, *, differs: bool) -> DayClosed:
    return DayClosed(
        date="2026-11-23",
        number=number,
        first=1,
        last=9,
        orders=0,
        claims=0,
        open_claims=0,
        money=DayMoney(0, 0, 0, 0, 0, 0),
        lines=(),
        since_ms=0,
        until_ms=1,
        differs=differs,
        by="hour",
    )


def test_a_day_that_differs_and_a_rebuilt_ledger_raise_an_alarm_and_a_day_that_agrees_none(
    office: Office,
) -> None:
    async def tell(services: Services) -> None:
        journal = Journal()
        rows = (
            journal.of(closed(6, differs=False)),
            journal.of(closed(7, differs=True)),
            journal.of(LedgerRebuilt("copy", copied=5, central=5, told=8, missing=3, unproved=())),
        )
        await services.journals.take(KIOSK, rows)
        raised = {(row["code"], row["subject"]) for row in await all_rows(services, alarm)}
        assert raised == {("day-differs", "close 7"), ("ledger-rebuilt", "missing 3")}
        assert {code for code, _ in raised} <= set(ALARMS)

    office.story(tell)
