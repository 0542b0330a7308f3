"""Silence is the alarm: what central knows of a machine, and what it makes of not hearing from it."""

from typing import Any

import msgspec
import pytest

from central.authority.keys import enrol
from central.clock import to_ms
from central.fleet.beat import Beat, BeatDevice, BeatReason, BeatType
from central.fleet.overview import MachineLine, overview
from central.fleet.status import Silence, silence
from central.services import Services
from central.store.schema import alarm, machine
from central.vocabulary.devices import DEVICES
from central.vocabulary.reasons import FAULTS
from central.vocabulary.reasons import REASONS as WHY
from drivers.contract import DeviceState, Identity, Reason, ReasonCode, Severity, Status
from kiosk.protocol.central import Heartbeat, TypeHealth
from tests.unit.central.office import KIOSK, Journal, Office, all_rows, arrived
from tests.unit.central.visitor import Visitor


def beat(office: Office, **other: Any) -> Beat:
    """A heartbeat of a machine that is well."""
    return arrived(
        msgspec.structs.replace(
            Heartbeat(
                kiosk=KIOSK,
                at_ms=to_ms(office.now),
                boot="b1",
                uptime_s=60,
                state="ready",
                version="0.1.0",
                catalogue="",
                templates="",
                devices=(Status("printer", DeviceState.READY, counters={"sheets": 12, "tray": 180}),),
                types=(TypeHealth("land", True), TypeHealth("forest", True)),
                counters={"hopper": 55},
                outbox=0,
                oldest_outbox_s=0,
                journal_seq=0,
                journal_head="0" * 64,
            ),
            **other,
        )
    )


async def line_of(services: Services, office: Office, kiosk: str = KIOSK) -> MachineLine:
    async with services.database.reading() as connection:
        lines = await overview(connection, [], office.now)
    return next(line for line in lines if line.kiosk == kiosk)


@pytest.mark.parametrize(
    ("age_s", "verdict"),
    [
        (None, Silence.NEVER),
        (0, Silence.ALIVE),
        (90, Silence.ALIVE),
        (91, Silence.GREY),
        (300, Silence.GREY),
        (301, Silence.LATE),
        (3_600, Silence.LATE),
        (3_601, Silence.SILENT),
    ],
)
def test_silence_grows_in_four_steps(age_s: float | None, verdict: Silence) -> None:
    assert silence(age_s) is verdict


def test_the_last_heartbeat_is_the_machines_state_and_the_reply_tells_the_time(office: Office) -> None:
    async def tell(services: Services) -> None:
        reply = await services.heartbeats.take(beat(office))
        assert reply.server_time_ms == to_ms(office.now)
        office.later(seconds=30)
        await services.heartbeats.take(beat(office, outbox=4))
        line = await line_of(services, office)
        assert (line.silence, line.age_s, line.alive_s) == (Silence.ALIVE, 0, 30)
        assert (line.sheets, line.coins, line.beat and line.beat.outbox) == (180, 55, 4)

    office.story(tell)


def test_after_a_silence_the_machine_is_alive_since_it_came_back(office: Office) -> None:
    async def tell(services: Services) -> None:
        await services.heartbeats.take(beat(office))
        office.later(minutes=10)
        assert (await line_of(services, office)).silence is Silence.LATE
        await services.heartbeats.take(beat(office))
        office.later(seconds=20)
        line = await line_of(services, office)
        assert (line.silence, line.alive_s) == (Silence.ALIVE, 0)

    office.story(tell)


def test_the_table_says_what_cannot_be_sold_and_which_device_is_ill(office: Office) -> None:
    async def tell(services: Services) -> None:
        reason = Reason(ReasonCode.PAPER_OUT, Severity.ERROR)
        ill = Status("printer", DeviceState.BLOCKED, reasons=(reason,), counters={"tray": 0})
        types = (TypeHealth("land", False, "paper-out"), TypeHealth("forest", True))
        await services.heartbeats.take(beat(office, devices=(ill,), types=types, state="ready-degraded"))
        line = await line_of(services, office)
        assert [(kind.type_code, kind.reason) for kind in line.unsellable] == [("land", "paper-out")]
        assert [(trouble.device, trouble.reason) for trouble in line.troubles] == [("printer", "paper-out")]
        assert line.sheets == 0

    office.story(tell)


def test_below_the_table_stands_what_to_do_about_each_fault_in_it(office: Office) -> None:
    async def tell(services: Services) -> None:
        reason = Reason(ReasonCode.COIN_JAM, Severity.ERROR)
        ill = Status("coin", DeviceState.BLOCKED, reasons=(reason,))
        stuck = Status(
            "presenter", DeviceState.BLOCKED
        )  # a state is no reason: nothing is known to do about it
        types = (TypeHealth("land", False, "cash-down"), TypeHealth("forest", False, "of-a-newer-machine"))
        await services.heartbeats.take(beat(office, devices=(ill, stuck), types=types))
        page = (await Visitor(services).get("/")).text
        for code, fault in FAULTS.items():
            assert (fault.remedy.ko in page) is (code in ("coin-jam", "cash-down")), code

    office.story(tell)


