"""admin.sock: the questions that a person with a shell on the machine may ask core.

They are about the bundle in use, a look for a newer one, the ledger, and the coins in the hoppers. Only the
machine's own user can open the socket (ipc/listener.py). Nothing here moves money or certificates, or touches
a visit; a day's summary may be printed on the receipt printer.
"""

import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from kiosk.core.active_bundle import LOOKING, ActiveBundle
from kiosk.ipc.json_lines import Answer, JsonLineError, Server
from kiosk.ipc.link import Post
from kiosk.ipc.peer import Peer
from kiosk.protocol.bundle import version_of
from kiosk.protocol.courier import BundleLooked, FromCourier, LookForBundle

SOCKET = "admin.sock"
_WITHIN_S = 5.0


class AdminSocket:
    """Answers on its own threads, but reads the answer on core's thread.

    `besides`: further answers, by word.
    """

    def __init__(
        self,
        socket: Path,
        post: Post,
        active: ActiveBundle,
        courier: Peer[FromCourier],
        besides: Mapping[str, Answer] | None = None,
    ) -> None:
        self._besides = besides or {}
        self._request = 0
        self._post, self._active, self._courier = post, active, courier
        self._server = Server(socket, self._answer)

    def start(self) -> None:
        """Listen."""
        self._server.start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.stop()

    @property
    def alive(self) -> bool:
        """Whether the socket would accept the next connection."""
        return self._server.alive

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        match request.get("do"):
            case "look":
                return self._on_core(self._look)
            case "bundle":
                return self._on_core(self._state)
            case str(word) if word in self._besides:
                return self._on_core(partial(self._besides[word], request))
            case other:
                known = ", ".join(["look", "bundle", *self._besides])
                raise JsonLineError(f"nobody can {other!r}; known: {known}")

    def _on_core(self, what: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        done = threading.Event()

        def task() -> None:
            found.update(what())
            done.set()

        self._post(task)
        if not done.wait(_WITHIN_S):
            raise JsonLineError(f"core did not come to it in {_WITHIN_S:.0f} s")
        return found

    def _look(self) -> dict[str, Any]:
        self._request += 1
        self._active.looked = BundleLooked(LOOKING, request=self._request)
        return {"asked": self._courier.send(LookForBundle(self._request))}

    def _state(self) -> dict[str, Any]:
        bundle = self._active.bundle
        return {
            "bundle": bundle.name,
            "version": bundle.version,
            "types": len(self._active.catalogue.types),
            "staged": version_of(self._active.staged),
            "looked": self._active.looked.code,
            "detail": self._active.looked.detail,
        }
