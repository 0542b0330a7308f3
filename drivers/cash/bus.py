"""The cash bus: acceptor, hoppers and validator on one ccTalk line, core's commands in, events out."""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from drivers.acts import Act, Reply, fulfil, refuse
from drivers.cash.coin import Coin
from drivers.cash.hopper import ADDRESS as FIRST_HOPPER
from drivers.cash.hopper import Hopper
from drivers.cash.master import Master
from drivers.cash.note import Note
from drivers.cash.validator import ADDRESS as VALIDATOR
from drivers.contract import (
    AnyCommand,
    BookCredit,
    BookNote,
    CashReading,
    Collect,
    Completed,
    DeviceError,
    Dispense,
    ErrorCode,
    HopperCount,
    Outcome,
    ReadCash,
    Resume,
    ReturnNote,
    StackNote,
    Status,
    StopCollect,
)
from drivers.face import Emit
from drivers.serial_line import Port, SerialLine
from drivers.turns import DeadlinePassed, Turns, Work

BAUD = 9600


class Fittings(Struct, frozen=True):
    """What hangs on this bus beside the acceptor: how many hoppers, whether a bill validator, and if it wants CRCs."""

    hoppers: int = 1
    notes: bool = False
    crc: bool = True


PLAIN = Fittings()


class CashBus:
    """The cash devices on the port at `path`. Acceptance is off until core resumes, and as soon as core is gone."""

    def __init__(
        self,
        path: str,
        emit: Emit,
        open_port: Callable[[str, int], Port] | None = None,
        fittings: Fittings = PLAIN,
    ) -> None:
        self._line = SerialLine(path, BAUD, open_port) if open_port else SerialLine(path, BAUD)
        self._turns = Turns()
        self._orders = 0
        self._master = master = Master(self._line)
        self._coin = Coin(self._turns, master, emit)
        self._hoppers = tuple(
            Hopper(self._turns, master, emit, FIRST_HOPPER + at) for at in range(fittings.hoppers)
        )
        self._hopper = self._hoppers[0]
        self._note = Note(self._turns, master, emit) if fittings.notes else None
        if fittings.crc:
            master.crc.add(VALIDATOR)
        lives = [self._line.keep_open(), self._coin.run(), *(hopper.run() for hopper in self._hoppers)]
        for life in (*lives, *((self._note.run(),) if self._note else ())):
            self._turns.start(life)

    def submit(self, command: AnyCommand, reply: Reply) -> None:
        """Take one command; `reply` is called exactly once, on this thread, from a later tick."""
        act = Act()
        if isinstance(command, Resume | Collect | StopCollect):
            self._orders += 1
        match command:
            case Resume():
                work = self._resume(command, act, self._coin.resume(command))
            case Collect():
                work = self._collect(command, act, self._orders)
            case StopCollect():
                work = self._stop_collect(act)
            case ReadCash():
                work = self._read(act)
            case Dispense():
                work = self._dispense(command, act)
            case StackNote() if self._note is not None:
                work = self._note.stack(command, act)
            case ReturnNote() if self._note is not None:
                work = self._note.give_back(command, act)
            case BookNote() if self._note is not None:
                self._note.book(command)
                reply(Completed(command.request, Outcome.DONE), None)
                return
            case BookCredit():
                self._coin.book(command)
                reply(Completed(command.request, Outcome.DONE), None)
                return
            case _:
                refuse(command, reply, "not a command of the cash bus")
                return
        self._turns.start(fulfil(self._turns, command, act, work, reply))

    def tick(self, now: float) -> float:
        """Do what is due at `now` (monotonic s); when to call again."""
        return self._turns.tick(now)

    def interests(self) -> list[tuple[int, int]]:
        """Nothing: the line is read at the pace of its bytes."""
        return self._turns.interests()

    def statuses(self) -> tuple[Status, ...]:
        """The devices as they are now."""
        devices = (self._coin, *self._hoppers, *((self._note,) if self._note else ()))
        return tuple(device.face.status for device in devices)

    def core_gone(self) -> None:
        """Core's connection is lost: inhibit acceptance at once."""
        self._orders += 1
        self._turns.start(self._coin.core_gone())
        if self._note is not None:
            self._turns.start(self._note.core_gone())

    def close(self) -> None:
        """Give the port back. An acceptor that is no longer polled rejects coins by itself."""
        self._line.close()

    def _resume(self, command: Resume, act: Act, coin: Work[None]) -> Work[None]:
        act.begun = True
        if self._note is not None:
            yield from _in_peace(self._note.resume(command.notes))
        try:
            yield from coin
        except DeviceError as error:
            if error.code is ErrorCode.IDENTITY:
                yield from self._read(act)
            raise
        for hopper in self._hoppers:
            hopper.resumed()
        yield from self._read(act)

    def _collect(self, command: Collect, act: Act, this: int) -> Work[None]:
        """Coins first: they decide whether this is done. A validator that is silent costs notes only.

        A later order may have come meanwhile; what it wants of the validator is not undone.
        """
        yield from self._coin.collect(command, act)
        if self._note is not None and this == self._orders:
            yield from _in_peace(self._note.collect(command.notes))

    def _dispense(self, command: Dispense, act: Act) -> Work[None]:
        if not 0 <= command.hopper < len(self._hoppers):
            raise DeviceError(ErrorCode.REFUSED, f"there is no hopper {command.hopper}")
        yield from self._hoppers[command.hopper].dispense(command, act)

    def _stop_collect(self, act: Act) -> Work[None]:
        act.begun = True
        self._master.awaited += 1
        try:
            yield from self._end_collect(act)
        finally:
            self._master.awaited -= 1

    def _end_collect(self, act: Act) -> Work[None]:
        if self._note is not None:
            yield from _in_peace(self._note.stop())
        counters = yield from self._coin.stop_collect(act, self._read_hopper(act))
        if counters is None:
            # A count of coins that nobody was told of would be taken for coins without a value.
            raise DeviceError(ErrorCode.REFUSED, "Resume comes first")
        self._add_coin(act, *counters)
        yield from self._read_note(act)

    def _read(self, act: Act) -> Work[None]:
        yield from self._read_hopper(act)
        yield from self._read_coin(act)
        yield from self._read_note(act)
        read = act.result
        if isinstance(read, CashReading) and read.dispensed is None and read.accepted is None:
            raise DeviceError(ErrorCode.NOT_PRESENT, "neither cash device answers", retryable=True)

    def _read_hopper(self, act: Act) -> Work[None]:
        counts: list[HopperCount | None] = []
        for hopper in self._hoppers:
            counts.append((yield from _count(hopper)))
        first, *more = counts
        act.result = CashReading(more_hoppers=tuple(more))
        if first is not None:
            act.result = CashReading(
                hopper_serial=first.serial,
                dispensed=first.dispensed,
                paying=first.paying,
                low=first.low,
                more_hoppers=tuple(more),
            )

    def _read_note(self, act: Act) -> Work[None]:
        if self._note is None:
            return
        try:
            position, clear = yield from self._note.reading()
        except DeadlinePassed:
            raise
        except DeviceError:
            return
        read = act.result if isinstance(act.result, CashReading) else CashReading()
        act.result = replace(
            read,
            note_serial=position.serial,
            note_events=position.events,
            stacked=position.stacked,
            note_clear=clear,
        )

    def _read_coin(self, act: Act) -> Work[None]:
        try:
            events, accepted = yield from self._coin.reading()
        except DeadlinePassed:
            raise
        except DeviceError:
            return
        self._add_coin(act, events, accepted)

    def _add_coin(self, act: Act, events: int, accepted: int) -> None:
        hopper = act.result if isinstance(act.result, CashReading) else CashReading()
        serial = self._coin.face.identity.serial
        act.result = replace(hopper, coin_serial=serial, events=events, accepted=accepted)


def _count(hopper: Hopper) -> Work[HopperCount | None]:
    """A hopper's counters as they are now; None when it does not answer."""
    try:
        read = yield from hopper.reading()
    except DeadlinePassed:
        raise
    except DeviceError:
        return None
    return HopperCount(read.serial, read.dispensed, read.paying, read.low)


def _in_peace(work: Work[None]) -> Work[None]:
    """What the validator was asked beside the coins: its trouble shows in its own state and is not theirs."""
    try:
        yield from work
    except DeadlinePassed:
        raise
    except DeviceError:
        return
