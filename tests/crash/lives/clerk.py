"""The worker: one a visit. Seals, opens, prints; here a certificate is its key, its number and its sheets."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from kiosk.protocol import worker as worker_messages
from tests.crash.lives.channel import Channel
from tests.crash.lives.paper_bus import JobSocket
from tests.crash.lives.power import Place, Power
from tests.crash.lives.reader import Reader
from tests.crash.lives.timeline import Of, Timeline
from tests.crash.lives.whose import PersonRequest, Whose

WORK_MS = 120
HIRED_AGAIN_MS = 400


class Asked(Struct, frozen=True):
    """What is sealed for central."""

    order: str
    line: int
    copy: int = 0
    key: str = ""
    draft: str = ""


class Draft(Struct, frozen=True):
    """What central seals for the worker: one copy of a line."""

    line: int
    sheets: int
    fee: int
    hash: str


class Document(Struct, frozen=True):
    """What central seals for the worker: the document of a key."""

    key: str
    number: str
    sheets: int


class Clerk:
    """`fails` says whether it dies over this request; `next_one` is asked for a fresh one when this one has gone."""

    def __init__(
        self,
        timeline: Timeline,
        power: Power,
        fails: Callable[[Any], bool],
        next_one: Callable[[], None],
        reader: Reader | None = None,
    ) -> None:
        self._timeline, self._power, self._fails, self._next_one = timeline, power, fails, next_one
        self._channel: Channel | None = None
        self._alive = True
        self._order = ""
        self._whose = Whose(reader)
        self._drafts: dict[int, Draft] = {}
        self._documents: dict[str, Document] = {}

    def connected(self, channel: Channel) -> None:
        """Core has it."""
        self._channel = channel

    def core_gone(self) -> None:
        """The visit is over, or core died: so does it."""
        if self._alive:
            self._alive = False
            self._timeline.later(HIRED_AGAIN_MS, Of.MACHINE, self._next_one)

    def die(self) -> None:
        """It dies by itself."""
        if self._alive and self._channel is not None:
            self._channel.gone()
        self.core_gone()

    def heard(self, message: Any, handed: Any) -> None:
        """One request; it is answered in a moment."""
        self._timeline.later(WORK_MS, Of.MACHINE, lambda: self._do(message, handed))

    def _do(self, message: Any, handed: Any) -> None:
        if not self._alive or self._channel is None:
            return
        if self._fails(message):
            self._power.step(f"the worker dies over {type(message).__name__}", Place.DEVICE)
            self.die()
            return
        answer = self._answer(message, handed)
        if answer is not None:
            self._channel.say(answer)

    def _answer(self, message: Any, handed: Any) -> Any:
        match message:
            case worker_messages.BeginVisit(order=order):
                self._order = order
            case worker_messages.MakeDraft(request=request, line=line):
                return worker_messages.SealedRequest(request, msgspec.json.encode(Asked(self._order, line)))
            case worker_messages.OpenDraft(request=request, line=line, sealed=sealed):
                draft = msgspec.json.decode(sealed, type=Draft)
                self._drafts[line] = draft
                return worker_messages.DraftReady(request, line, draft.sheets, draft.fee, "", draft.hash)
            case worker_messages.MakeIssue(request=request, line=line, copy=copy, key=key):
                if line not in self._drafts:
                    return worker_messages.WorkRefused(request, "out-of-order")
                asked = Asked(self._order, line, copy, key, self._drafts[line].hash)
                return worker_messages.SealedRequest(request, msgspec.json.encode(asked))
            case worker_messages.OpenIssue():
                return self._open(message)
            case worker_messages.PrintOn():
                return self._print(message, handed)
            case _ if isinstance(message, PersonRequest):
                return self._whose.answer(self._order, message)
            case _:
                pass
        return None

    def _open(self, message: worker_messages.OpenIssue) -> Any:
        document = msgspec.json.decode(message.sealed, type=Document)
        if (document.key, document.number) != (message.key, message.number):
            return worker_messages.WorkRefused(message.request, "seal-invalid")
        self._documents[message.key] = document
        return worker_messages.Prepared(
            message.request, document.key, document.number, document.sheets, "hash"
        )

    def _print(self, message: worker_messages.PrintOn, handed: JobSocket) -> Any:
        document = self._documents[message.key]
        taken = handed.write(document.number, document.sheets)
        return worker_messages.Sent(message.request, message.key, "done" if taken else "not-done")
