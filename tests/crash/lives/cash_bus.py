"""The cash process: each coin is told once, with its position; counters are read from the things themselves."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from drivers import contract as device
from tests.crash.lives.bill_driver import BillDriver
from tests.crash.lives.bus import Bus, End, Fate, absent
from tests.crash.lives.coins import PAST_THE_GATE_MS, REMEMBERED, Hopper
from tests.crash.lives.power import Power
from tests.crash.lives.things import Things
from tests.crash.lives.timeline import Of, Timeline

POLL_MS = 60
UNPOLLED_MS = 600
LOW = 20
HOPPERS = ("hopper", "hopper-2")
REMEMBERED_FOR_LIFE = {"coin": {"nv-accept-counter"}, "hopper": {"nv-dispense-counter"}}


class CashBus(Bus):
    """`drain`: whether a coin past the gate is waited for when acceptance stops."""

    name = "cash"
    drain = True

    def __init__(
        self,
        timeline: Timeline,
        power: Power,
        fate: Callable[[Any], Fate],
        start_again: Callable[[str], None],
        things: Things,
    ) -> None:
        super().__init__(timeline, power, fate, start_again)
        self.acceptor, self.hoppers = things.acceptor, things.hoppers
        self._bills = BillDriver(things.validator, self.say) if things.validator is not None else None
        self._told: int | None = None
        self._wanted: frozenset[int] = frozenset()
        self._resumed = False
        self._unbooked: list[device.Credited | device.CreditsLost] = []
        self._payout: tuple[device.Dispense, Hopper, int, End] | None = None
        self._ended: dict[str, device.PaidOut | None] = {}
        self.acceptor.takes = frozenset()
        self.devices = ("coin", *HOPPERS[: len(self.hoppers)])
        if self._bills is not None:
            bills = self._bills
            self.devices = (*self.devices, "note")
            bills.validator.heard = lambda: self.soon(bills.poll, POLL_MS)
        self.acceptor.heard = lambda: self.soon(self._poll, POLL_MS)
        for hopper in self.hoppers:
            hopper.heard = lambda: self.soon(self._watch, POLL_MS)

    def core_gone(self) -> None:
        """No coin may be taken any more."""
        super().core_gone()
        self._resumed = False
        if self._alive:
            self._shut()

    def _shut(self) -> None:
        self._take(frozenset())
        if self._bills is not None:
            self._bills.core_gone()

    def _take(self, values: frozenset[int]) -> None:
        """Take these, as soon as the acceptor answers."""
        self._wanted = values
        self.acceptor.takes = values if self.acceptor.current.lit else frozenset()

    def met_again(self, name: str) -> None:
        """What happened to it meanwhile, by its own counts; it is set again as it was."""
        if name == "coin":
            self._take(self._wanted)
            self._poll()
        elif name == "note" and self._bills is not None:
            self._bills.met_again()
        else:
            self._watch()
        super().met_again(name)

    def gone(self) -> None:
        """An acceptor that nobody polls shuts by itself, after a moment."""
        acceptor, bills = self.acceptor, self._bills

        def shut() -> None:
            acceptor.takes = frozenset()
            if bills is not None:
                bills.validator.takes = frozenset()

        self.timeline.later(UNPOLLED_MS, Of.MACHINE, shut)

    def status(self, name: str) -> device.Status:
        """Coin, hopper or note."""
        if name == "note" and self._bills is not None:
            return self._bills.status()
        thing = self.acceptor if name == "coin" else self.hoppers[HOPPERS.index(name)]
        if not thing.current.lit:
            return absent(name)
        return device.Status(
            name,
            device.DeviceState.READY,
            identity=device.Identity(serial=thing.serial),
            capabilities=frozenset(REMEMBERED_FOR_LIFE[name.removesuffix("-2")]),
        )

    def carry_out(self, command: Any, end: End) -> None:
        """One arm a command."""
        done = device.Outcome.DONE
        match command:
            case device.Resume(position=position, notes=booked):
                self._shut()
                until_ms = self.timeline.now_ms + command.deadline_ms
                ask = (position, booked, end, until_ms)
                self.soon(lambda: self._resume_once_there(*ask), PAST_THE_GATE_MS + POLL_MS)
            case device.Collect() if not self.acceptor.current.lit:
                end(device.Outcome.NOT_DONE, code=device.ErrorCode.NOT_PRESENT)
            case device.Collect(denominations=denominations, notes=notes) if self._resumed:
                self._take(frozenset(denominations))
                if self._bills is not None:
                    self._bills.collect(notes)
                self.soon(lambda: end(done))
            case device.Collect() | device.StopCollect() if not self._resumed:
                end(device.Outcome.NOT_DONE, code=device.ErrorCode.REFUSED)
            case device.StopCollect():
                self._shut_now()
                wait = PAST_THE_GATE_MS + POLL_MS + 5 if self.drain else 0
                self.soon(lambda: self._stopped(end), wait)
            case device.ReadCash():
                self.soon(lambda: self._read(end))
            case device.BookCredit(position=position):
                self._unbooked = [one for one in self._unbooked if one.position.accepted > position.accepted]
                end(done)
            case device.Dispense():
                self._dispense(command, end)
            case _ if self._bills is not None:
                self._bills.carry_out(command, end)
            case _:
                pass

    def _shut_now(self) -> None:
        self._take(frozenset())
        if self._bills is not None:
            self._bills.stop()

    def _stopped(self, end: End) -> None:
        """Without an acceptor nobody can say what has fallen."""
        there = self.acceptor.current.lit
        end(device.Outcome.DONE if there else device.Outcome.UNKNOWN, self._reading() if there else None)

    def _read(self, end: End) -> None:
        reading = self._reading()
        nobody = reading.accepted is None and reading.dispensed is None
        end(device.Outcome.NOT_DONE if nobody else device.Outcome.DONE, reading)

    def _reading(self) -> device.CashReading:
        """Every coin behind it has been told."""
        self._poll()
        acceptor = self.acceptor
        first, *others = (_count(hopper) for hopper in self.hoppers)
        there = acceptor.current.lit
        reading = device.CashReading(
            acceptor.serial if there else "",
            acceptor.accepted % 255 if there else None,
            acceptor.accepted if there else None,
            first.serial if first else "",
            first.dispensed if first else None,
            paying=first.paying if first else False,
            low=first.low if first else None,
            more_hoppers=tuple(others),
        )
        if self._bills is None or not self._bills.validator.current.lit:
            return reading
        self._bills.poll()
        validator = self._bills.validator
        return replace(
            reading,
            note_serial=validator.serial,
            note_events=validator.events,
            stacked=validator.stacked,
            note_clear=validator.clear,
        )

    # --- coins --------------------------------------------------------------------------------------------------------

    def _resume_once_there(
        self, position: device.CoinPosition | None, notes: device.NotePosition | None, end: End, until_ms: int
    ) -> None:
        """An acceptor that does not answer is waited for."""
        if self.acceptor.current.lit:
            self._resume(position, notes, end)
        elif self.timeline.now_ms >= until_ms:
            end(device.Outcome.UNKNOWN, code=device.ErrorCode.TIMEOUT)
        else:
            self.soon(lambda: self._resume_once_there(position, notes, end, until_ms), POLL_MS)

    def _resume(
        self, position: device.CoinPosition | None, notes: device.NotePosition | None, end: End
    ) -> None:
        if position is not None and position.serial != self.acceptor.serial:
            end(device.Outcome.NOT_DONE, self._reading(), device.ErrorCode.IDENTITY)
            return
        replay = list(self._unbooked) if position is not None else []
        if self._told is None or position is None:
            self._told = position.accepted if position is not None else self.acceptor.accepted
        elif position is not None:
            replay = [one for one in replay if one.position.accepted > position.accepted]
        self._resumed = True
        for event in replay:
            self.say(event)
        self._poll(recovered=True)
        if self._bills is not None:
            self._bills.resume(notes)
        end(device.Outcome.DONE, self._reading())

    def _poll(self, *, recovered: bool = False) -> None:
        """Tell what was counted and not told; of coins that the acceptor does not remember only how many."""
        if self._told is None or not self.acceptor.current.lit:
            return
        new = self.acceptor.accepted - self._told
        known = self.acceptor.values[-min(new, REMEMBERED) :] if new else []
        for value in known:
            self._told += 1
            self._tell(device.Credited(value, self._position(), recovered))
        lost = new - len(known)
        if lost:
            self._told += lost
            self._tell(device.CreditsLost(lost, self._position()))

    def _position(self) -> device.CoinPosition:
        told = self._told or 0
        return device.CoinPosition(self.acceptor.serial, told % 255, told)

    def _tell(self, event: device.Credited | device.CreditsLost) -> None:
        self._unbooked.append(event)
        if self._resumed:
            self.say(event)

    # --- payout -------------------------------------------------------------------------------------------------------

    def _dispense(self, command: device.Dispense, end: End) -> None:
        hopper = self.hoppers[command.hopper]
        if command.key in self._ended or hopper.paying:
            end(device.Outcome.UNKNOWN, self._ended.get(command.key), device.ErrorCode.REFUSED)
            return
        if not hopper.current.lit:
            end(device.Outcome.NOT_DONE, code=device.ErrorCode.NOT_PRESENT)
            return
        self._ended[command.key] = None
        self._payout = (command, hopper, hopper.dispensed, end)
        hopper.pay(command.count)
        self.soon(lambda: self._too_late(command.key), command.deadline_ms)

    def _too_late(self, key: str) -> None:
        """A hopper that fell silent over its payout, and is still."""
        if self._payout is not None and self._payout[0].key == key and not self._payout[1].current.lit:
            self._payout[3](device.Outcome.UNKNOWN, code=device.ErrorCode.TIMEOUT)
            self._payout = None

    def _watch(self) -> None:
        """A hopper has thrown a coin, or given up."""
        if self._payout is None:
            return
        command, hopper, before, end = self._payout
        if not hopper.current.lit:
            return
        paid = hopper.dispensed - before
        self.say(device.CoinOut(command.key, paid))
        if hopper.paying:
            return
        self._payout = None
        result = device.PaidOut(command.key, paid, command.count - paid, hopper.dispensed)
        self._ended[command.key] = result
        outcome = device.Outcome.DONE if paid else device.Outcome.NOT_DONE
        end(outcome, result, None if paid == command.count else device.ErrorCode.EMPTY)


def _count(hopper: Hopper) -> device.HopperCount | None:
    """A hopper's counters as they are now; None when it does not answer."""
    if not hopper.current.lit:
        return None
    return device.HopperCount(hopper.serial, hopper.dispensed, hopper.paying, hopper.coins < LOW)
