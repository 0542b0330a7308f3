"""What can be sold this minute, and the reason in a citizen's words when it can't."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import USABLE, DeviceState, Reason, ReasonCode, Severity, Status
from kiosk.catalogue.catalogue import Catalogue, Fee
from kiosk.health.cash import CashLevels
from kiosk.health.health import (
    WORKER_SILENT,
    WORKER_STARTING,
    Ailment,
    Health,
    MachineState,
    device_reason,
    health,
)
from kiosk.order.change import CashMode
from kiosk.protocol.certificates import Hours
from kiosk.words.words import LANGUAGES, load
from tests.unit.visit.walk import CASH, by_card, catalogue

NOON = 12 * 60
DEVICES = ("printer", "presenter", "coin", "hopper", "receipt")


def statuses(**changed: Status | None) -> dict[str, Status]:
    every = {name: Status(name, DeviceState.READY) for name in DEVICES}
    for name, status in changed.items():
        if status is None:
            del every[name]
        else:
            every[name] = status
    return every


def blocked(device: str, code: ReasonCode) -> Status:
    return Status(device, DeviceState.BLOCKED, (Reason(code, Severity.ERROR),))


def judged(
    found: dict[str, Status] | None = None,
    *,
    online: bool = True,
    worker: Ailment | None = None,
    starting: tuple[Ailment, ...] = (),
    besides: tuple[Ailment, ...] = (),
    cash: CashLevels | None = CASH,
    minute: int = NOON,
    of: Catalogue | None = None,
) -> Health:
    return health(
        of or catalogue(),
        statuses() if found is None else found,
        online=online,
        starting=starting,
        besides=(*(() if worker is None else (worker,)), *besides),
        cash=cash,
        minute=minute,
    )


def test_a_machine_that_lacks_nothing_is_ready() -> None:
    found = judged()
    assert found.state is MachineState.READY
    assert all(kind.sellable and not kind.reason for kind in found.types)
    assert found.ailments == ()


@pytest.mark.parametrize(
    ("device", "code", "reason"),
    [
        ("printer", ReasonCode.PAPER_OUT, "paper-out"),
        ("printer", ReasonCode.PAPER_JAM, "paper-jam"),
        ("printer", ReasonCode.COVER_OPEN, "printer-down"),
        ("printer", ReasonCode.TONER_OUT, "toner-out"),
        ("presenter", ReasonCode.PAPER_IN_PATH, "presenter-down"),
        ("presenter", ReasonCode.BIN_FULL, "presenter-down"),
        ("coin", ReasonCode.COIN_JAM, "cash-down"),
        ("hopper", ReasonCode.HOPPER_EMPTY, "no-change"),
        ("hopper", ReasonCode.UNPLUGGED, "cash-down"),
    ],
)
def test_without_a_device_that_it_needs_nothing_is_sold(device: str, code: ReasonCode, reason: str) -> None:
    found = judged(statuses(**{device: blocked(device, code)}))
    assert found.state is MachineState.OUT_OF_SERVICE
    assert {kind.reason for kind in found.types} == {reason}
    assert found.ailments == (Ailment(device, code.value),)


def test_without_receipts_certificates_are_still_sold() -> None:
    found = judged(statuses(receipt=blocked("receipt", ReasonCode.PAPER_OUT)))
    assert found.state is MachineState.DEGRADED
    assert all(kind.sellable for kind in found.types)


@pytest.mark.parametrize(
    "card", [None, blocked("card", ReasonCode.UNPLUGGED)], ids=["never-heard-of", "unplugged"]
)
def test_without_a_card_reader_only_what_needs_no_card_is_sold(card: Status | None) -> None:
    found = judged(statuses(card=card) if card else statuses(), of=by_card())
    assert found.state is MachineState.DEGRADED
    by_reason = {kind.type_code: kind.reason for kind in found.types}
    assert by_reason == {
        kind.code: "no-reader" if kind.identification == "card" else "" for kind in by_card().types
    }
    assert (by_reason["land"], by_reason["resident-household"]) == ("", "no-reader")


def test_with_a_card_reader_everything_is_sold() -> None:
    found = judged(statuses(card=Status("card", DeviceState.READY)), of=by_card())
    assert found.state is MachineState.READY
    assert found.of("resident-household").sellable


def test_a_machine_built_without_a_card_reader_does_not_miss_it() -> None:
    assert judged(statuses(card=blocked("card", ReasonCode.UNPLUGGED))).state is MachineState.READY


def test_a_warning_does_not_stop_anything() -> None:
    low = Status("printer", DeviceState.DEGRADED, (Reason(ReasonCode.PAPER_LOW, Severity.WARN),))
    assert judged(statuses(printer=low)).state is MachineState.READY


def test_a_busy_device_is_a_working_device() -> None:
    assert judged(statuses(printer=Status("printer", DeviceState.BUSY))).state is MachineState.READY


def test_a_device_that_never_reported_is_not_trusted() -> None:
    found = judged(statuses(presenter=None))
    assert found.ailments == (Ailment("presenter", "silent"),)
    assert not found.of("land").sellable


def test_without_the_office_nothing_is_sold() -> None:
    assert judged(online=False).of("land").reason == "offline"


def test_without_a_worker_the_machine_is_still_getting_ready() -> None:
    assert judged(worker=WORKER_STARTING).of("land").reason == "starting"


def test_a_worker_that_does_not_come_for_longer_than_a_start_lasts_is_told_of() -> None:
    late = judged(worker=WORKER_SILENT)
    assert late.ailments == (Ailment("worker", "silent"),)
    assert late.of("land").reason == "worker-silent"


def test_a_closed_register_closes_its_own_types_only() -> None:
    land, forest = (kind for kind in catalogue().types if kind.code in ("land", "forest"))
    night = msgspec.structs.replace(forest, hours=Hours("09:00", "18:00"))
    found = judged(of=msgspec.structs.replace(catalogue(), types=(land, night)), minute=3 * 60)
    assert found.state is MachineState.DEGRADED
    assert [kind.reason for kind in found.types] == ["", "closed-hours"]


def test_no_money_is_asked_for_that_could_not_be_given_back() -> None:
    # 500 KRW: 400 in, a coin of 100 falls, and one more is past the gate: 600 KRW = 6 coins.
    enough = msgspec.structs.replace(CASH, hopper_coins=6)
    assert judged(cash=enough).of("land").sellable
    short = msgspec.structs.replace(CASH, hopper_coins=5)
    assert judged(cash=short).of("land").reason == "no-change"


def test_how_a_fee_can_be_paid_is_told_before_anybody_starts() -> None:
    def how(coins: int, **devices: Status | None) -> CashMode:
        levels = msgspec.structs.replace(CASH, hopper_coins=coins)
        return judged(statuses(**devices), cash=levels).cash_mode(500)

    assert (how(60), how(10), how(5)) == (CashMode.ANY, CashMode.EXACT, CashMode.NONE)
    assert how(60, coin=None) is CashMode.NONE
    assert judged(cash=None).cash_mode(500) is CashMode.NONE
    assert judged(cash=None).cash_mode(0) is CashMode.ANY


def test_a_validator_that_is_out_of_order_is_told_of_and_closes_nothing() -> None:
    found = judged(statuses(note=blocked("note", ReasonCode.STACKER_FULL)))
    assert found.ailments == (Ailment("note", "stacker-full"),)
    assert found.of("land").sellable


def test_until_the_coins_are_counted_the_whole_machine_only_wakes_up_for_as_long_as_a_start_lasts() -> None:
    counting = (Ailment("hopper", "starting"),)
    waking = judged(cash=None, starting=counting)
    assert waking.state is MachineState.OUT_OF_SERVICE
    assert {kind.reason for kind in waking.types} == {"starting"}
    assert (waking.ailments, waking.waking) == (counting, True)
    never = judged(cash=None)
    assert {kind.reason for kind in never.types} == {"cash-down"}
    assert (never.ailments, never.waking) == ((Ailment("hopper", "silent"),), False)


def test_a_free_type_needs_no_cash_at_all() -> None:
    free = tuple(msgspec.structs.replace(kind, fee=Fee(0)) for kind in catalogue().types)
    broken = statuses(coin=None, hopper=None)
    found = judged(broken, cash=None, of=msgspec.structs.replace(catalogue(), types=free))
    assert all(kind.sellable for kind in found.types)
    assert found.state is MachineState.DEGRADED


def test_a_type_that_is_not_in_the_catalogue_cannot_be_sold() -> None:
    assert not judged().of("no-such").sellable


def test_before_the_first_word_from_any_device_nothing_is_sold() -> None:
    assert Health().state is MachineState.OUT_OF_SERVICE
    assert not Health().of("land").sellable
    assert Health().affords(0)
    assert not Health().affords(500)


codes = st.sampled_from(ReasonCode)
reasons = st.builds(Reason, codes, st.sampled_from(Severity))
any_status = st.builds(
    lambda name, state, why: Status(name, state, tuple(why)),
    st.sampled_from(DEVICES),
    st.sampled_from(DeviceState),
    st.lists(reasons, max_size=3),
)


@given(
    st.lists(any_status, max_size=5),
    st.booleans(),
    st.sampled_from([None, WORKER_STARTING, WORKER_SILENT]),
    st.integers(0, 1439),
)
def test_what_is_not_sold_has_a_reason_that_can_be_said_and_what_is_sold_can_be_printed(
    found: list[Status], online: bool, worker: Ailment | None, minute: int
) -> None:
    by_name = {status.device: status for status in found}
    result = judged(by_name, online=online, worker=worker, minute=minute)
    for kind in result.types:
        assert kind.sellable is not bool(kind.reason)
        if kind.sellable:
            assert online
            assert worker is None
            assert all(by_name[name].state in USABLE for name in ("printer", "presenter", "coin", "hopper"))
        else:
            assert all(load(lang).has(f"why.{kind.reason}") for lang in LANGUAGES), kind.reason
    if result.state is MachineState.READY:
        assert not result.ailments


@given(any_status)
def test_a_device_has_a_reason_if_and_only_if_it_cannot_be_used(status: Status) -> None:
    assert bool(device_reason(status)) is (status.state not in USABLE)
