"""The payment terminal's driver against its twin in virtual time: what it claims is what the bank knows."""

import pytest

from drivers.card_terminal.bus import TerminalBus
from drivers.contract import (
    Authorise,
    Capture,
    CardPrompt,
    CardReserved,
    Completed,
    DeviceState,
    ErrorCode,
    Outcome,
    ReadTerminal,
    Reverse,
    StopCard,
    TerminalReading,
)
from simulators.card_terminal import CARD_NUMBER, Act
from tests.unit.drivers.terminal_far_end import Cable
from tests.unit.drivers.virtual import Clockwork

LONG_MS = 90_000


class Shop:
    """A driver, a cable, a terminal, and somebody with a card who holds it to the terminal when asked (`hand`)."""

    def __init__(self, hand: str = "good") -> None:
        self.clockwork = Clockwork()
        self.cable = Cable(self.clockwork)
        self.hand = hand
        self.clockwork.bus = TerminalBus("192.0.2.1:1", self.clockwork.emit, open_port=self.cable.open)
        self.clockwork.until(lambda: self.status() is DeviceState.READY, 10)
        self.cable.carried = 0

    def status(self) -> DeviceState:
        assert self.clockwork.bus is not None
        return self.clockwork.bus.statuses()[0].state

    def authorise(self, amount: int = 1_500, deadline_ms: int = LONG_MS) -> Completed:
        request = self.clockwork.start(Authorise, key="O-c1", amount=amount, deadline_ms=deadline_ms)
        return self.end(request)

    def end(self, request: str) -> Completed:
        self.clockwork.until(lambda: self._over(request), 200)
        end = self.clockwork.end_of(request)
        assert end is not None
        return end

    def _over(self, request: str) -> bool:
        self.hold_card()
        return self.clockwork.end_of(request) is not None

    def hold_card(self) -> str:
        """The card to the terminal, if it waits for one and there is one; its stage then."""
        twin = self.cable.twin
        if twin.stage == "card" and self.hand in ("good", "declined"):
            twin.present(self.hand == "good")
        return twin.stage

    def at_rest(self) -> TerminalReading:
        """What the terminal holds once it has nothing under way any more."""
        self.clockwork.pass_time(70)
        for _ in range(50):
            result = self.clockwork.run(ReadTerminal).result
            if isinstance(result, TerminalReading) and not result.busy:
                return result
            self.clockwork.pass_time(1)
        raise AssertionError("the terminal never rests")

    def reserved(self) -> int:
        end = self.authorise()
        assert isinstance(end.result, CardReserved)
        return end.result.receipt


def claimed_is_true(end: Completed, *, happened: bool) -> None:
    assert end.outcome is Outcome.UNKNOWN or (end.outcome is Outcome.DONE) == happened, end


def dialogue_bytes() -> int:
    shop = Shop()
    shop.authorise()
    return shop.cable.carried


@pytest.mark.parametrize("way", ["to_kiosk", "to_terminal"])
def test_a_cable_cut_after_any_byte_of_a_reservation_never_leads_to_a_false_claim(way: str) -> None:
    for count in range(1, dialogue_bytes() + 1 if way == "to_kiosk" else 60):
        shop = Shop()
        setattr(shop.cable, way, count)
        end = shop.authorise()
        held = shop.at_rest().open
        claimed_is_true(end, happened=bool(held))
        assert len(held) == len(shop.cable.cards) <= 1


@pytest.mark.parametrize("kind", [Capture, Reverse])
@pytest.mark.parametrize("way", ["to_kiosk", "to_terminal"])
def test_a_cable_cut_after_any_byte_of_a_booking_never_leads_to_a_false_claim(way: str, kind: type) -> None:
    sums = {"reserved": 1_500, "amount": 500} if kind is Capture else {}
    for count in range(1, 120 if way == "to_kiosk" else 40, 3):
        shop = Shop()
        receipt = shop.reserved()
        setattr(shop.cable, way, count)
        end = shop.clockwork.run(kind, key="O-c1", receipt=receipt, **sums, deadline_ms=20_000)
        still = shop.at_rest().open
        claimed_is_true(end, happened=not still)
        (money,) = shop.cable.cards
        assert money.open == bool(still)
        assert money.captured == (0 if still or kind is Reverse else 500)


