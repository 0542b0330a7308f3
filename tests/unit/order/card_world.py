"""The world of world.py with a payment terminal in it, that remembers reservations, charges and reversals by itself."""

from dataclasses import dataclass, field

from drivers.contract import CardReserved, Outcome, TerminalReading
from kiosk.order import collecting
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order.collecting import Payer
from kiosk.order.effects import Effect
from kiosk.order.model import Order
from kiosk.order.saga import Stage
from tests.unit.order.wires import POLICY, PowerCut
from tests.unit.order.world import World


@dataclass
class Reservation:
    """What the terminal holds of one payment; `open` until it is charged or given back."""

    reserved: int
    captured: int = 0
    reversed: int = 0
    open: bool = True


@dataclass
class CardWorld(World):
    """One life of a machine whose citizen pays by card.

    `terminal` is what it does with a card: approves, declines, or is "cancelled" at it. `loses` names the effects whose
    answer gets lost once each. `late_ms`: after a lost answer it is busy for so long before it has done the thing.
    `stranger`: reservations that were open before. `dead_after`: it answers nothing any more from that effect on, until
    `back_ms`. `choices`: what is pressed whenever the screen asks how to pay; then it is called off.
    """

    coins: tuple[int, ...] = ()
    means: tuple[str, ...] = ("card",)
    terminal: str = "approves"
    loses: tuple[str, ...] = ()
    late_ms: int = 0
    stranger: tuple[int, ...] = ()
    dead_after: str = ""
    back_ms: int = 60_000
    refuses_number: int = 0
    choices: tuple[str, ...] = ()
    cut_again_at: int | None = None

    reservations: dict[int, Reservation] = field(default_factory=dict)
    authorisations: int = 0
    receipt: int = 41
    busy_until: int = 0
    under_way: tuple[int, Effect] | None = None
    dead: bool = False
    asked_numbers: int = 0

    def serve(self) -> Order:
        for receipt in self.stranger:
            self.reservations[receipt] = Reservation(9_900)
        return super().serve()

    def begin(self) -> None:
        base = self.position() if "cash" in self.means else None
        payer = Payer(means=self.means)
        self.apply(collecting.begin("O", self._issues(), base, POLICY, self.now_ms, 0, payer))

    def do(self, effect: Effect) -> None:
        name = type(effect).__name__
        match effect:
            case order_effects.ReadTerminal(about):
                self._finish_late()
                if self._answers():
                    self.inbox.append(order_events.TerminalRead(self.reading(), about))
                else:
                    self.inbox.append(order_events.TerminalRead(None, about))
            case order_effects.Authorise() | order_effects.Capture() | order_effects.Reverse():
                self._tell(name, effect)
            case order_effects.StopCard():
                pass  # here a card has been answered as soon as it is asked for; there is no second answer to it
            case _:
                super().do(effect)

    def _citizen(self) -> None:
        """Money comes when it was said how."""

    def _hand(self) -> None:
        """At the screen: the ways to pay, one after the other, then enough of it. Then as ever."""
        super()._hand()
        stage = self.saga.stage if self.saga is not None else None
        if stage is Stage.CHOOSING:
            self._choose()
        elif stage is Stage.COLLECTING:
            if self.choices[:1] == ("card",):
                self._choose()
            else:
                for value in self.coins:
                    self.drop(value)

    def _choose(self) -> None:
        way, self.choices = (self.choices or ("",))[0], self.choices[1:]
        self.inbox.append(order_events.MeansChosen(way) if way else order_events.Stop("cancelled"))

    def _answers(self) -> bool:
        if self.dead and self.now_ms >= self.back_ms:
            self.dead = False
        return not self.dead

    def _finish_late(self) -> None:
        """What was begun before the line broke is done by now, whoever listens."""
        if self.under_way is not None and self.now_ms >= self.under_way[0]:
            effect, self.under_way = self.under_way[1], None
            self._really(effect)

    def reading(self) -> TerminalReading:
        held = tuple(receipt for receipt, one in self.reservations.items() if one.open)
        return TerminalReading("T1", self.under_way is not None, held)

    def _tell(
        self, name: str, effect: order_effects.Authorise | order_effects.Capture | order_effects.Reverse
    ) -> None:
        if not self._answers():
            self.inbox.append(self._lost(effect))
            return
        if name in self.loses:
            self.loses = tuple(other for other in self.loses if other != name)
            if self.late_ms:
                self.under_way = (self.now_ms + self.late_ms, effect)
            else:
                self._really(effect)
            self.inbox.append(self._lost(effect))
        else:
            self.inbox.append(self._really(effect))
        if name == self.dead_after:
            self.dead, self.dead_after = True, ""

    def _lost(
        self, effect: order_effects.Authorise | order_effects.Capture | order_effects.Reverse
    ) -> order_events.CardAnswered | order_events.CardBooked:
        if isinstance(effect, order_effects.Authorise):
            return order_events.CardAnswered(effect.key, Outcome.UNKNOWN)
        return order_events.CardBooked(effect.key, Outcome.UNKNOWN)

    def _really(self, effect: Effect) -> order_events.CardAnswered | order_events.CardBooked:
        """What the terminal does, durable in its own memory, and what it would answer."""
        match effect:
            case order_effects.Authorise(key, amount):
                if self.terminal != "approves":
                    return order_events.CardAnswered(key, Outcome.NOT_DONE, code=self.terminal)
                self.receipt += 1
                self.authorisations += 1
                self.reservations[self.receipt] = Reservation(amount)
                self.step()
                return order_events.CardAnswered(key, Outcome.DONE, CardReserved(key, self.receipt, amount))
            case order_effects.Capture(key, receipt, _reserved, amount):
                return order_events.CardBooked(key, self._close(receipt, amount))
            case order_effects.Reverse(key, receipt):
                return order_events.CardBooked(key, self._close(receipt, 0))
            case _:
                raise AssertionError(effect)

    def _close(self, receipt: int, captured: int) -> Outcome:
        one = self.reservations[receipt]
        if not one.open:
            return Outcome.NOT_DONE
        one.open, one.captured, one.reversed = False, captured, one.reserved - captured
        self.step()
        return Outcome.DONE

    def _central(self, key: str) -> None:
        self.asked_numbers += 1
        if self.asked_numbers == self.refuses_number:
            self.inbox.append(order_events.Answered(key, code="record-under-change"))
        else:
            super()._central(key)

    def _power_returns(self) -> None:
        """The kiosk's power, not the terminal's: what it was doing goes on."""
        again, self.cut_again_at = self.cut_again_at, None
        try:
            super()._power_returns()
            self.cut_at = again
            self._run()
        except PowerCut:
            self._power_returns()

    def check(self) -> None:
        """What is on the card is what was delivered, and at most one payment was ever reserved."""
        super().check()
        order = self.stored
        mine = {r: one for r, one in self.reservations.items() if r not in self.stranger}
        charged = sum(one.captured for one in mine.values())
        assert self.authorisations <= 1, f"{self.authorisations} authorisations under one order"
        assert not any(one.open for one in mine.values()), "money stayed reserved on the card"
        if order is None:
            assert not mine
            return
        assert charged == order.captured == (order.earned if order.by_card else 0), (
            f"M1: {charged} KRW charged, {order.captured} booked, {order.earned} earned"
        )
        for receipt in self.stranger:
            assert self.reservations[receipt].open, "another's reservation was touched"
