"""Whether central answers, as the last call saw it; and central's clock."""

import threading
from collections.abc import Callable

from kiosk.courier.results import Result, Unknown
from kiosk.protocol.courier import LinkChanged


class LinkState:
    """Online = the last call was answered. Told by every line.

    `on_change` is called at each change, under the lock: two lines that disagree must not be heard in the wrong order.
    """

    def __init__(self, on_change: Callable[[LinkChanged], None]) -> None:
        self._on_change = on_change
        self._lock = threading.Lock()
        self._state = LinkChanged(False)
        self._known = False

    def announce(self, tell: Callable[[LinkChanged], object]) -> None:
        """Tell a core that has just connected how things stand, before any change that comes after.

        Before the first call nobody knows, so nothing is told; how that call ended is.
        """
        with self._lock:
            if self._known:
                tell(self._state)

    @property
    def online(self) -> bool:
        """Whether the last call was answered."""
        with self._lock:
            return self._state.online

    def note(self, result: Result, server_time_ms: int | None = None) -> None:
        """A call has ended. `server_time_ms` when central named its clock more exactly than by Date."""
        at = server_time_ms if server_time_ms is not None else result.server_time_ms
        with self._lock:
            if isinstance(result, Unknown) and not result.answered:
                new = LinkChanged(False, self._state.server_time_ms, result.cause)
            else:
                new = LinkChanged(True, at)
            changed = new.online != self._state.online or not self._known
            self._state, self._known = new, True
            if changed:
                self._on_change(new)
