"""The presenter's serial line: 19200 baud, one request and one reply, half a frame forgotten after 50 ms of silence."""

from collections.abc import Callable

from simulators.clock import Clock
from simulators.line_faults import LineFaults
from simulators.presenter import Presenter
from simulators.presenter_frames import Splitter, encode

BYTE_SECONDS = 10 / 19200
SILENCE_SECONDS = 0.05


class PresenterLine:
    """Carries frames between the host and the presenter. With `paced` off everything takes no time."""

    def __init__(self, clock: Clock, presenter: Presenter, *, paced: bool = True) -> None:
        self._clock = clock
        self._presenter = presenter
        self._byte = BYTE_SECONDS if paced else 0.0
        self._splitter = Splitter()
        self._heard_at = 0.0
        self.to_host: Callable[[bytes], None] = lambda data: None
        self.faults = LineFaults()

    def received(self, chunk: bytes) -> None:
        """The host wrote `chunk`."""
        self._after(len(chunk), lambda: self._heard(chunk))

    def _heard(self, chunk: bytes) -> None:
        now = self._clock.monotonic()
        if now - self._heard_at - len(chunk) * self._byte > SILENCE_SECONDS:
            self._splitter.reset()
        self._heard_at = now
        for request in self._splitter.feed(self.faults.damage(chunk)):
            reply = self._presenter.answer(request)
            if reply is not None:
                self._send(self.faults.damage(encode(reply)))

    def _send(self, raw: bytes) -> None:
        self._after(len(raw), lambda: self.to_host(raw))

    def _after(self, size: int, act: Callable[[], None]) -> None:
        if self._byte:
            self._clock.later(size * self._byte, act)
        else:
            act()
