"""Keeps the start: whom core still waits for since it came up, before it says what can be had.

And for how long there has been no worker: the next one is waited for as long as a start, and then it is silent.
"""

from collections.abc import Callable, Mapping

from drivers.contract import USABLE, Status
from kiosk.core.peers import Peers
from kiosk.health import start
from kiosk.health.health import WORKER_SILENT, WORKER_STARTING, Ailment
from kiosk.health.parts import CASH_DEVICES
from kiosk.log import log_event
from kiosk.settings import Settings

HOPPER, PRESENTER = "hopper", "presenter"


class StartWatch:
    """Begins with core, whatever was up before it. `linked`: central was called, with or without success."""

    def __init__(self, settings: Settings, peers: Peers, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._start = start.begun(peers.devices(settings), now_ms())
        self._worker, self._worker_went_ms = peers.worker, now_ms()
        self.linked = False

    def worker(self) -> tuple[Ailment, ...]:
        """Whether there is none to serve, or serving, and for so long that the next one is late. Ask at each look."""
        now_ms = self._now_ms()
        if self._worker.up:
            self._worker_went_ms = now_ms
            return ()
        late = now_ms - self._worker_went_ms >= start.START_MS
        return (WORKER_SILENT if late else WORKER_STARTING,)

    def ailments(
        self, statuses: Mapping[str, Status], *, counted: bool, sweeping: bool, proved: bool
    ) -> tuple[Ailment, ...]:
        """Whose first word is still waited for. `counted`: what the hoppers hold is known; as long as one of the cash
        devices says that it can't work nobody waits for that. `sweeping`: paper that was left inside is looked for.
        `proved`: if central can be reached, it has said that the row of this start is there.
        """
        if self._start.over:
            return ()
        asked = {PRESENTER} if sweeping else set[str]()
        if not counted and not any(_fails(statuses.get(name)) for name in CASH_DEVICES):
            asked.add(HOPPER)
        said = start.spoken(statuses, asked=asked, linked=self.linked and proved)
        before, self._start = self._start, start.passed(self._start, said, self._now_ms())
        if self._start.over:
            log_event("started", silent=",".join(sorted(start.silent_yet(before, said))))
        return start.ailments(self._start, said)


def _fails(status: Status | None) -> bool:
    return status is not None and start.has_spoken(status) and status.state not in USABLE
