"""Both ends of the control sockets of a desk and of care.sock: one JSON object a line, one back."""

import contextlib
import json
import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.apps.link import LinkError, check_peer, listen

log = logging.getLogger(__name__)

Answer = Callable[[dict[str, Any]], dict[str, Any]]


class JsonLineError(Exception):
    """The other side is not there, or says that it can't; the message is its own."""


def ask(path: Path, within_s: float, **request: object) -> dict[str, Any]:
    """One request on a connection of its own. Raises JsonLineError without a good answer in `within_s` seconds."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(within_s)
        try:
            sock.connect(str(path))
            sock.sendall(json.dumps(request).encode() + b"\n")
            with sock.makefile("rb") as reader:
                line = reader.readline()
            answer = json.loads(line)
        except (OSError, ValueError) as error:
            raise JsonLineError(f"{path.name}: {request.get('do')}: {error}") from error
    if not isinstance(answer, dict) or not answer.get("ok"):
        reason = answer.get("error") if isinstance(answer, dict) else answer
        raise JsonLineError(f"{path.name}: {request}: {reason}")
    return answer


class Server:
    """Answers requests on a socket, one thread a connection. `answer` may raise JsonLineError."""

    def __init__(self, path: Path, answer: Answer) -> None:
        self._path = path
        self._answer = answer
        self._server: socket.socket | None = None

    def start(self) -> None:
        """Listen."""
        self._server = listen(self._path)
        threading.Thread(target=self._accept, args=(self._server,), name=self._path.stem, daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            with contextlib.suppress(OSError):
                self._server.shutdown(socket.SHUT_RDWR)
            self._server.close()
            self._server = None

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, LinkError), connection, connection.makefile("rb") as reader:
            check_peer(connection)
            while line := reader.readline():
                connection.sendall(json.dumps(self._reply(line)).encode() + b"\n")

    def _reply(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
        except (ValueError, RecursionError):
            request = None
        if not isinstance(request, dict):
            return {"ok": False, "error": "not a JSON object on one line"}
        try:
            return {"ok": True, **self._answer(request)}
        except JsonLineError as error:
            return {"ok": False, "error": str(error)}
