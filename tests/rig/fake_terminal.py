"""A payment terminal at our own interface: commands in, their ends out. tests/contract holds it to the real one."""

from dataclasses import dataclass

from drivers.acts import Reply
from drivers.contract import (
    AnyCommand,
    Authorise,
    Capture,
    CardBooking,
    CardReserved,
    Completed,
    ErrorCode,
    Outcome,
    ReadTerminal,
    Result,
    Reverse,
    StopCard,
    TerminalReading,
)


@dataclass
class Payment:
    """One payment as the bank knows it (KRW)."""

    authorised: int
    captured: int = 0
    reversed: int = 0
    open: bool = True


class FakeTerminal:
    """Waits for `present` or `press_stop` after Authorise; everything else ends at once. `lose` names lost answers."""

    def __init__(self, serial: str = "29304711") -> None:
        self.serial = serial
        self.payments: dict[int, Payment] = {}
        self.lose: set[str] = set()
        self._receipt = 40
        self._waiting: tuple[Authorise, Reply] | None = None

    def submit(self, command: AnyCommand, reply: Reply) -> None:
        """Take one command."""
        match command:
            case Authorise():
                self._waiting = (command, reply)
            case ReadTerminal():
                held = tuple(number for number, payment in self.payments.items() if payment.open)
                self._end(command, reply, TerminalReading(self.serial, self._waiting is not None, held))
            case StopCard():
                self._end(command, reply)
                self.press_stop()
            case Capture(receipt=receipt, amount=amount):
                self._book(command, reply, "book", receipt, amount)
            case Reverse(receipt=receipt):
                self._book(command, reply, "reverse", receipt, 0)
            case _:
                reply(Completed(command.request, Outcome.NOT_DONE, ErrorCode.REFUSED), None)

    def present(self, *, good: bool = True) -> None:
        """A card is held to it."""
        if self._waiting is None:
            return
        command, reply = self._waiting
        self._waiting = None
        if not good:
            reply(Completed(command.request, Outcome.NOT_DONE, ErrorCode.REFUSED, "declined 05"), None)
            return
        self._receipt += 1
        self.payments[self._receipt] = Payment(command.amount)
        self._answer(command, reply, "reserve", CardReserved(command.key, self._receipt, command.amount))

    def press_stop(self) -> None:
        """The stop key, or a StopCard."""
        if self._waiting is not None:
            command, reply = self._waiting
            self._waiting = None
            reply(Completed(command.request, Outcome.NOT_DONE, ErrorCode.CANCELLED, "called off"), None)

    def _book(self, command: Capture | Reverse, reply: Reply, act: str, receipt: int, captured: int) -> None:
        payment = self.payments.get(receipt)
        if payment is None or not payment.open:
            reply(Completed(command.request, Outcome.UNKNOWN, ErrorCode.REFUSED, "not open"), None)
            return
        payment.open, payment.captured = False, captured
        payment.reversed = payment.authorised - captured
        self._answer(command, reply, act, CardBooking(command.key, receipt, captured))

    def _answer(self, command: AnyCommand, reply: Reply, act: str, result: Result) -> None:
        if act in self.lose:
            self.lose.discard(act)
            reply(Completed(command.request, Outcome.UNKNOWN, ErrorCode.NOT_PRESENT, "cut"), None)
        else:
            self._end(command, reply, result)

    def _end(self, command: AnyCommand, reply: Reply, result: Result | None = None) -> None:
        reply(Completed(command.request, Outcome.DONE, result=result), None)
