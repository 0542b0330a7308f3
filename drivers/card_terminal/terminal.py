"""The payment terminal's driver: keeps in touch, reserves, books, asks its memory. A lost answer is UNKNOWN.

Nothing here knows a card number. The terminal's receipt number and our own key are all that names a payment.
"""

from drivers.acts import Act
from drivers.card_terminal import messages as zvt
from drivers.card_terminal.apdu import Apdu
from drivers.card_terminal.dialogue import LOOK_AGAIN_S, Dialogue, Ending
from drivers.contract import (
    Authorise,
    Capture,
    CardBooking,
    CardPrompt,
    CardReserved,
    DeviceError,
    DeviceName,
    DeviceState,
    ErrorCode,
    Identity,
    Outcome,
    ReasonCode,
    Reverse,
    Severity,
    StopCard,
    TerminalReading,
)
from drivers.scheduler import Scheduler, Task
from drivers.serial_line import SerialLine, reason_gone
from drivers.status_reporter import GONE, Emit, StatusReporter

POLL_S = 5.0
_RECONNECT_S = 0.5
_WATCH_S = 0.25
# The terminal is told to wait no longer so long before the command's deadline, to hear how it ended.
STOP_BEFORE_S = 8.0
_WELL = 0x00


class CardTerminal:
    """One terminal. Commands are generators run by the bus; `run` is its life."""

    def __init__(self, scheduler: Scheduler, line: SerialLine, password: str, emit: Emit) -> None:
        self.reporter = StatusReporter(DeviceName.TERMINAL, emit, frozenset({"reserve", "open-list"}))
        self._scheduler, self._line, self._password, self._emit = scheduler, line, password, emit
        self._registered = 0
        self._waiting: tuple[str, Dialogue] | None = None
        self._talking = False

    # --- life ---------------------------------------------------------------------------------------------------

    def run(self) -> Task[None]:
        """Register whenever the line is new, ask how it is now and then; never ends."""
        while True:
            try:
                yield from self._register()
                while self._here:
                    if self._waiting is None:
                        self._note(*(yield from self._enquire()))
                    yield from self._rest()
            except DeviceError as error:
                self.reporter.gone(reason_gone(error), error.detail)
                yield _RECONNECT_S

    def _rest(self) -> Task[None]:
        """Until it is time to ask again, or the line has been lost under somebody else's command."""
        until = self._scheduler.now + POLL_S
        while self._here and self._scheduler.now < until:
            yield _WATCH_S

    @property
    def _here(self) -> bool:
        """Registered, on the connection that stands now."""
        return self._line.connected and self._registered == self._line.opened

    def _register(self) -> Task[None]:
        if self._here:
            return
        opened = self._line.opened
        ending = yield from self._talk(zvt.register(self._password))
        if ending.refused in zvt.BUSY_CODES:
            raise DeviceError(ErrorCode.BUSY, "busy with what it was told before", retryable=True)
        if ending.completion is None:
            raise DeviceError(ErrorCode.REFUSED, f"registration refused {ending.refused:02x}")
        serial = zvt.terminal_id(ending.completion)
        if self.reporter.identity.serial not in ("", serial):
            self.reporter.epoch += 1
        self.reporter.identity = Identity(serial=serial)
        self.reporter.clear(*GONE)
        self._registered = opened

    def _enquire(self) -> Task[tuple[bool, int]]:
        """Whether it is busy, and its own word for how it is (0: well)."""
        ending = yield from self._talk(zvt.enquire())
        if ending.refused:
            if ending.refused in zvt.BUSY_CODES:
                return True, _WELL
            raise DeviceError(ErrorCode.REFUSED, f"enquiry refused {ending.refused:02x}")
        if ending.completion is None:
            raise DeviceError(ErrorCode.PROTOCOL, "an enquiry without an end", outcome=Outcome.UNKNOWN)
        code = zvt.health_code(ending.completion)
        busy = code in zvt.BUSY_CODES
        return busy, _WELL if busy else code

    def _note(self, busy: bool, code: int) -> None:
        if code == _WELL:
            self.reporter.clear(ReasonCode.HARDWARE)
        else:
            self.reporter.raise_reason(ReasonCode.HARDWARE, Severity.ERROR, f"terminal status {code:02x}")
        self.reporter.enter(DeviceState.BUSY if busy else DeviceState.READY)

    def _talk(self, command: Apdu) -> Task[Ending]:
        return self._converse(Dialogue(self._line, command))

    def _converse(self, dialogue: Dialogue) -> Task[Ending]:
        """Have the line for one dialogue. Whatever breaks it off, later words of the terminal must not be taken for an
        answer to something else: hang up. Raises DeviceError.
        """
        while self._talking:
            yield LOOK_AGAIN_S
        self._talking = True
        try:
            dialogue.begin(self._scheduler.now)
            while (ending := dialogue.step(self._scheduler.now)) is None:
                yield LOOK_AGAIN_S
        except DeviceError:
            self._line.close()
            raise
        finally:
            self._talking = False
        return ending

    # --- commands -----------------------------------------------------------------------------------------------

    def read(self, act: Act) -> Task[None]:
        """Is it busy, and which reservations are open?"""
        self._need()
        busy, code = yield from self._enquire()
        self._note(busy, code)
        serial = self.reporter.identity.serial
        if busy:
            act.result = TerminalReading(serial, busy=True)
            return
        ending = yield from self._talk(zvt.ask_open())
        if ending.refused in zvt.BUSY_CODES:
            act.result = TerminalReading(serial, busy=True)
            return
        if ending.abort is None or ending.abort.receipts is None:
            raise DeviceError(ErrorCode.PROTOCOL, "it did not say what is open", outcome=Outcome.UNKNOWN)
        act.result = TerminalReading(serial, busy=False, open=ending.abort.receipts)

    def authorise(self, command: Authorise, act: Act) -> Task[None]:
        """Reserve. The terminal is told to stop waiting in time to hear how it ended."""
        self._need()
        dialogue = Dialogue(
            self._line,
            zvt.reserve(command.amount, command.key),
            lambda prompt: self._emit(CardPrompt(command.key, prompt)) if prompt else None,
            # A citizen may take as long as core lets them.
            whole_s=command.deadline_ms / 1000,
        )
        dialogue.stop_at = self._scheduler.now + max(1.0, command.deadline_ms / 1000 - STOP_BEFORE_S)
        self._waiting = (command.key, dialogue)
        act.begun = True
        try:
            ending = yield from self._converse(dialogue)
        finally:
            self._waiting = None
        act.result = _reserved(command, ending)

    def stop(self, command: StopCard) -> Task[None]:
        """End the waiting: ours, or that which an earlier process of ours left behind."""
        if self._waiting is None:
            ending = yield from self._converse(Dialogue(self._line, zvt.stop(), brief=True))
            if ending.refused:
                raise DeviceError(ErrorCode.REFUSED, f"refused {ending.refused:02x}")
        elif self._waiting[0] == command.key:
            self._waiting[1].stop()
        else:
            raise DeviceError(ErrorCode.BUSY, "another payment is under way")

    def capture(self, command: Capture, act: Act) -> Task[None]:
        """Charge what was delivered. Raises DeviceError (REFUSED) for more than was reserved."""
        rest = command.reserved - command.amount
        if rest < 0:
            raise DeviceError(ErrorCode.REFUSED, "more than was reserved")
        yield from self._book(zvt.give_back(command.receipt, rest, command.key), act)
        act.result = CardBooking(command.key, command.receipt, command.amount)

    def reverse(self, command: Reverse, act: Act) -> Task[None]:
        """Give all of it back."""
        yield from self._book(zvt.give_all_back(command.receipt), act)
        act.result = CardBooking(command.key, command.receipt, 0)

    def _book(self, message: Apdu, act: Act) -> Task[None]:
        self._need()
        act.begun = True
        ending = yield from self._talk(message)
        if ending.refused:
            raise DeviceError(ErrorCode.REFUSED, f"refused {ending.refused:02x}", retryable=True)
        if ending.completion is None:
            code = ending.abort.code if ending.abort is not None else 0
            raise DeviceError(
                ErrorCode.REFUSED, f"aborted {code:02x}", outcome=Outcome.UNKNOWN, retryable=True
            )

    def _need(self) -> None:
        if not self._here:
            raise DeviceError(ErrorCode.NOT_PRESENT, "the terminal is not there", retryable=True)


def _reserved(command: Authorise, ending: Ending) -> CardReserved:
    """What the terminal proved. Raises DeviceError: NOT_DONE where it said that nothing is reserved, else UNKNOWN."""
    if ending.refused:
        raise DeviceError(ErrorCode.BUSY, f"refused {ending.refused:02x}", retryable=True)
    if ending.abort is not None:
        code = ending.abort.code
        if code == zvt.CANCELLED_CODE:
            raise DeviceError(ErrorCode.CANCELLED, "no card, or called off")
        sure = code in zvt.DECLINED_CODES
        outcome = Outcome.NOT_DONE if sure else Outcome.UNKNOWN
        raise DeviceError(ErrorCode.REFUSED, f"declined {code:02x}", outcome=outcome)
    told = ending.told
    if told is None or told.result != 0 or told.receipt is None or told.amount is None:
        raise DeviceError(ErrorCode.PROTOCOL, "an end without a receipt", outcome=Outcome.UNKNOWN)
    return CardReserved(command.key, told.receipt, told.amount)