@pytest.mark.parametrize("code", [ReasonCode.ON_BATTERY, ReasonCode.BATTERY_LOW, ReasonCode.SILENT])
def test_what_the_machine_runs_on_is_in_the_table_in_words(office: Office, code: ReasonCode) -> None:
    async def tell(services: Services) -> None:
        ill = Status("ups", DeviceState.DEGRADED, (Reason(code, Severity.WARN),), counters={"charge": 40})
        await services.heartbeats.take(beat(office, devices=(ill,), state="out-of-service"))
        line = await line_of(services, office)
        assert [(trouble.device, trouble.reason) for trouble in line.troubles] == [("ups", code.value)]

    office.story(tell)
    assert code.value in WHY
    assert "ups" in DEVICES


def test_a_clock_that_is_off_is_shown(office: Office) -> None:
    async def tell(services: Services) -> None:
        await services.heartbeats.take(beat(office, at_ms=to_ms(office.now) - 45_000))
        assert (await line_of(services, office)).clock_off_s == -45

    office.story(tell)


def test_an_enrolled_machine_that_never_spoke_is_in_the_table_and_silent_ones_come_first(
    office: Office,
) -> None:
    enrol(office.folder, "YDP-0002", office.folder.data / "pki", office.now)

    async def tell(services: Services) -> None:
        await services.heartbeats.take(beat(office, kiosk="OLD"))
        office.later(hours=2)
        await services.heartbeats.take(beat(office))
        async with services.database.reading() as connection:
            lines = await overview(connection, ["YDP-0002"], office.now)
        assert [(line.kiosk, line.silence) for line in lines] == [
            ("OLD", Silence.SILENT),
            (KIOSK, Silence.ALIVE),
            ("YDP-0002", Silence.NEVER),
        ]

    office.story(tell)


def test_a_journal_that_went_back_or_was_rewritten_is_an_alarm(office: Office) -> None:
    async def tell(services: Services) -> None:
        journal = Journal()
        rows = tuple(journal.row("boot", {"n": number}) for number in range(3))
        await services.journals.take(KIOSK, rows)
        await services.heartbeats.take(beat(office, journal_seq=3, journal_head=rows[2].hash))
        await services.heartbeats.take(beat(office, journal_seq=9, journal_head="a" * 64))
        assert await all_rows(services, alarm) == []
        await services.heartbeats.take(beat(office, journal_seq=2, journal_head=rows[1].hash))
        await services.heartbeats.take(beat(office, journal_seq=3, journal_head="b" * 64))
        assert [(row["code"], row["subject"]) for row in await all_rows(services, alarm)] == [
            ("journal-back", "seq 2"),
            ("journal-back", "seq 3"),
        ]

    office.story(tell)


@pytest.mark.parametrize("seq", [-1, 2**60, 2**70])
def test_a_journal_head_that_cannot_be_is_unknown_and_the_heartbeat_is_taken(
    office: Office, seq: int
) -> None:
    async def tell(services: Services) -> None:
        await services.heartbeats.take(beat(office, journal_seq=7))
        office.later(minutes=10)
        await services.heartbeats.take(beat(office, journal_seq=seq))
        assert (await line_of(services, office)).silence is Silence.ALIVE
        assert [row["journal_seq"] for row in await all_rows(services, machine)] == [7]
        assert await all_rows(services, alarm) == []

    office.story(tell)


def test_central_reads_every_field_that_a_machine_tells_and_keeps_all_of_it() -> None:
    identity = Identity("maker", "model", "serial", "1.0")
    reasons = (Reason(ReasonCode.PAPER_LOW, Severity.WARN, "tray 1"),)
    device = Status("printer", DeviceState.DEGRADED, reasons, identity, {"tray": 3}, frozenset({"fence"}), 7)
    types = (TypeHealth("land", False, "paper-out"),)
    told = Heartbeat("K", 1, "b", 2, "ready", "v", "c", "t", (device,), types, {"hopper": 4}, 5, 6, 8, "h")
    assert msgspec.json.decode(msgspec.json.encode(arrived(told))) == msgspec.json.decode(
        msgspec.json.encode(told)
    )
    assert set(Beat.__struct_fields__) == set(Heartbeat.__struct_fields__)
    assert set(BeatDevice.__struct_fields__) == set(Status.__struct_fields__)
    assert set(BeatType.__struct_fields__) == set(TypeHealth.__struct_fields__)
    assert set(BeatReason.__struct_fields__) == set(Reason.__struct_fields__)
