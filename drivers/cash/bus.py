"""The cash bus: acceptor and hopper on one ccTalk line, core's commands in, events out."""

from collections.abc import Callable

from msgspec.structs import replace

from drivers.acts import Act, Reply, fulfil, refuse
from drivers.cash.coin import Coin
from drivers.cash.hopper import Hopper
from drivers.cash.master import Master
from drivers.contract import (
    AnyCommand,
    BookCredit,
    CashReading,
    Collect,
    Completed,
    DeviceError,
    Dispense,
    ErrorCode,
    Outcome,
    ReadCash,
    Resume,
    Status,
    StopCollect,
)
from drivers.face import Emit
from drivers.serial_line import Port, SerialLine
from drivers.turns import DeadlinePassed, Turns, Work

BAUD = 9600


class CashBus:
    """Both cash devices on the port at `path`. Acceptance is off until core resumes, and as soon as core is gone."""

    def __init__(self, path: str, emit: Emit, open_port: Callable[[str, int], Port] | None = None) -> None:
        self._line = SerialLine(path, BAUD, open_port) if open_port else SerialLine(path, BAUD)
        self._turns = Turns()
        master = Master(self._line)
        self._coin = Coin(self._turns, master, emit)
        self._hopper = Hopper(self._turns, master, emit)
        for life in (self._line.keep_open(), self._coin.run(), self._hopper.run()):
            self._turns.start(life)

    def submit(self, command: AnyCommand, reply: Reply) -> None:
        """Take one command; `reply` is called exactly once, on this thread, from a later tick."""
        act = Act()
        match command:
            case Resume():
                work = self._resume(command, act)
            case Collect():
                work = self._coin.collect(command, act)
            case StopCollect():
                work = self._stop_collect(act)
            case ReadCash():
                work = self._read(act)
            case Dispense():
                work = self._hopper.dispense(command, act)
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
        return self._coin.face.status, self._hopper.face.status

    def core_gone(self) -> None:
        """Core's connection is lost: inhibit acceptance at once."""
        self._turns.start(self._coin.core_gone())

    def close(self) -> None:
        """Give the port back. An acceptor that is no longer polled rejects coins by itself."""
        self._line.close()

    def _resume(self, command: Resume, act: Act) -> Work[None]:
        act.begun = True
        try:
            yield from self._coin.resume(command)
        except DeviceError as error:
            if error.code is ErrorCode.IDENTITY:
                yield from self._read(act)
            raise
        self._hopper.resumed()
        yield from self._read(act)

    def _stop_collect(self, act: Act) -> Work[None]:
        counters = yield from self._coin.stop_collect(act, self._read_hopper(act))
        if counters is None:
            yield from self._read_coin(act)
        else:
            self._add_coin(act, *counters)

    def _read(self, act: Act) -> Work[None]:
        yield from self._read_hopper(act)
        yield from self._read_coin(act)
        if act.result == CashReading():
            raise DeviceError(ErrorCode.NOT_PRESENT, "neither cash device answers", retryable=True)

    def _read_hopper(self, act: Act) -> Work[None]:
        try:
            hopper = yield from self._hopper.reading()
        except DeadlinePassed:
            raise
        except DeviceError:
            act.result = CashReading()
            return
        act.result = CashReading(
            hopper_serial=hopper.serial, dispensed=hopper.dispensed, paying=hopper.paying, low=hopper.low
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
