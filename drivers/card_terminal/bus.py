"""The terminal bus: one payment terminal on the network, core's commands in, events out."""

from collections.abc import Callable

from drivers.acts import Act, Reply, fulfil, refuse
from drivers.card_terminal.tcp import TcpPort
from drivers.card_terminal.terminal import CardTerminal
from drivers.contract import AnyCommand, Authorise, Capture, ReadTerminal, Reverse, Status, StopCard
from drivers.scheduler import Scheduler
from drivers.serial_line import Port, SerialLine
from drivers.status_reporter import Emit

PASSWORD = "000000"


class TerminalBus:
    """The payment terminal at `address` ("host:port", in numbers). `password`: six digits, to register with."""

    def __init__(
        self,
        address: str,
        emit: Emit,
        password: str = PASSWORD,
        open_port: Callable[[str, int], Port] = TcpPort,
    ) -> None:
        self._line = SerialLine(address, 0, open_port)
        self._scheduler = Scheduler()
        self._terminal = CardTerminal(self._scheduler, self._line, password, emit)
        for life in (self._line.keep_open(), self._terminal.run()):
            self._scheduler.start(life)

    def submit(self, command: AnyCommand, reply: Reply) -> None:
        """Take one command; `reply` is called exactly once, on this thread, from a later tick."""
        act, terminal = Act(), self._terminal
        match command:
            case ReadTerminal():
                work = terminal.read(act)
            case Authorise():
                work = terminal.authorise(command, act)
            case StopCard():
                work = terminal.stop(command)
            case Capture():
                work = terminal.capture(command, act)
            case Reverse():
                work = terminal.reverse(command, act)
            case _:
                refuse(command, reply, "not a command of the terminal bus")
                return
        self._scheduler.start(fulfil(self._scheduler, command, act, work, reply))

    def tick(self, now: float) -> float:
        """Do what is due at `now` (monotonic s); when to call again."""
        return self._scheduler.tick(now)

    def interests(self) -> list[tuple[int, int]]:
        """Nothing: the line is looked at in short turns while a dialogue lasts."""
        return self._scheduler.interests()

    def statuses(self) -> tuple[Status, ...]:
        """The device as it is now."""
        return (self._terminal.reporter.status,)

    def core_gone(self) -> None:
        """Nothing: what was asked of the terminal goes on, and the next core asks its memory."""

    def close(self) -> None:
        """Hang up."""
        self._line.close()
