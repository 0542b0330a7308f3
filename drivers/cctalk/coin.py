"""The coin acceptor's driver: coins are taken only while core collects, and counted to the last when it stops."""

from drivers.acts import Act
from drivers.cctalk.coin_watch import CoinWatch
from drivers.cctalk.credits import CashEvent, Credits
from drivers.cctalk.event_buffer import SPAN, lifetime_after, lifetime_since
from drivers.cctalk.master import Master
from drivers.cctalk.polled import POLL_TAKING_S
from drivers.contract import (
    BookCredit,
    CoinPosition,
    Collect,
    Credited,
    CreditsLost,
    DeviceError,
    ErrorCode,
    ReasonCode,
    Resume,
)
from drivers.scheduler import Scheduler, Task
from drivers.status_reporter import Emit

# From the gate to the credit sensor: a coin that passed before the inhibit is credited within this time.
PAST_THE_GATE_S = 0.12


class Coin(CoinWatch):
    """One coin acceptor. Commands are generators run by the bus; `run` is its life."""

    def __init__(self, scheduler: Scheduler, master: Master, emit: Emit) -> None:
        super().__init__(scheduler, master, emit)
        self._resumes = 0

    def core_gone(self) -> Task[None]:
        """Core's connection is lost: no coin may be taken any more. The call itself ends a Resume under way."""
        self._resumed, self._told = False, None
        self._resumes += 1
        return self._shut()

    def _shut(self) -> Task[None]:
        self._wanted_mask = 0
        if self._ready:
            try:
                yield from self._apply_settings()
            except DeviceError:
                return  # `run` meets the same trouble and begins with acceptance off
            self._show_phase()

    def resume(self, command: Resume) -> Task[None]:
        """Acceptance off; report what is past core's position; from now on report coins as they fall.

        From the call on no coin is told of but by the newest Resume. What core was told since it connected is not told
        again: it is on the wire, if it is not in the position that core has sent.
        """
        self._resumed = False
        self._resumes += 1
        return self._resume(command, self._resumes)

    def _resume(self, command: Resume, this: int) -> Task[None]:
        while not self._ready:
            yield POLL_TAKING_S
        self._must_be_the_newest(this)
        self._wanted_mask = 0
        yield from self._apply_settings()
        self._must_be_the_newest(this)
        serial = self.reporter.identity.serial
        position = command.position
        if position is not None and position.serial != serial:
            self._flag(True, ReasonCode.OTHER_DEVICE, "not the acceptor that was booked")
            self.reporter.show()
            raise DeviceError(ErrorCode.IDENTITY, f"acceptor {serial} is not the booked {position.serial}")
        position = self._told or position
        replay: list[CashEvent] = []
        if self._credits is None or position is None:
            start = position or (yield from self._present_position())
            self._must_be_the_newest(this)
            self._credits = Credits(start, self._values)
            replay = self._caught_up(self._credits) if position is not None else []
            self._before_account = []
        else:
            replay = _unbooked(self._credits, position)
        self.reporter.clear(ReasonCode.OTHER_DEVICE, ReasonCode.DEVICE_RESET, ReasonCode.OPTO_FRAUD)
        self._resumed = True
        self._report(replay)
        yield from self._account(after_reset=False)
        self._show_phase()

    def _caught_up(self, account: Credits) -> list[CashEvent]:
        """What was read since the first answer, before core said from where to count."""
        replay: list[CashEvent] = []
        for data in self._before_account:
            told, fresh = account.take(data, recovered=True)
            if fresh.reset:
                self._note_reset("event counter is 0")
            self._note_doubt(fresh)
            replay += told
        return replay

    def _must_be_the_newest(self, resume: int) -> None:
        if resume != self._resumes:
            raise DeviceError(ErrorCode.REFUSED, "a later Resume has taken its place")

    def _present_position(self) -> Task[CoinPosition]:
        data = yield from self._device.events()
        accepted = yield from self._device.accepted()
        return self._at(data[0], accepted)

    def collect(self, command: Collect, act: Act) -> Task[None]:
        """Accept these denominations and no others; none at all while a note is being stacked."""
        self._need_ready()
        if not self._resumed:
            raise DeviceError(ErrorCode.REFUSED, "Resume comes first")
        mask = self._mask_of(command.denominations)
        if not mask and command.denominations:
            raise DeviceError(ErrorCode.REFUSED, "the acceptor knows none of these denominations")
        act.begun = True
        self._wanted_mask = mask
        try:
            yield from self._apply_settings()
        except DeviceError:
            self._wanted_mask = 0  # the next settings check puts the inhibit back
            raise
        self.reporter.clear(ReasonCode.DEVICE_RESET)
        self._show_phase()

    def stop_collect(self, act: Act, meanwhile: Task[None]) -> Task[CoinPosition | None]:
        """Inhibit, let a coin past the gate arrive, count, poll. `meanwhile` fills the wait.

        The position behind which every coin has been reported; None if core has not resumed.
        """
        act.begun = True
        self._draining = True
        self._wanted_mask = 0
        try:
            self._need_ready()
            yield from self._apply_settings()
            yield from meanwhile
            yield max(self._inhibited_at + PAST_THE_GATE_S - self._scheduler.now, 0.0)
            yield from self._drain()
        finally:
            self._draining = False
        self._show_phase()
        return self._at(*self._compared) if self._resumed and self._compared is not None else None

    def _drain(self) -> Task[None]:
        """Read the lifetime count, then the events; compare only where they differ, until nothing is in doubt."""
        accepted = yield from self._device.accepted()
        yield from self._poll()
        account = self._credits
        if account is None:
            return
        if account.position.accepted == accepted:
            self._compared = (account.position.events, accepted)
        else:
            yield from self._settle()
        while self._doubtful and self._credits is not None:
            yield from self._settle()

    def book(self, command: BookCredit) -> None:
        """Core has the coins up to this position on disk."""
        if self._credits is not None:
            self._credits.book(command.position)

    def _at(self, events: int, accepted: int) -> CoinPosition:
        return CoinPosition(self.reporter.identity.serial, events, accepted, SPAN)

    def reading(self) -> Task[CoinPosition]:
        """Event and accept counters, from the device. Every coin behind them has been reported."""
        self._need_ready()
        accepted = yield from self._device.accepted()
        events = yield from self._poll()
        return self._at(events, accepted)


def _unbooked(account: Credits, position: CoinPosition) -> list[CashEvent]:
    """What core has not booked, marked as recovered; what was booked and is unknown to core again counts as lost."""
    past = account.past(position)
    known = sum(1 if isinstance(event, Credited) else event.count for event in past)
    total = lifetime_since(position.accepted, account.position.accepted) or 0
    replay: list[CashEvent] = []
    if total > known:
        at = CoinPosition(
            position.serial, position.events, lifetime_after(position.accepted, total - known), SPAN
        )
        replay.append(CreditsLost(total - known, at))
    for event in past:
        replay.append(Credited(event.value, event.position, True) if isinstance(event, Credited) else event)
    return replay
