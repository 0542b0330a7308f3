"""The cash bus: acceptor, hoppers and validator, core's commands in, events out. What each of them speaks is not known.

Which devices there are, and on which port, is told by the machine's settings (Fittings).
"""

from msgspec import Struct
from msgspec.structs import replace

from drivers.acts import Act, Reply, fulfil, refuse
from drivers.cash.devices import CashDevice, CoinDispenser
from drivers.cash.protocols import PROTOCOLS
from drivers.cash.wire import NoSuchDeviceError, OpenPort, Wire
from drivers.contract import (
    AnyCommand,
    BookCredit,
    BookNote,
    CashReading,
    CoinPosition,
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
from drivers.scheduler import DeadlinePassed, Scheduler, Task
from drivers.status_reporter import Emit


class Fitting(Struct, frozen=True):
    """One device: a name of PROTOCOLS, its port ("" for the bus's own), and its checksum where there is a choice."""

    protocol: str = "cctalk"
    port: str = ""
    checksum: str = ""


class Fittings(Struct, frozen=True):
    """What the machine was built with."""

    acceptor: Fitting = Fitting()
    hoppers: tuple[Fitting, ...] = (Fitting(),)
    validator: Fitting | None = None


PLAIN = Fittings()
FULL = Fittings(hoppers=(Fitting(), Fitting()), validator=Fitting())
"""Two hoppers and a validator, all on one ccTalk line."""


class CashBus:
    """The cash devices; `path` is the bus's own port. Acceptance is off until core resumes, and once core is gone.

    Raises NoSuchDeviceError: a protocol that is not known, that has no such device, or whose port another one has.
    """

    def __init__(
        self, path: str, emit: Emit, open_port: OpenPort | None = None, fittings: Fittings = PLAIN
    ) -> None:
        self._scheduler = Scheduler()
        self._orders = 0
        self._wires: dict[tuple[str, str], Wire] = {}

        def wire(fitting: Fitting) -> Wire:
            """Devices of one protocol on one port share it."""
            if fitting.protocol not in PROTOCOLS:
                known = ", ".join(PROTOCOLS)
                raise NoSuchDeviceError(f"no cash device speaks {fitting.protocol!r}; known: {known}")
            at = (fitting.protocol, fitting.port or path)
            if others := [protocol for protocol, port in self._wires if port == at[1] and protocol != at[0]]:
                raise NoSuchDeviceError(f"{at[1]} can't be the port of {at[0]} and of {others[0]}")
            if at not in self._wires:
                self._wires[at] = PROTOCOLS[at[0]](at[1], self._scheduler, emit, open_port)
            return self._wires[at]

        self._coin = wire(fittings.acceptor).acceptor()
        self._hoppers = tuple(wire(fitting).hopper(number) for number, fitting in enumerate(fittings.hoppers))
        note = fittings.validator
        self._note = wire(note).validator(note.checksum) if note is not None else None
        for each in self._wires.values():
            self._scheduler.start(each.keep_open())
        for device in self._devices():
            self._scheduler.start(device.run())

    def _devices(self) -> tuple[CashDevice, ...]:
        return (self._coin, *self._hoppers, *((self._note,) if self._note is not None else ()))

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
        self._scheduler.start(fulfil(self._scheduler, command, act, work, reply))

    def tick(self, now: float) -> float:
        """Do what is due at `now` (monotonic s); when to call again."""
        return self._scheduler.tick(now)

    def interests(self) -> list[tuple[int, int]]:
        """Nothing: the line is read at the pace of its bytes."""
        return self._scheduler.interests()

    def statuses(self) -> tuple[Status, ...]:
        """The devices as they are now."""
        return tuple(device.reporter.status for device in self._devices())

    def core_gone(self) -> None:
        """Core's connection is lost: inhibit acceptance at once."""
        self._orders += 1
        self._scheduler.start(self._coin.core_gone())
        if self._note is not None:
            self._scheduler.start(self._note.core_gone())

    def close(self) -> None:
        """Give the ports back."""
        for wire in self._wires.values():
            wire.close()

    def _resume(self, command: Resume, act: Act, coin: Task[None]) -> Task[None]:
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

    def _collect(self, command: Collect, act: Act, this: int) -> Task[None]:
        """Coins first: they decide whether this is done. A validator that is silent costs notes only.

        A later order may have come meanwhile; what it wants of the validator is not undone.
        """
        yield from self._coin.collect(command, act)
        if self._note is not None and this == self._orders:
            yield from _in_peace(self._note.collect(command.notes))

    def _dispense(self, command: Dispense, act: Act) -> Task[None]:
        if not 0 <= command.hopper < len(self._hoppers):
            raise DeviceError(ErrorCode.REFUSED, f"there is no hopper {command.hopper}")
        yield from self._hoppers[command.hopper].dispense(command, act)

    def _stop_collect(self, act: Act) -> Task[None]:
        act.begun = True
        self._hurry(1)
        try:
            yield from self._end_collect(act)
        finally:
            self._hurry(-1)

    def _hurry(self, by: int) -> None:
        for wire in self._wires.values():
            wire.hurry(by)

    def _end_collect(self, act: Act) -> Task[None]:
        if self._note is not None:
            yield from _in_peace(self._note.stop())
        position = yield from self._coin.stop_collect(act, self._read_hopper(act))
        if position is None:
            # A count of coins that nobody was told of would be taken for coins without a value.
            raise DeviceError(ErrorCode.REFUSED, "Resume comes first")
        self._add_coin(act, position)
        yield from self._read_note(act)

    def _read(self, act: Act) -> Task[None]:
        yield from self._read_hopper(act)
        yield from self._read_coin(act)
        yield from self._read_note(act)
        read = act.result
        if isinstance(read, CashReading) and read.dispensed is None and read.accepted is None:
            raise DeviceError(ErrorCode.NOT_PRESENT, "neither cash device answers", retryable=True)

    def _read_hopper(self, act: Act) -> Task[None]:
        counts: list[HopperCount | None] = []
        for hopper in self._hoppers:
            counts.append((yield from _count(hopper)))
        first, *more = counts
        act.result = CashReading(more_hoppers=tuple(more))
        if first is not None:
            act.result = CashReading(
                hopper_serial=first.serial,
                dispensed=first.dispensed,
                dispensed_span=first.span,
                paying=first.paying,
                low=first.low,
                more_hoppers=tuple(more),
            )

    def _read_note(self, act: Act) -> Task[None]:
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
            stacked_span=position.span,
            note_clear=clear,
        )

    def _read_coin(self, act: Act) -> Task[None]:
        try:
            position = yield from self._coin.reading()
        except DeadlinePassed:
            raise
        except DeviceError:
            return
        self._add_coin(act, position)

    def _add_coin(self, act: Act, position: CoinPosition) -> None:
        hopper = act.result if isinstance(act.result, CashReading) else CashReading()
        act.result = replace(
            hopper,
            coin_serial=position.serial,
            events=position.events,
            accepted=position.accepted,
            accepted_span=position.span,
        )


def _count(hopper: CoinDispenser) -> Task[HopperCount | None]:
    """A hopper's counters as they are now; None when it does not answer."""
    try:
        return (yield from hopper.reading())
    except DeadlinePassed:
        raise
    except DeviceError:
        return None


def _in_peace(work: Task[None]) -> Task[None]:
    """What the validator was asked beside the coins: its trouble shows in its own state and is not theirs."""
    try:
        yield from work
    except DeadlinePassed:
        raise
    except DeviceError:
        return
