"""What a citizen waits for: a few lines of its own, warm during a visit, so that a sale never waits behind a batch."""

import logging
import queue
import random
import threading
import time
from collections.abc import Callable

from kiosk.courier.calls import Ask, answer_of, call_of
from kiosk.courier.line import Line
from kiosk.courier.link_state import LinkState
from kiosk.courier.persistence import Patience
from kiosk.courier.results import Result, Unknown
from kiosk.protocol.courier import CentralAnswer, SendDraft

LINES = 2
# A citizen may take this long from the draft to the last coin; the server closes idle connections much sooner.
_WARM_AFTER_DRAFT_S = 240.0
_WARM_CHECK_S = 2.0
_WARM_WITHIN_S = 3.0

log = logging.getLogger(__name__)


class Errand:
    """One ask of core's, when it came in, whom to answer, and whether anybody still wants the answer."""

    def __init__(self, ask: Ask, answer: Callable[[CentralAnswer], None], dropped: threading.Event) -> None:
        self.ask = ask
        self.answer = answer
        self.dropped = dropped
        self.end = time.monotonic() + ask.deadline_ms / 1000


class Dispatcher:
    """Takes errands from any thread and ends each with exactly one answer within its deadline, unless it is dropped."""

    def __init__(self, kiosk: str, new_line: Callable[[str], Line], link: LinkState) -> None:
        self._kiosk = kiosk
        self._new_line = new_line
        self._link = link
        self._errands: queue.SimpleQueue[Errand] = queue.SimpleQueue()
        self._warm_until = 0.0

    def start(self) -> None:
        """Open the lines, each on a thread of its own."""
        for number in range(1, LINES + 1):
            name = f"sale-{number}"
            threading.Thread(target=self._serve, args=(self._new_line(name),), name=name, daemon=True).start()

    def take(self, errand: Errand) -> None:
        """Queue it for the first line that is free."""
        if isinstance(errand.ask, SendDraft):
            self._warm_until = time.monotonic() + _WARM_AFTER_DRAFT_S
        self._errands.put(errand)

    def _serve(self, line: Line) -> None:
        self._warm(line)
        while True:
            try:
                errand = self._errands.get(timeout=_WARM_CHECK_S)
            except queue.Empty:
                if self._link.online and time.monotonic() < self._warm_until:
                    self._warm(line)
                continue
            self._run(line, errand)

    def _warm(self, line: Line) -> None:
        result = line.warm(_WARM_WITHIN_S)
        if result is not None:
            self._link.note(result)

    def _run(self, line: Line, errand: Errand) -> None:
        ask = errand.ask
        call = call_of(self._kiosk, ask)

        def attempt(within_s: float) -> Result:
            result = line.call(call, within_s)
            self._link.note(result)
            return result

        left = errand.end - time.monotonic()
        if errand.dropped.is_set():
            return
        if left > 0:
            patience = Patience(time.monotonic, errand.dropped.wait, random.SystemRandom())
            result = patience.persist(attempt, left)
        else:
            result = Unknown("queued-too-long", sent=False)
        if not errand.dropped.is_set():
            errand.answer(answer_of(ask, result))