@pytest.mark.parametrize("stage", ["card", "bank"])
def test_a_terminal_that_loses_its_power_proves_nothing_and_holds_nothing(stage: str) -> None:
    shop = Shop(hand="none" if stage == "card" else "good")
    request = shop.clockwork.start(Authorise, key="O-c1", amount=500, deadline_ms=LONG_MS)
    shop.clockwork.until(lambda: shop.hold_card() == stage, 20)
    shop.cable.twin.power(False)
    assert shop.end(request).outcome is Outcome.UNKNOWN
    shop.clockwork.pass_time(5)
    assert shop.status() is DeviceState.ABSENT
    shop.cable.twin.power(True)
    assert shop.at_rest().open == ()


def test_what_was_reserved_before_the_power_went_is_remembered_after_it() -> None:
    shop = Shop()
    receipt = shop.reserved()
    shop.cable.twin.power(False)
    shop.clockwork.pass_time(5)
    shop.cable.twin.power(True)
    assert shop.at_rest().open == (receipt,)


def test_while_it_is_still_at_it_the_memory_says_nothing_and_then_what_came_of_it() -> None:
    shop = Shop()
    shop.cable.twin.lose[Act.RESERVE] = (1, 5.0)
    assert shop.authorise().outcome is Outcome.UNKNOWN
    early = shop.clockwork.run(ReadTerminal)
    assert not isinstance(early.result, TerminalReading) or early.result.busy
    assert len(shop.at_rest().open) == 1


def test_nobody_comes_with_a_card_and_it_is_told_in_time() -> None:
    shop = Shop(hand="none")
    began = shop.clockwork.now
    end = shop.authorise(deadline_ms=40_000)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.CANCELLED)
    assert shop.clockwork.now - began < 40
    assert shop.cable.twin.stage == "idle"


def test_a_waiting_that_an_earlier_process_left_behind_can_be_ended() -> None:
    shop = Shop(hand="none")
    shop.clockwork.start(Authorise, key="O-c1", amount=500, deadline_ms=LONG_MS)
    shop.clockwork.until(lambda: shop.cable.twin.stage == "card", 10)
    shop.clockwork.bus = TerminalBus("192.0.2.1:1", shop.clockwork.emit, open_port=shop.cable.open)
    shop.clockwork.pass_time(2)
    assert shop.clockwork.run(StopCard, key="O-c1").outcome is Outcome.DONE
    assert shop.cable.twin.stage == "idle"


def test_a_silent_terminal_is_unknown_at_the_deadline_and_absent() -> None:
    shop = Shop()
    shop.cable.twin.hung = True
    end = shop.authorise(deadline_ms=20_000)
    assert end.outcome is Outcome.UNKNOWN
    shop.clockwork.pass_time(15)
    assert shop.status() is DeviceState.ABSENT
    shop.cable.twin.hung = False
    shop.clockwork.until(lambda: shop.status() is DeviceState.READY, 30)


def test_another_terminal_is_another_epoch() -> None:
    shop = Shop()
    shop.cable.twin.memory.keep(terminal=11_111_111)
    shop.cable.plugged = False
    shop.clockwork.pass_time(7)
    shop.cable.plugged = True
    shop.clockwork.pass_time(10)
    assert shop.clockwork.bus is not None
    (status,) = shop.clockwork.bus.statuses()
    assert (status.epoch, status.identity.serial) == (1, "11111111")


def test_it_is_told_what_the_terminal_asks_of_the_citizen() -> None:
    shop = Shop()
    shop.authorise()
    assert [one.prompt for one in shop.clockwork.of(CardPrompt)] == ["present", "wait", "remove"]


def test_nothing_that_leaves_the_driver_names_the_card() -> None:
    shop = Shop()
    receipt = shop.reserved()
    shop.clockwork.run(Capture, key="O-c1", receipt=receipt, reserved=1_500, amount=1_500)
    told = repr(shop.clockwork.told)
    assert str(receipt) in told
    for trace in (CARD_NUMBER, CARD_NUMBER[-4:], "KARTE", "Mastercard"):
        assert trace not in told
