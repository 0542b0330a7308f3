"""The bus of the UPS: asks upsd once a second, tells core what the machine runs on, and turns it off when asked."""

from collections.abc import Callable, Sequence

from drivers.acts import Act, Reply, fulfil, refuse
from drivers.contract import (
    AnyCommand,
    DeviceError,
    DeviceName,
    DeviceState,
    ErrorCode,
    Halt,
    PowerChanged,
    PowerReading,
    ReadPower,
    ReasonCode,
    Status,
    Supply,
)
from drivers.scheduler import Scheduler, Task, ask
from drivers.status_reporter import Emit, StatusReporter
from drivers.ups import meaning
from drivers.ups.halting import halt
from drivers.ups.line import Question, SocketWire, Wire
from drivers.ups.words import Acknowledged, Reader, Variables, address, command
from drivers.why import why

ROUND_S = 1.0
_ALL = frozenset({ReasonCode.ON_BATTERY, ReasonCode.BATTERY_LOW, ReasonCode.BATTERY_WORN})


class UpsBus:
    """The UPS at `where` (words.address; ValueError for another form). `login`: user and password, if upsd wants them.

    `turn_off`: the command that turns the machine off; empty where nothing shall. As a device it is ABSENT as long as
    nobody says what the machine runs on: no server, none that answers in time, or one whose driver has lost the UPS.
    """

    def __init__(
        self,
        where: str,
        emit: Emit,
        *,
        login: tuple[str, str] | None = None,
        turn_off: Sequence[str] = (),
        connect: Callable[[], Wire] | None = None,
    ) -> None:
        at = address(where)
        self._ups, self._login, self._turn_off = at.ups, login, tuple(turn_off)
        self._connect = connect if connect is not None else lambda: SocketWire(at)
        self._emit = emit
        self._scheduler = Scheduler()
        self._wire: Wire | None = None
        self._reading = PowerReading()
        self.reporter = StatusReporter(DeviceName.UPS, emit, frozenset({"halt"} if turn_off else ()))
        self._scheduler.start(self._live())

    def submit(self, asked: AnyCommand, reply: Reply) -> None:
        """Take one command; `reply` is called exactly once, on this thread, from a later tick."""
        act = Act()
        match asked:
            case ReadPower():
                work = self._read(act)
            case Halt():
                work = halt(self._turn_off, act)
            case _:
                refuse(asked, reply, "not a command of the UPS bus")
                return
        self._scheduler.start(fulfil(self._scheduler, asked, act, work, reply))

    def tick(self, now: float) -> float:
        """Do what is due at `now` (monotonic s); when to call again."""
        return self._scheduler.tick(now)

    def interests(self) -> list[tuple[int, int]]:
        """The answer that is waited for."""
        return self._scheduler.interests()

    def statuses(self) -> tuple[Status, ...]:
        """The device as it is now."""
        return (self.reporter.status,)

    def core_gone(self) -> None:
        """Nothing: the mains come and go, whoever listens. The next core asks with ReadPower."""

    def close(self) -> None:
        """Hang up."""
        self._hang_up()

    def _live(self) -> Task[None]:
        """A conversation after the other, for ever."""
        while True:
            try:
                yield from self._converse()
            except DeviceError as error:
                self._unknown(error.detail or error.code.value)
            except OSError as error:
                self._unknown(why(error)[1])
            self._hang_up()
            yield ROUND_S

    def _converse(self) -> Task[None]:
        """From the connection to its loss. Raises DeviceError, OSError."""
        self._wire = wire = self._connect()
        if self._login is not None:
            for line in (("USERNAME", self._login[0]), ("PASSWORD", self._login[1])):
                yield from ask(Question(wire, command(*line), Reader(Acknowledged())))
        while True:
            variables = Variables(self._ups)
            yield from ask(Question(wire, command("LIST", "VAR", self._ups), Reader(variables)))
            self._take(variables.found)
            yield ROUND_S

    def _take(self, said: dict[str, str]) -> None:
        reading, reporter = meaning.reading(said), self.reporter
        if reading.supply is Supply.UNKNOWN:
            self._unknown("it says neither on line nor on battery")
            return
        reporter.identity = meaning.identity(said)
        told = {"charge": reading.charge, "runtime_s": reading.runtime_s}
        reporter.counters = {name: value for name, value in told.items() if value is not None}
        reporter.clear(ReasonCode.SILENT, *_ALL)
        for code, severity in meaning.reasons(said).items():
            reporter.raise_reason(code, severity)
        self._tell(reading)
        reporter.enter(DeviceState.READY)

    def _unknown(self, why: str) -> None:
        """Nobody says what the machine runs on now: what was said before is no answer."""
        self.reporter.counters = {}
        self._tell(PowerReading())
        self.reporter.gone(ReasonCode.SILENT, why)

    def _tell(self, reading: PowerReading) -> None:
        if reading != self._reading:
            self._reading = reading
            self._emit(PowerChanged(reading))

    def _hang_up(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def _read(self, act: Act) -> Task[None]:
        """What was heard last: the rounds are a second apart, and a round without an answer has told already."""
        act.result = self._reading
        if self._reading.supply is Supply.UNKNOWN:
            raise DeviceError(ErrorCode.NOT_PRESENT, "nobody says what the machine runs on")
        yield from ()
