"""A line of JSON to one of the desk's sockets, and the answers and events that come back. Comes back by itself."""

import json
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalSocket

_TRY_AGAIN_MS = 700

Answer = dict[str, Any]
Heard = Callable[[Answer], None]


class Link(QObject):
    """Requests go out in order and are answered in order; anything with an `event` is an event."""

    connected = Signal()
    lost = Signal()
    told = Signal(dict)

    def __init__(self, path: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._waiting: deque[Heard] = deque()
        self._socket = QLocalSocket(self)
        self._socket.connected.connect(self.connected)
        self._socket.readyRead.connect(self._read)
        self._socket.stateChanged.connect(self._state_changed)
        self._again = QTimer(self, singleShot=True, interval=_TRY_AGAIN_MS)
        self._again.timeout.connect(self.open)

    @property
    def up(self) -> bool:
        """Whether somebody is at the other end."""
        return self._socket.state() == QLocalSocket.LocalSocketState.ConnectedState

    def open(self) -> None:
        """Connect; when nobody listens yet, try again for ever."""
        self._socket.connectToServer(self._path)

    def ask(self, request: dict[str, Any], heard: Heard) -> bool:
        """Send a request; `heard` gets its answer. False: nobody is there."""
        if not self.up:
            return False
        self._waiting.append(heard)
        self._socket.write(json.dumps(request).encode() + b"\n")
        return True

    def _state_changed(self, state: QLocalSocket.LocalSocketState) -> None:
        if state == QLocalSocket.LocalSocketState.UnconnectedState:
            self._waiting.clear()
            self.lost.emit()
            self._again.start()

    def _read(self) -> None:
        while self._socket.canReadLine():
            message = json.loads(bytes(self._socket.readLine().data()))
            if "event" in message:
                self.told.emit(message)
            elif self._waiting:
                self._waiting.popleft()(message)
