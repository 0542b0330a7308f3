"""The paper bus: the A4 printer (network) and the presenter (serial), because their evidence belongs together."""

from collections.abc import Callable

from drivers.acts import Act, Reply, fulfil, refuse
from drivers.contract import (
    AnyCommand,
    CancelJob,
    DeviceError,
    ErrorCode,
    FollowJob,
    Hold,
    OpenJob,
    PaperReading,
    Present,
    ReadPaper,
    Retract,
    Status,
)
from drivers.page_printer.client import Wire
from drivers.page_printer.printer import PagePrinter
from drivers.page_printer.snmp import SnmpSettings
from drivers.presenter.presenter import BAUD, Presenter
from drivers.scheduler import DeadlinePassed, Scheduler, Task
from drivers.serial_line import Port, SerialLine
from drivers.status_reporter import Emit


class PaperBus:
    """The printer at `uri` and the presenter on the port at `path`. Raises ValueError for a wrong URI."""

    def __init__(
        self,
        uri: str,
        path: str,
        emit: Emit,
        wire: Wire | None = None,
        open_port: Callable[[str, int], Port] | None = None,
        snmp: SnmpSettings | None = None,
    ) -> None:
        self._line = SerialLine(path, BAUD, open_port) if open_port else SerialLine(path, BAUD)
        self._scheduler = Scheduler()
        self._printer = PagePrinter(self._scheduler, uri, emit, wire, snmp)
        self._presenter = Presenter(self._scheduler, self._line, emit)
        for life in (self._printer.run(), self._line.keep_open(), self._presenter.run()):
            self._scheduler.start(life)

    def submit(self, command: AnyCommand, reply: Reply) -> None:
        """Take one command; `reply` is called exactly once, on this thread, from a later tick."""
        act = Act()
        match command:
            case OpenJob():
                work = self._printer.open_job(command, act)
            case FollowJob():
                work = self._printer.follow_job(command, act)
            case CancelJob():
                work = self._with_sensors(self._printer.cancel_job(command, act), act)
            case ReadPaper():
                work = self._read(command, act)
            case Hold():
                work = self._presenter.hold(act)
            case Present():
                work = self._with_sheets(self._presenter.present(act), act)
            case Retract():
                self._printer.job_named(command.printer_serial)
                work = self._with_sheets(self._presenter.retract(act), act)
            case _:
                refuse(command, reply, "not a command of the paper bus")
                return
        self._scheduler.start(fulfil(self._scheduler, command, act, work, reply))

    def tick(self, now: float) -> float:
        """Do what is due at `now` (monotonic s); when to call again."""
        return self._scheduler.tick(now)

    def interests(self) -> list[tuple[int, int]]:
        """The printer's connection, while an answer is awaited."""
        return self._scheduler.interests()

    def statuses(self) -> tuple[Status, ...]:
        """The devices as they are now."""
        return self._printer.reporter.status, self._presenter.reporter.status

    def core_gone(self) -> None:
        """Nothing: paper that moves is followed to its end, whoever listens."""

    def close(self) -> None:
        """Give port and connection back."""
        self._line.close()
        self._printer.close()

    def _read(self, command: ReadPaper, act: Act) -> Task[None]:
        """Both halves, each as far as its device answers; sheets first, so that what was counted is seen, too."""
        printer = PaperReading()
        try:
            printer = yield from self._printer.read(command)
        except DeadlinePassed:
            act.result = self._presenter.reading()
            raise
        except DeviceError:
            pass
        presenter = yield from self._sensors()
        if printer == presenter == PaperReading():
            raise DeviceError(ErrorCode.NOT_PRESENT, "neither printer nor presenter answers", retryable=True)
        act.result = _joined(printer, presenter)

    def _with_sensors(self, work: Task[None], act: Act) -> Task[None]:
        """Run the printer's command; its reading gets the presenter's half as it is behind the last sheet counted.

        As polled last it could be from before that sheet, and paper that lies inside would look taken.
        """
        failure: DeviceError | None = None
        try:
            yield from work
        except DeadlinePassed:
            raise
        except DeviceError as error:
            failure = error
        if isinstance(act.result, PaperReading):
            act.result = _joined(act.result, (yield from self._sensors()))
        if failure is not None:
            raise failure

    def _sensors(self) -> Task[PaperReading]:
        """The presenter's half, from the device; empty when it does not answer."""
        try:
            return (yield from self._presenter.read())
        except DeadlinePassed:
            raise
        except DeviceError:
            return PaperReading()

    def _with_sheets(self, work: Task[None], act: Act) -> Task[None]:
        """Run the presenter's command; its reading gets the printer's half as polled last."""
        try:
            yield from work
        finally:
            if isinstance(act.result, PaperReading):
                act.result = _joined(self._printer.last_reading(), act.result)


def _joined(printer: PaperReading, presenter: PaperReading) -> PaperReading:
    return PaperReading(
        printer_serial=printer.printer_serial,
        sheets=printer.sheets,
        presenter_serial=presenter.presenter_serial,
        retracts=presenter.retracts,
        path=presenter.path,
        mouth=presenter.mouth,
        job_sheets=printer.job_sheets,
    )
