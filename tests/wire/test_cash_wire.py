"""Coins and payouts over a real pty at 9600 baud: what the driver claims is what physically happened."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from drivers.cash.bus import CashBus, Fitting, Fittings
from drivers.contract import (
    BookCredit,
    CashReading,
    Collect,
    Credited,
    CreditsLost,
    DeviceState,
    Dispense,
    ErrorCode,
    Outcome,
    PaidOut,
    ReadCash,
    ReasonCode,
    Resume,
    StopCollect,
)
from tests.wire.desk import Desk, Served, path_of, served

# From the gate, where a coin is accepted, to its event in the simulated acceptor.
TO_EVENT_S = 0.06


@pytest.fixture
def cash(desk: Desk) -> Iterator[Served]:
    with served(lambda emit: CashBus(path_of(desk.run, "cash"), emit)) as bus:
        assert bus.run(Resume, deadline_ms=8_000).outcome is Outcome.DONE
        yield bus


def credited(cash: Served, count: int) -> None:
    """Wait until so many coins have been credited."""
    cash.wait(lambda _event: len(cash.told(Credited)) >= count or None)


def total(coins: list[dict[str, Any]]) -> int:
    return sum(coin["value"] for coin in coins)


def test_coins_of_a_visit_are_credited_stopped_and_changed(desk: Desk, cash: Served) -> None:
    assert desk.do("coin", value=500)["coin"] == "rejected", "nobody collects yet"
    assert cash.run(Collect, denominations=(100, 500)).outcome is Outcome.DONE
    assert desk.do("coin", value=50)["coin"] == "rejected"
    for value in (500, 100, 100):
        assert desk.do("coin", value=value)["coin"] == "accepted"
    end = cash.run(StopCollect)
    assert [event.value for event in cash.told(Credited)] == [500, 100, 100]
    assert isinstance(end.result, CashReading)
    assert end.result.accepted == 3
    assert desk.do("coin", value=500)["coin"] == "rejected"
    paid = cash.run(Dispense, key="change", count=2, deadline_ms=10_000)
    assert isinstance(paid.result, PaidOut)
    assert (paid.outcome, paid.result.paid, paid.result.unpaid) == (Outcome.DONE, 2, 0)
    truth = desk.truth()
    assert (total(truth["coins_in"]), total(truth["coins_out"])) == (700, 200)


def test_coins_are_taken_and_credited_while_no_neighbour_answers(desk: Desk) -> None:
    """The acceptor closes when it is not asked for a second; `make bench` has the bar in ms."""
    for device in ("hopper", "note"):
        desk.do("unplug", device=device)
    fittings = Fittings(
        hoppers=(Fitting(), Fitting()), validator=Fitting()
    )  # there is no second hopper on this desk
    with served(lambda emit: CashBus(path_of(desk.run, "cash"), emit, None, fittings)) as bus:
        assert bus.run(Resume, deadline_ms=8_000).outcome is Outcome.DONE
        assert bus.run(Collect, denominations=(100, 500), notes=(1_000,)).outcome is Outcome.DONE
        waited_s = []
        for number in range(1, 21):
            assert desk.do("coin", value=500)["coin"] == "accepted"
            began = time.monotonic()
            credited(bus, number)
            waited_s.append(time.monotonic() - began - TO_EVENT_S)
        assert sorted(waited_s)[len(waited_s) // 2] <= 0.15


def test_when_core_goes_the_next_coin_is_given_back(desk: Desk, cash: Served) -> None:
    cash.run(Collect, denominations=(500,))
    cash.runner.call(cash.runner.bus.core_gone)
    cash.wait_state("coin", DeviceState.READY, since=len(cash.events))
    assert desk.do("coin", value=500)["coin"] == "rejected"


def test_a_new_process_recovers_the_coin_that_the_old_one_had_not_booked(desk: Desk, cash: Served) -> None:
    cash.run(Collect, denominations=(100, 500))
    desk.do("coin", value=500)
    first = cash.wait_for(Credited)
    cash.run(BookCredit, position=first.position)
    desk.do("coin", value=100)
    cash.wait_for(Credited, value=100)
    cash.close()
    with served(lambda emit: CashBus(path_of(desk.run, "cash"), emit)) as fresh:
        assert fresh.run(Resume, position=first.position, deadline_ms=10_000).outcome is Outcome.DONE
        (recovered,) = fresh.told(Credited)
        assert (recovered.value, recovered.recovered) == (100, True)


def test_a_credit_that_a_power_cut_took_is_counted_as_lost(desk: Desk, cash: Served) -> None:
    cash.run(Collect, denominations=(500,))
    desk.do("coin", value=500)
    cash.wait_for(Credited)
    desk.do("fault", device="coin", fault="power-loss-with-credit", value=500)
    desk.do("power", up=True)
    assert cash.wait_for(CreditsLost).count == 1
    assert len(desk.truth()["coins_in"]) == 2
    assert len(cash.told(Credited)) == 1


@pytest.mark.parametrize("plugs", [("coin", "hopper"), ("cash",)], ids=["each device", "the bus"])
def test_unplugged_and_plugged_again(desk: Desk, cash: Served, plugs: tuple[str, ...]) -> None:
    before = len(cash.events)
    for plug in plugs:
        desk.do("unplug", device=plug)
    for name in ("coin", "hopper"):
        status = cash.wait_state(name, DeviceState.ABSENT, since=before)
        assert {r.code for r in status.reasons} <= {ReasonCode.UNPLUGGED, ReasonCode.SILENT}
    before = len(cash.events)
    for plug in plugs:
        desk.do("plug", device=plug)
    for name in ("coin", "hopper"):
        cash.wait_state(name, DeviceState.READY, since=before)
    assert cash.run(ReadCash).outcome is Outcome.DONE


@pytest.mark.parametrize("fault", ["lose-reply", "lose-request"])
def test_a_lost_payout_message_is_resolved_by_the_counters(desk: Desk, cash: Served, fault: str) -> None:
    desk.do("fault", device="hopper", fault=fault)
    end = cash.run(Dispense, key="k", count=2, deadline_ms=10_000)
    out = len(desk.truth()["coins_out"])
    assert (end.outcome, out) == ((Outcome.DONE, 2) if fault == "lose-reply" else (Outcome.NOT_DONE, 0))


def test_a_power_cut_in_mid_payout_ends_with_the_physical_number(desk: Desk, cash: Served) -> None:
    cash.give(Dispense(request="pay", key="k", count=8, deadline_ms=15_000))
    cash.wait(lambda event: event if getattr(event, "paid", 0) >= 2 else None)
    desk.do("power", up=False)
    desk.do("power", up=True)
    end = cash.end_of("pay")
    assert isinstance(end.result, PaidOut)
    assert (end.outcome, end.code) == (Outcome.DONE, ErrorCode.RESET)
    assert end.result.paid == len(desk.truth()["coins_out"])


def test_an_empty_hopper_and_its_refill_show_in_the_state(desk: Desk, cash: Served) -> None:
    desk.do("hopper", coins=1)
    end = cash.run(Dispense, key="k", count=3, deadline_ms=10_000)
    assert (end.outcome, end.code) == (Outcome.DONE, ErrorCode.EMPTY)
    cash.wait_state("hopper", DeviceState.BLOCKED)
    before = len(cash.events)
    desk.do("hopper", coins=60)
    cash.wait_state("hopper", DeviceState.READY, since=before)


def test_on_a_noisy_line_every_coin_is_accounted_for(desk: Desk, cash: Served) -> None:
    cash.run(Collect, denominations=(500,))
    desk.do("fault", device="cash", fault="flip", rate=0.004)
    accepted = sum(desk.do("coin", value=500)["coin"] == "accepted" for _coin in range(12))
    desk.do("fault", device="cash", fault="none")
    end = cash.run(StopCollect, deadline_ms=10_000)
    assert end.outcome is Outcome.DONE
    lost = sum(event.count for event in cash.told(CreditsLost))
    assert len(cash.told(Credited)) + lost == accepted == len(desk.truth()["coins_in"])


def test_another_acceptor_is_refused_until_core_resumes(desk: Desk, cash: Served) -> None:
    before = len(cash.events)
    desk.do("unplug", device="coin")
    cash.wait_state("coin", DeviceState.ABSENT, since=before)
    desk.do("fault", device="coin", fault="serial", serial=77)
    desk.do("plug", device="coin")
    assert cash.wait_state("coin", DeviceState.FAULT, since=before).identity.serial == "77"
    assert cash.run(Collect, denominations=(500,)).outcome is Outcome.NOT_DONE
    assert cash.run(Resume, position=None).outcome is Outcome.DONE
    assert cash.run(Collect, denominations=(500,)).outcome is Outcome.DONE
