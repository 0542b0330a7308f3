"""Watches the start of core: what it still waits for before the screen says what can be bought.

It also watches how long there has been no worker. Core waits for the next worker as long as for a start
(START_MS); then the worker counts as silent.
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
    """Begins with core, whatever ran before it.

    `linked`: the courier has called central, with or without success.
    """

    def __init__(self, settings: Settings, peers: Peers, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._start = start.begun(peers.devices(settings), now_ms())
        self._worker, self._worker_went_ms = peers.worker, now_ms()
        self.linked = False

    def worker(self) -> tuple[Ailment, ...]:
        """The fault that there is no worker: still starting, or late and silent.

        Call it at each judgement.
        """
        now_ms = self._now_ms()
        if self._worker.up:
            self._worker_went_ms = now_ms
            return ()
        late = now_ms - self._worker_went_ms >= start.START_MS
        return (WORKER_SILENT if late else WORKER_STARTING,)

    def ailments(
        self, statuses: Mapping[str, Status], *, counted: bool, sweeping: bool, proved: bool
    ) -> tuple[Ailment, ...]:
        """The devices whose first report core still waits for; empty once the start is over.

        - `counted`: the coins in the hoppers are known. If a cash device reports a fault, core does not wait
          for this.
        - `sweeping`: core looks for paper that was left inside.
        - `proved`: central has the row of this start, or can't be reached.
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
