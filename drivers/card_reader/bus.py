"""The card bus: tells core of the reader and of each card that comes and goes."""

import select

from drivers.acts import Reply, refuse
from drivers.card_reader.slots import Away, Look, Slots, happened, slots_of
from drivers.card_reader.watch import ROUND_S, ThreadedWatch, Watch
from drivers.contract import (
    AnyCommand,
    CardReading,
    CardRemoved,
    Completed,
    DeviceName,
    DeviceState,
    ErrorCode,
    Identity,
    Outcome,
    ReadCard,
    ReasonCode,
    Status,
)
from drivers.status_reporter import GONE, Emit, StatusReporter

# A service that has not answered two rounds hangs.
HUNG_S = 2 * ROUND_S + 1.0


class CardBus:
    """The readers of the PC/SC service as one device, `card`: READY with a reader, else ABSENT.

    ABSENT says why: UNPLUGGED (the service has no reader), SILENT (no service, one that hangs, one that refuses us).
    """

    def __init__(self, emit: Emit, watch: Watch | None = None) -> None:
        self.reporter = StatusReporter(DeviceName.CARD, emit)
        self._emit = emit
        self._watch = watch if watch is not None else ThreadedWatch()
        self._look: Look = Away("")
        self._answered = False
        self._heard: float | None = None
        self._asked: list[tuple[ReadCard, Reply]] = []

    def submit(self, command: AnyCommand, reply: Reply) -> None:
        """Take one command; `reply` is called exactly once, on this thread."""
        if isinstance(command, ReadCard):
            self._asked.append((command, reply))
        else:
            refuse(command, reply, "not a command of the card bus")

    def tick(self, now: float) -> float:
        """Take in what the watch has seen, and answer from it; when to call again."""
        looks = self._watch.looks()
        if looks or self._heard is None:
            self._heard = now
        elif now - self._heard >= HUNG_S:
            looks = [Away("the PC/SC service does not answer")]
            self._heard = now
        for look in looks:
            self._take(look)
        asked, self._asked = self._asked, []
        for command, reply in asked:
            reply(self._read(command), None)
        return self._heard + HUNG_S

    def interests(self) -> list[tuple[int, int]]:
        """The watch's news."""
        return [(self._watch.fileno(), select.POLLIN)] if self._watch.fileno() >= 0 else []

    def statuses(self) -> tuple[Status, ...]:
        """The device as it is now."""
        return (self.reporter.status,)

    def core_gone(self) -> None:
        """Nothing: cards come and go, whoever listens. The next core asks with ReadCard."""

    def close(self) -> None:
        """Look no more."""
        self._watch.close()

    def _take(self, look: Look) -> None:
        """Cards that are out are told before the reader's state, cards that are in after it."""
        news = list(happened(self._look, look))
        for event in news:
            if isinstance(event, CardRemoved):
                self._emit(event)
        self._judge(look)
        self._look = look
        for event in news:
            if not isinstance(event, CardRemoved):
                self._emit(event)

    def _judge(self, look: Look) -> None:
        reporter = self.reporter
        if isinstance(look, Away):
            reporter.gone(ReasonCode.SILENT, look.detail)
            return
        if self._answered and isinstance(self._look, Away):
            reporter.epoch += 1  # the service counts from 0 again
        self._answered = True
        if not look.slots:
            reporter.gone(ReasonCode.UNPLUGGED, "no reader")
            return
        reporter.identity = Identity(model=look.slots[0].reader)
        reporter.clear(*GONE)
        reporter.enter(DeviceState.READY)

    def _read(self, command: ReadCard) -> Completed:
        if not isinstance(self._look, Slots) or not self._look.slots:
            return Completed(command.request, Outcome.NOT_DONE, ErrorCode.NOT_PRESENT, "no card reader")
        for slot in slots_of(self._look):
            if slot.present:
                found = CardReading(slot.reader, slot.counter, slot.mute)
                return Completed(command.request, Outcome.DONE, result=found)
        return Completed(command.request, Outcome.DONE, result=CardReading())
