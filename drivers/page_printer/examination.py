"""When a printer is probed, and what that has come to: who was probed, with which end, when it is tried again.

A probe that can't be brought to an end says nothing about the printer. That it can't, time and again, does: then that
is the verdict, with its reason, and few jobs are made for finding out.
"""

from drivers.contract import DeviceError, ErrorCode
from drivers.page_printer.ipp import Attribute
from drivers.page_printer.probe import Probe, Verdict
from drivers.page_printer.search import JobSearch
from drivers.scheduler import Scheduler, Task

# A printer that failed its probe is probed again: somebody may have mended its settings.
_AGAIN_S = 60.0
# How long after none, one, two probes that did not come to their end the next one is made; after more, that is a flaw.
_PAUSES_S = (0.0, 2.0, 10.0)


class Examination:
    """What is known by probing. `verdict` None: nothing yet; `probing`: a probe is under way."""

    def __init__(self, scheduler: Scheduler, probe: Probe, search: JobSearch) -> None:
        self.verdict: Verdict | None = None
        self.probing = False
        self._scheduler, self._probe, self._search = scheduler, probe, search
        self._who = ("", "")
        self._at = float("-inf")
        self._unfinished = 0

    def of(self, uuid: str, firmware: str) -> None:
        """This is the printer. Another one, or another firmware, is another question."""
        if (uuid, firmware) != self._who:
            self._who, self.verdict, self._search.names_kept = (uuid, firmware), None, False
            self._unfinished = 0

    @property
    def flaw(self) -> str:
        """Why jobs can't be told apart; "" when they can, or when nobody knows."""
        return self.verdict.flaw if self.verdict is not None else ""

    def due(self) -> bool:
        """Whether it is time for a probe."""
        if self.probing or (self.verdict is not None and not self.verdict.flaw):
            return False
        pause_s = _AGAIN_S if self.verdict is not None else _PAUSES_S[self._unfinished]
        return self._scheduler.now >= self._at + pause_s

    def make(self, template: tuple[Attribute, ...]) -> Task[None]:
        """Probe it. Raises DeviceError when that could not be brought to an end."""
        if not self._who[0]:
            self.distrust("no printer-uuid: nobody knows which printer this is")
            return
        who, self.probing = self._who, True
        try:
            verdict = yield from self._probe.run(template)
            if who == self._who:  # else it says nothing about the one that stands there by now
                self.verdict, self._unfinished = verdict, 0
        except DeviceError as error:
            self._count(error)
            raise
        finally:
            self.probing = False
            self._at = self._scheduler.now

    def _count(self, error: DeviceError) -> None:
        self._unfinished += 1
        if self._unfinished >= len(_PAUSES_S):
            self.verdict = Verdict(f"the probe does not come to an end: {error.detail}")

    def passed(self) -> None:
        """Raises DeviceError for a printer that did not pass."""
        if self.verdict is None:
            raise DeviceError(ErrorCode.BUSY, "the printer could not be probed yet", retryable=True)
        if self.verdict.flaw:
            raise DeviceError(ErrorCode.REFUSED, f"printer: {self.verdict.flaw}")

    def distrust(self, flaw: str) -> None:
        """What the probe has shown is not so, or no longer."""
        self.verdict, self._search.names_kept = Verdict(flaw), False
        self._at = self._scheduler.now
