"""The payment terminal: waits for a card, asks its bank, remembers what it holds, and speaks ZVT.

What is reserved, charged and given back is in its own memory before a word of it goes out; power loss takes only what
was not finished. A cut line does not stop it: what it was told goes on, whoever listens.
"""

from collections import deque
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from simulators import zvt
from simulators.clock import Clock, Timer
from simulators.memory import Memory
from simulators.world import World
from simulators.zvt import Asked, Message

CARD_WAIT_SECONDS = 60.0
BANK_SECONDS = 0.6
_ACK_SECONDS = 5.0
_KRW = 410
# A made-up number. A careless terminal sends it, so that tests can look for it where it must not be.
CARD_NUMBER = "4571736000001234"
_INSERT, _WAIT, _REMOVE, _DECLINED = 0x0A, 0x0E, 0x0B, 0x1D
_TIMEOUT, _BUSY, _NOT_POSSIBLE, _OPEN_ONES, _BAD, _CURRENCY = 0x6C, 0x9C, 0x83, 0xB8, 0x66, 0x6F


class Act(StrEnum):
    """What a terminal can be told to do with money."""

    RESERVE = "reserve"
    BOOK = "book"
    REVERSE = "reverse"


_COMMANDS = {0x0622: Act.RESERVE, 0x0623: Act.BOOK, 0x0625: Act.REVERSE}


class Line(Protocol):
    """The connection to the cash register."""

    def send(self, data: bytes) -> None:
        """Send bytes, if anybody is there."""

    def cut(self) -> None:
        """End the connection in the middle of whatever it carries."""


class NobodyThere:
    """No connection."""

    def send(self, data: bytes) -> None:
        """Nowhere to go."""

    def cut(self) -> None:
        """Nothing to cut."""


def terminal_memory(path: Path | None) -> Memory:
    """A terminal's non-volatile memory. `open`: reservations as receipt:amount:reference, with blanks between."""
    return Memory(path, terminal=29_304_711, receipt=40, trace=1_200, open="")


