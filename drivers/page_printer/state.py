"""What is known of the printer: who it is, how it is, what it can do, how many sheets it has printed for life (P).

P is sheet_count.py's to say; what was found out by probing, examination.py's.
"""

from drivers.contract import DeviceError, DeviceName, DeviceState, ErrorCode, Identity, ReasonCode, Severity
from drivers.page_printer import operations as op
from drivers.page_printer.client import Client
from drivers.page_printer.examination import Examination
from drivers.page_printer.ipp import PRINTER_GROUP, Attribute, Group
from drivers.page_printer.job import Snapshot
from drivers.page_printer.probe import Probe
from drivers.page_printer.reasons import JUDGED, judge, tray_levels
from drivers.page_printer.search import CALL_S, JobSearch
from drivers.page_printer.sheet_count import SheetCount
from drivers.page_printer.snmp import LifeCount
from drivers.page_printer.suitability import Suitability, suitability
from drivers.scheduler import Scheduler, Task
from drivers.status_reporter import GONE, Emit, StatusReporter

# A count that is not told for a moment (a lost datagram) is still one that the printer keeps.
_COUNT_MISSED_S = 10.0
# So many jobs in a row that are over and were not counted right, and the counts are believed no more.
_MISCOUNTS = 2
# printer-make-and-model is text(127) (RFC 8011, section 5.4.9); what is longer would not fit where core writes it.
_MAX_WORDS = 127
KEEPS_JOBS, COUNTS_SHEETS, COUNTS_JOBS = "jobs-by-name", "nv-sheet-counter", "job-sheet-counter"


class PrinterState:
    """One printer as it was seen last. `busy` says whether a job is followed: it is not probed then."""

    def __init__(
        self,
        scheduler: Scheduler,
        client: Client,
        search: JobSearch,
        uri: str,
        emit: Emit,
        life: LifeCount | None,
    ) -> None:
        self.reporter = StatusReporter(DeviceName.PRINTER, emit)
        self.search = search
        self.seen: Snapshot | None = None
        self.there = False
        self.busy = False
        self.suits = Suitability()
        self._scheduler, self._client, self._uri = scheduler, client, uri
        self.count = SheetCount(scheduler, life)
        self.examination = Examination(scheduler, Probe(client, uri, search), search)
        self._counted_at = float("-inf")
        self._miscounts = 0

    @property
    def template(self) -> tuple[Attribute, ...]:
        """What a job is told, so that it is printed as a certificate has to be."""
        return self.suits.template

    def lost(self, error: DeviceError) -> None:
        """It does not answer."""
        self.there = False
        gone = error.code is ErrorCode.NOT_PRESENT
        self.reporter.gone(ReasonCode.UNPLUGGED if gone else ReasonCode.SILENT, error.detail)

    def look(self, *, patiently: bool = False) -> Task[Snapshot]:
        """Read the printer and take note. `patiently`: somebody waits for P. Raises DeviceError."""
        printer, snapshot = yield from self.read(patiently=patiently)
        self.note(printer, snapshot)
        return snapshot

    def read(self, *, patiently: bool = False) -> Task[tuple[Group, Snapshot]]:
        """The printer's attributes, and what they and its life count come to. Raises DeviceError."""
        answer = yield from self._client.ask(op.get_printer(self._uri), CALL_S)
        if not op.succeeded(answer):
            raise DeviceError(ErrorCode.PROTOCOL, f"printer: IPP status {answer.code:#06x}", retryable=True)
        printer = answer.group(PRINTER_GROUP)
        return printer, (yield from self.count.read(printer, patiently=patiently))

    def note(self, printer: Group, now: Snapshot) -> None:
        """Take over what was read."""
        before, self.seen = self.seen, now
        self.there = True
        self.reporter.clear(*GONE)
        self.reporter.identity = Identity(
            model=printer.text("printer-make-and-model")[:_MAX_WORDS],
            serial=now.uuid,
            firmware=printer.text("printer-firmware-string-version")[:_MAX_WORDS],
        )
        if before is not None and before.restarted(now):
            self.reporter.epoch += 1
            self.reporter.raise_reason(ReasonCode.DEVICE_RESET, Severity.INFO, "printer-up-time went back")
            self._miscounts = 0
        if before is not None and before.uuid != now.uuid:
            self.reporter.epoch += 1
        if before is not None and before.serial != now.serial:
            self._counted_at = float("-inf")
        if now.sheets is not None:
            self._counted_at = self._scheduler.now
        levels = tray_levels(printer)
        # A tray that only says "some" (-3) or nothing (-2) may hold more than any that knows.
        tray = max(levels) if levels and min(levels) >= 0 else None
        counters = {"sheets": now.sheets, "tray": tray}
        self.reporter.counters = {name: value for name, value in counters.items() if value is not None}
        self.reporter.keep_only(judge(printer), JUDGED)
        self.suits = suitability(printer)
        self.examination.of(now.uuid, self.reporter.identity.firmware)
        self.show()

    # --- the probe ------------------------------------------------------------------------------------------------

    def examine(self) -> Task[None]:
        """Probe a printer that was not probed yet, or failed. Not while it has anything to do. Raises DeviceError."""
        if self.busy or not self.examination.due():
            return
        try:
            yield from self.examination.make((*self.suits.template, *self.suits.hold))
        finally:
            self.show()

    def examined(self) -> Task[None]:
        """Wait for a probe under way, or make it. Raises DeviceError for a printer that did not pass."""
        yield from self.probe_over()
        yield from self.examine()
        self.examination.passed()

    def probe_over(self) -> Task[None]:
        """A job that is looked for must not be mixed up with the probe's."""
        while self.examination.probing:
            yield 0.1

    def distrust(self, flaw: str) -> None:
        """What the probe has shown is not so, or no longer."""
        self.examination.distrust(flaw)
        self.show()

    def counted(self, *, right: bool) -> None:
        """A job is over, and its sheets were counted as they had to be, or not. Where they never are, nothing sells."""
        self._miscounts = 0 if right else self._miscounts + 1
        self.show()

    # --- what is told ---------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Tell what the printer can do, and how it is."""
        verdict, flaw = self.examination.verdict, self.examination.flaw
        believed = self._miscounts < _MISCOUNTS
        able = {
            KEEPS_JOBS: verdict is not None and not flaw,
            COUNTS_JOBS: believed and verdict is not None and verdict.counts_job,
            COUNTS_SHEETS: believed and self._scheduler.now - self._counted_at <= _COUNT_MISSED_S,
        }
        self.reporter.capabilities = self.suits.capabilities | {name for name, can in able.items() if can}
        if flaw:
            self.reporter.raise_reason(ReasonCode.PROTOCOL, Severity.WARN, flaw[:120])
        else:
            self.reporter.clear(ReasonCode.PROTOCOL)
        if self.there:
            known = DeviceState.READY if verdict is not None else DeviceState.INITIALISING
            self.reporter.enter(DeviceState.BUSY if self.busy else known)
