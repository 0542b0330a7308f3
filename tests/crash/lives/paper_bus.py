"""The printer process: follows its jobs, reads counters and sensors, moves paper on command."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from drivers import contract as device
from tests.crash.lives.bus import Bus, End, Fate, absent
from tests.crash.lives.paper import Job, JobState, Presenter, Printer
from tests.crash.lives.power import Power
from tests.crash.lives.timeline import Timeline

POLL_MS = 80
PROVES = {
    "printer": {"nv-sheet-counter", "jobs-by-name", "pdf", "one-sided", "a4"},
    "presenter": {"path-sensor", "mouth-sensor", "nv-retract-counter"},
}
DONE, NOT_DONE, UNKNOWN = device.Outcome.DONE, device.Outcome.NOT_DONE, device.Outcome.UNKNOWN


class JobSocket:
    """What stands for the connection on which the worker writes the document."""

    def __init__(self, printer: Printer, job: Job) -> None:
        self._printer, self._job = printer, job

    def write(self, number: str, sheets: int) -> bool:
        """The whole document; whether the printer took it."""
        return self._printer.take(self._job, (number, sheets))

    def close(self) -> None:
        """Core keeps no copy."""

    def __enter__(self) -> "JobSocket":
        return self

    def __exit__(self, *_error: object) -> None: ...


class PaperBus(Bus):
    """One process for both, as their evidence belongs together."""

    name = "printer"
    devices = ("printer", "presenter")

    def __init__(
        self,
        timeline: Timeline,
        power: Power,
        fate: Callable[[Any], Fate],
        start_again: Callable[[str], None],
        things: tuple[Printer, Presenter],
    ) -> None:
        super().__init__(timeline, power, fate, start_again)
        self.printer, self.presenter = things
        self._following: dict[str, int] = {}
        self._followed: list[Job] = []
        self._in_motion: Callable[[], None] | None = None
        self._mouth = self.presenter.mouth
        self._retracts = self.presenter.retracts
        self.printer.heard = lambda: self.soon(lambda: self._tell_status("printer"), POLL_MS)
        self.presenter.heard = lambda: self.soon(self._look, POLL_MS)

    def status(self, name: str) -> device.Status:
        """Printer or presenter."""
        thing = self.printer if name == "printer" else self.presenter
        if not thing.current.lit:
            return absent(name)
        jammed = self.printer.stuck if name == "printer" else self.presenter.jammed
        serial = self.printer.serial if name == "printer" else self.presenter.serial
        jam = device.Reason(device.ReasonCode.PAPER_JAM, device.Severity.ERROR)
        return device.Status(
            name,
            device.DeviceState.BLOCKED if jammed else device.DeviceState.READY,
            (jam,) if jammed else (),
            device.Identity(serial=serial),
            capabilities=frozenset(PROVES[name]),
        )

    def _tell_status(self, name: str) -> None:
        self.say(device.StatusChanged(self.status(name)))

    def _look(self) -> None:
        """The sensors, as polled: paper that left the mouth without a retract is in a hand."""
        presenter = self.presenter
        if not presenter.current.lit:
            return
        if self._mouth and not presenter.mouth and presenter.retracts == self._retracts:
            self.say(device.PaperTaken())
        self._mouth, self._retracts = presenter.mouth, presenter.retracts
        self._tell_status("presenter")

    def _reading(self) -> device.PaperReading:
        printer, presenter = self.printer, self.presenter
        reading = device.PaperReading()
        if printer.current.lit:
            reading = replace(reading, printer_serial=printer.serial, sheets=printer.sheets)
        if presenter.current.lit:
            seen = {"path": presenter.path, "mouth": presenter.mouth}
            reading = replace(reading, presenter_serial=presenter.serial, retracts=presenter.retracts, **seen)
        return reading

    def _read(self, end: End) -> None:
        reading = self._reading()
        end(NOT_DONE if reading == device.PaperReading() else DONE, reading)

    def met_again(self, name: str) -> None:
        """What became of what was under way: a printer that was reset knows no job any more; a motor stands."""
        if name == "printer":
            for job in self._followed:
                if self.printer.find(job.key) is not job and self._following.get(job.key, -1) >= 0:
                    self._lose(job)
        elif self._in_motion is not None:
            self._in_motion()
        self._look()
        super().met_again(name)

    def _lose(self, job: Job) -> None:
        for sheet in range(self._following[job.key] + 1, job.out + 1):
            self.say(device.SheetOut(job.key, sheet))
        self._following[job.key] = -1
        self.say(device.JobEnded(job.key, UNKNOWN, job.out))

    def carry_out(self, command: Any, end: End) -> None:
        """One arm a command."""
        match command:
            case device.Hold() | device.Present() | device.Retract() if not self.presenter.current.lit:
                end(NOT_DONE, self._reading(), device.ErrorCode.NOT_PRESENT)
            case device.OpenJob() if not self.printer.current.lit:
                end(NOT_DONE, code=device.ErrorCode.NOT_PRESENT)
            case device.FollowJob() | device.CancelJob() if not self.printer.current.lit:
                end(UNKNOWN, code=device.ErrorCode.NOT_PRESENT)
            case device.Hold():
                held = self.presenter.hold()
                self.soon(lambda: end(DONE if held else NOT_DONE))
            case device.ReadPaper():
                self.soon(lambda: self._read(end))
            case device.OpenJob(key=key, sheets=sheets):
                self._open(key, sheets, end)
            case device.FollowJob(key=key, sheets=sheets):
                job = self.printer.find(key)
                if job is None:
                    end(NOT_DONE, code=device.ErrorCode.REFUSED)
                else:
                    end(DONE)
                    self._follow(job, sheets, again=True)
            case device.CancelJob(key=key):
                self._cancel(key, end)
            case device.Present():
                self._move(self.presenter.present, lambda: self.presenter.mouth, end, command.deadline_ms)
            case device.Retract():
                clear = lambda: not (self.presenter.path or self.presenter.mouth)  # noqa: E731
                self._move(self.presenter.retract, clear, end, command.deadline_ms)
            case _:
                pass

    # --- jobs ---------------------------------------------------------------------------------------------------------

    def _open(self, key: str, sheets: int, end: End) -> None:
        job = self.printer.find(key)
        if self.printer.stuck:
            end(NOT_DONE, code=device.ErrorCode.JAM)
            return
        if job is not None and (job.state is not JobState.OPEN or job.out):
            end(UNKNOWN, code=device.ErrorCode.REFUSED)
            return
        job = job or self.printer.create(key)
        opened = device.JobOpened(key, len(self.printer.jobs), "printer:631", "/ipp/print", "ipp://printer")
        end(DONE, opened, handing=JobSocket(self.printer, job))
        self._follow(job, sheets)

    def _follow(self, job: Job, sheets: int, *, again: bool = False) -> None:
        if again:
            self._following.pop(job.key, None)
        if job.key in self._following:
            return
        self._following[job.key] = 0
        self._followed = [*self._followed[-3:], job]
        job.heard.append(lambda: self.soon(lambda: self._progress(job, sheets), POLL_MS))
        if again:
            self.soon(lambda: self._progress(job, sheets))

    def _progress(self, job: Job, sheets: int) -> None:
        told = self._following.get(job.key)
        if told is None or told < 0:
            return
        for sheet in range(told + 1, job.out + 1):
            self.say(device.SheetOut(job.key, sheet))
        self._following[job.key] = job.out
        if job.state in (JobState.DONE, JobState.CANCELLED):
            self._following[job.key] = -1
            whole = job.state is JobState.DONE and job.out == sheets
            outcome = DONE if whole else UNKNOWN if job.out else NOT_DONE
            self.say(device.JobEnded(job.key, outcome, job.out))

    def _cancel(self, key: str, end: End) -> None:
        job = self.printer.find(key)
        if job is None:
            self.soon(lambda: end(NOT_DONE, self._reading(), device.ErrorCode.REFUSED))
            return
        if job.state in (JobState.OPEN, JobState.PRINTING):
            self.printer.cancel(job)
        self._until_ended(job, end)

    def _until_ended(self, job: Job, end: End) -> None:
        if not self.printer.current.lit:
            end(UNKNOWN, code=device.ErrorCode.NOT_PRESENT)
        elif job.state in (JobState.DONE, JobState.CANCELLED) or job not in self.printer.jobs:
            end(DONE, self._reading())
        else:
            self.soon(lambda: self._until_ended(job, end), POLL_MS)

    # --- the presenter ------------------------------------------------------------------------------------------------

    def _move(
        self,
        motor: Callable[[Callable[[], None]], bool],
        well: Callable[[], bool],
        end: End,
        deadline_ms: int,
    ) -> None:
        def cut_short() -> None:
            """It lost its current over it, and nothing moves any more."""
            self._in_motion = None
            inside = self.presenter.path or self.presenter.mouth
            end(NOT_DONE if inside else UNKNOWN, self._reading(), device.ErrorCode.RESET)

        def late() -> None:
            if self._in_motion is cut_short and not self.presenter.current.lit:
                self._in_motion = None
                end(UNKNOWN, code=device.ErrorCode.TIMEOUT)

        def over() -> None:
            self._in_motion = None
            if self.presenter.jammed:
                end(UNKNOWN, self._reading(), device.ErrorCode.JAM)
            else:
                end(DONE if well() or not self.presenter.path else UNKNOWN, self._reading())

        def start() -> None:
            if not self.presenter.current.lit:
                end(NOT_DONE, self._reading(), device.ErrorCode.NOT_PRESENT)
            elif self.presenter.moving:
                self.soon(start, POLL_MS)
            elif motor(over):
                self._in_motion = cut_short
                self.soon(late, deadline_ms)
            else:
                jammed = self.presenter.jammed
                clear = not (self.presenter.path or self.presenter.mouth)
                ended = clear and motor == self.presenter.retract
                code = device.ErrorCode.JAM if jammed else device.ErrorCode.EMPTY
                end(DONE if ended else NOT_DONE, self._reading(), None if ended else code)

        start()
