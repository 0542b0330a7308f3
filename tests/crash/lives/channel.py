"""A connection between core and another program, in memory: the real frames, a few milliseconds on the way."""

from collections.abc import Callable
from typing import Any, Protocol, cast

import msgspec

from kiosk.ipc.link import Link
from kiosk.ipc.peer import Peer
from kiosk.protocol.frames import Decoder, Kinds, encode
from kiosk.protocol.hello import Hello
from tests.crash.lives.timeline import Of, Timeline

HOP_MS = 3


class Program(Protocol):
    """The far end of a channel."""

    def connected(self, channel: "Channel") -> None: ...
    def heard(self, message: Any, handed: Any) -> None: ...
    def core_gone(self) -> None: ...


class Channel:
    """Core's end looks like a Link to a Peer. `asks`, `says`: the unions of what goes to the program and comes back."""

    def __init__(self, timeline: Timeline, program: Program, name: str, asks: Any, says: Any) -> None:
        self.peer = Hello(name, "lives")
        self._timeline, self._program = timeline, program
        self._to_program: Decoder[Any] = Decoder(Kinds(asks))
        self._to_core: Decoder[Any] = Decoder(Kinds(says))
        self._open = True
        self._on_message: Callable[[Any, Any], None] = _nobody
        self._on_close: Callable[[], None] = _nothing

    # --- core's end -------------------------------------------------------------------------------------------------

    def start(
        self, on_message: Callable[[Any, Any], None], on_close: Callable[[], None], _post: object = None
    ) -> None:
        """Core listens; what comes here is on its thread already."""
        self._on_message, self._on_close = on_message, on_close
        self._program.connected(self)

    def send(self, message: msgspec.Struct, handing: Any = None) -> bool:
        """Core says something."""
        if not self._open:
            return False
        (sent,) = self._to_program.feed(encode(message))
        self._timeline.later(HOP_MS, Of.MACHINE, lambda: self._program.heard(sent, handing))
        return True

    def close(self) -> None:
        """Either end hangs up; each hears of it once."""
        if self._open:
            self._open = False
            self._timeline.later(HOP_MS, Of.MACHINE, self._program.core_gone)
            self._timeline.later(HOP_MS, Of.CORE, self._on_close)

    # --- the program's end ------------------------------------------------------------------------------------------

    def say(self, message: msgspec.Struct, handing: Any = None) -> None:
        """The program says something; into the void if core is gone."""
        if self._open:
            (said,) = self._to_core.feed(encode(message))
            self._timeline.later(HOP_MS, Of.CORE, lambda: self._on_message(said, handing))

    def gone(self) -> None:
        """The program has died."""
        if self._open:
            self._open = False
            self._timeline.later(HOP_MS, Of.CORE, self._on_close)

    def cut(self) -> None:
        """Core has died: it hears nothing any more."""
        if self._open:
            self._open = False
            self._timeline.later(HOP_MS, Of.MACHINE, self._program.core_gone)


def join(peer: Peer[Any], channel: Channel) -> None:
    """The connection is made, as core's thread hears of it."""
    peer._came(cast(Link[Any], channel))


def _nobody(_message: Any, _handed: Any) -> None: ...


def _nothing() -> None: ...
