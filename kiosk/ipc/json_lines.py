"""Both ends of the control sockets of a desk and of admin.sock: one JSON object a line, one back."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.ipc.listener import Listener
from kiosk.ipc.nobody_there import code_of, words_of

Answer = Callable[[dict[str, Any]], dict[str, Any]]


# A request is a few words; whoever sends more without an end of line is hung up on.
MAX_LINE_BYTES = 64 << 10


class JsonLineError(Exception):
    """The other side is not there, or says that it can't; the message is its own.

    `code`: why it is not there (nobody_there.py); "" when it answered.
    """

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


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
        except OSError as error:
            raise JsonLineError(
                f"{path.name}: {request.get('do')}: {words_of(error)}", code_of(error)
            ) from error
        except (ValueError, RecursionError) as error:
            raise JsonLineError(f"{path.name}: {request.get('do')}: no answer in JSON ({error})") from error
    if not isinstance(answer, dict) or not answer.get("ok"):
        reason = answer.get("error") if isinstance(answer, dict) else answer
        raise JsonLineError(f"{path.name}: {request}: {reason}")
    return answer


class Server:
    """Answers requests on a socket, one thread a connection. `answer` may raise JsonLineError."""

    def __init__(self, path: Path, answer: Answer) -> None:
        self._answer = answer
        self._listener = Listener(path, self._serve)

    @property
    def alive(self) -> bool:
        """Whether the next one to ask would be let in."""
        return self._listener.alive

    def start(self) -> None:
        """Listen."""
        self._listener.start()

    def stop(self) -> None:
        """Stop listening."""
        self._listener.stop()

    def _serve(self, caller: socket.socket, _number: int) -> None:
        with caller, caller.makefile("rb") as reader:
            while line := reader.readline(MAX_LINE_BYTES):
                if not line.endswith(b"\n"):
                    return  # cut off in the middle, or without an end
                caller.sendall(json.dumps(self._reply(line)).encode() + b"\n")

    def _reply(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
        except (ValueError, RecursionError):
            request = None
        if not isinstance(request, dict):
            return {"ok": False, "error": "not a request: not a JSON object on one line"}
        try:
            return {"ok": True, **self._answer(request)}
        except JsonLineError as error:
            return {"ok": False, "error": str(error)}