class CardTerminal:
    """One terminal. `stage` is idle, card (waits for one) or bank."""

    def __init__(self, clock: Clock, memory: Memory, world: World) -> None:
        self._clock, self.memory, self._world = clock, memory, world
        self.powered = True
        self.hung = False
        self.line: Line = NobodyThere()
        self.stage = "idle"
        self.amount = 0
        self.lose: dict[Act, tuple[int, float]] = {}
        self.die_after: Act | None = None
        self.died: Callable[[], None] = lambda: None
        self._out: deque[Message] = deque()
        self._unheard = False
        self._timer: Timer | None = None
        self._silence: Timer | None = None
        self._stream = zvt.Stream()
        self._asked: Asked | None = None
        self._done: Act | None = None

    # --- memory -------------------------------------------------------------------------------------------------

    def open_payments(self) -> dict[int, tuple[int, str]]:
        """Receipt number -> amount and reference of each open reservation."""
        found = {}
        for entry in self.memory.text("open").split():
            number, amount, reference = entry.split(":", 2)
            found[int(number)] = (int(amount), reference)
        return found

    def _keep(self, payments: dict[int, tuple[int, str]], **cells: int) -> None:
        entries = (f"{number}:{amount}:{reference}" for number, (amount, reference) in payments.items())
        self.memory.keep(open=" ".join(entries), **cells)

    # --- power and line -----------------------------------------------------------------------------------------

    def power(self, up: bool) -> None:
        """Give or take the power: what was not finished never was."""
        if up == self.powered:
            return
        self.powered = up
        self._rest()
        self.line.cut()
        self.line = NobodyThere()

    def connected(self, line: Line) -> None:
        """The cash register has connected, perhaps again: a new line takes the place of the old one."""
        self.line.cut()
        self.line, self._stream = line, zvt.Stream()
        self._quiet()

    def disconnected(self, line: Line) -> None:
        """The connection has ended. What is under way goes on."""
        if self.line is line:
            self.line = NobodyThere()
            self._quiet()

    @property
    def armed(self) -> tuple[str, ...]:
        """The faults that are set and not used up yet."""
        found = {
            "hang": self.hung,
            "lose-reply": any(count for count, _seconds in self.lose.values()),
            "power-loss": self.die_after is not None,
        }
        return tuple(name for name, set_ in found.items() if set_)

    def mend(self) -> None:
        """Take all faults away."""
        self.hung, self.die_after = False, None
        self.lose.clear()

    def _quiet(self) -> None:
        self._out.clear()
        self._unheard = False
        if self._silence is not None:
            self._silence.cancel()

    def _rest(self) -> None:
        self.stage, self.amount, self._asked = "idle", 0, None
        if self._timer is not None:
            self._timer.cancel()
        self._quiet()
        self._world.tell("terminal", stage=self.stage)

    # --- what comes in ------------------------------------------------------------------------------------------

    def received(self, data: bytes) -> None:
        """Bytes from the cash register."""
        if not self.powered or self.hung:
            return
        for message in self._stream.feed(data):
            self._hear(message)

    def _hear(self, message: Message) -> None:
        if message.code >> 8 in (0x80, 0x84):
            self._heard()
        elif message.code == 0x0501:
            self._acknowledge()
            status = _BUSY if self.stage != "idle" else 0
            self._say(0x060F, b"\xf0\xf0\xf6CGT1.0" + bytes([status]))
        elif message.code == 0x06B0:
            self._acknowledge()
            if self.stage == "card":
                self._no_card()
        elif self.stage != "idle":
            self._refuse(_BUSY)
        elif message.code == 0x0600:
            self._register(message.data)
        elif message.code in _COMMANDS:
            self._command(_COMMANDS[message.code], message.data)
        else:
            self._refuse(_NOT_POSSIBLE)

    def _register(self, data: bytes) -> None:
        self._acknowledge()
        if data[4:6] != zvt.packed(_KRW, 4):
            self._say(0x061E, bytes([_CURRENCY]))
            return
        terminal = b"\x29" + zvt.packed(self.memory.number("terminal"), 8)
        self._say(0x060F, b"\x19\x00" + terminal + b"\x49" + zvt.packed(_KRW, 4))

    def _command(self, act: Act, data: bytes) -> None:
        asked = zvt.asked(data)
        if asked is None:
            self._refuse(_NOT_POSSIBLE)
            return
        self._acknowledge()
        if act is Act.RESERVE:
            self._await_card(asked)
        elif act is Act.BOOK and asked.receipt == -1:
            self._tell_open()
        elif asked.receipt not in self.open_payments():
            self._say(0x061E, bytes([_BAD]))
        else:
            self._begin_booking(act, asked)

    # --- reserving ----------------------------------------------------------------------------------------------

    def _await_card(self, asked: Asked) -> None:
        if not asked.amount or asked.currency != _KRW:
            self._say(0x061E, bytes([_CURRENCY]))
            return
        self.stage, self.amount, self._asked = "card", asked.amount, asked
        self._say(0x04FF, bytes([_INSERT]))
        self._timer = self._clock.later(CARD_WAIT_SECONDS, self._no_card)
        self._world.tell("terminal", stage=self.stage)

    def _no_card(self) -> None:
        """Nobody came, or somebody pressed stop."""
        self._rest_but_speak()
        self._say(0x061E, bytes([_TIMEOUT]))

    def present(self, good: bool) -> bool:
        """A card is held to it. False: it does not wait for one."""
        if self.stage != "card":
            return False
        self.stage = "bank"
        self._later(Act.RESERVE, lambda: self._bank(good), _WAIT)
        return True

    def press_stop(self) -> bool:
        """The stop key. False: nothing to stop."""
        if self.stage != "card":
            return False
        self._no_card()
        return True

    def _bank(self, good: bool) -> None:
        asked = self._asked
        if asked is None or asked.amount is None:
            raise AssertionError("the bank answers what nobody asked")
        self._say(0x04FF, bytes([_REMOVE]))
        if not good:
            self._rest_but_speak()
            self._say(0x04FF, bytes([_DECLINED]))
            self._say(0x040F, b"\x27\x05" + zvt.amount(asked.amount))
            self._say(0x061E, b"\x05")
            return
        number = self.memory.number("receipt") % 9_999 + 1
        payments = {**self.open_payments(), number: (asked.amount, asked.reference)}
        self._keep(payments, receipt=number, trace=self.memory.number("trace") + 1)
        self._world.card_reserved(number, asked.reference, asked.amount)
        self._finish(Act.RESERVE, number, asked.amount)

    # --- booking ------------------------------------------------------------------------------------------------

    def _begin_booking(self, act: Act, asked: Asked) -> None:
        self.stage = "bank"
        self._later(act, lambda: self._book(act, asked), _WAIT)

    def _book(self, act: Act, asked: Asked) -> None:
        payments = self.open_payments()
        number = asked.receipt or 0
        reserved, _reference = payments[number]
        back = reserved if act is Act.REVERSE else min(asked.amount or 0, reserved)
        del payments[number]
        self._keep(payments, trace=self.memory.number("trace") + 1)
        self._world.card_booked(number, captured=reserved - back, given_back=back)
        self._finish(act, number, reserved - back)

    def _tell_open(self) -> None:
        numbers = sorted(self.open_payments())
        listed = b"".join(zvt.tlv(b"\x08", zvt.packed(number, 4)) for number in numbers)
        first = zvt.receipt(numbers[0] if numbers else None)
        more = zvt.container(zvt.tlv(b"\x23", listed)) if numbers else b""
        self._say(0x061E, bytes([_OPEN_ONES]) + first + more)

    # --- how it ends --------------------------------------------------------------------------------------------

    def _later(self, act: Act, do: Callable[[], None], prompt: int) -> None:
        """Ask the bank, which takes a while; a fault may cut the line first, and take longer."""
        count, seconds = self.lose.get(act, (0, 0.0))
        if count and seconds:
            self.line.cut()
        else:
            self._say(0x04FF, bytes([prompt]))
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.later(BANK_SECONDS + seconds, do)
        self._world.tell("terminal", stage=self.stage)

    def _finish(self, act: Act, number: int, amount: int) -> None:
        """It is done, and in memory. Say so, unless that is what gets lost."""
        self._rest_but_speak()
        count, _seconds = self.lose.get(act, (0, 0.0))
        if count:
            self.lose[act] = (count - 1, _seconds)
            self.line.cut()
            return
        self._done = act
        self._say(0x040F, self._status(number, amount))
        self._say(0x06D1, b"\x00KARTE " + CARD_NUMBER.encode())
        self._say(0x060F, b"")

    def _rest_but_speak(self) -> None:
        self.stage, self.amount, self._asked = "idle", 0, None
        if self._timer is not None:
            self._timer.cancel()
        self._world.tell("terminal", stage=self.stage)

    def _status(self, number: int, amount: int) -> bytes:
        """More than anybody asked for, as terminals do."""
        now = self._clock.wall()
        return (
            b"\x27\x00"
            + zvt.amount(amount)
            + b"\x0b"
            + zvt.packed(self.memory.number("trace"), 6)
            + b"\x0c"
            + bytes.fromhex(now.strftime("%H%M%S"))
            + b"\x0d"
            + bytes.fromhex(now.strftime("%m%d"))
            + zvt.text_field(0x22, bytes.fromhex(CARD_NUMBER))
            + b"\x29"
            + zvt.packed(self.memory.number("terminal"), 8)
            + b"\x49"
            + zvt.packed(_KRW, 4)
            + zvt.receipt(number)
            + b"\x8a\x06"
            + zvt.text_field(0x8B, b"Mastercard\x00")
            + zvt.text_field(0x3C, b"GENEHMIGT", 3)
            + zvt.container(zvt.tlv(b"\x1f\x10", b"\x02") + zvt.tlv(b"\x60", zvt.tlv(b"\x43", b"\xa0\x00")))
        )

    # --- what goes out: one message, then the register's acknowledgement ------------------------------------------

    def _acknowledge(self) -> None:
        self.line.send(bytes(Message(zvt.ACK, b"")))

    def _refuse(self, code: int) -> None:
        self.line.send(bytes(Message(0x8400 | code, b"")))

    def _say(self, code: int, data: bytes) -> None:
        self._out.append(Message(code, data))
        self._speak()

    def _speak(self) -> None:
        if self._out and not self._unheard and self.powered and not self.hung:
            self._unheard = True
            self._silence = self._clock.later(_ACK_SECONDS, self._nobody_listens)
            self.line.send(bytes(self._out[0]))

    def _heard(self) -> None:
        if not self._unheard:
            return
        self._unheard = False
        if self._silence is not None:
            self._silence.cancel()
        said = self._out.popleft()
        if said.code == 0x060F and not said.data and self._done is self.die_after is not None:
            self.die_after = None
            self.died()
            return
        self._speak()

    def _nobody_listens(self) -> None:
        self._quiet()
        self.line.cut()
