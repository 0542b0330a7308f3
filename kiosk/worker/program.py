"""The worker program: one visit, one connection to core, requests answered in their order, gone when core is gone."""

import os
import queue
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec
import structlog

from kiosk.faults import trail
from kiosk.protocol.trust import TrustList
from kiosk.protocol.worker import (
    BeginVisit,
    CloseCard,
    FirstByte,
    MakeClaims,
    MakeDraft,
    MakeIssue,
    OpenCard,
    OpenClaims,
    OpenDraft,
    OpenIdentity,
    OpenIssue,
    PrintOn,
    Sent,
    SignWithCard,
    ToWorker,
    WorkRefused,
)
from kiosk.worker.card import NO_READERS, CardError, Transport
from kiosk.worker.press import Press
from kiosk.worker.read_back import expected_of, read_back
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.screens import NO_GROUNDS, Grounds
from kiosk.worker.send_document import NOT_DONE, Target, send_document
from kiosk.worker.templates import DEFAULT_ROOT, Template, load_templates
from kiosk.worker.typesetter import sample_job
from kiosk.worker.visit import Means, Visit

_log = structlog.get_logger(__name__)


class Channel(Protocol):
    """The connection to core, after the hello."""

    def start(
        self, on_message: Callable[[ToWorker, socket.socket | None], None], on_close: Callable[[], None]
    ) -> None:
        """Read on a thread of its own."""

    def send(self, message: msgspec.Struct, handing: socket.socket | None = None) -> bool:
        """Send one message."""


class Workshop(NamedTuple):
    """What a worker brings along, ready before anybody is served. `version`: of the bundle that it is from.

    `trust`: the machine's trust list as it is when a visit begins; a worker may have waited for it for days.
    """

    templates: dict[str, Template]
    trust: Callable[[], TrustList]
    press: Press
    readers: Transport = NO_READERS
    version: int = 0
    grounds: Grounds = NO_GROUNDS


class _Work(NamedTuple):
    message: ToWorker
    handed: socket.socket | None


def prepare(
    trust: Callable[[], TrustList],
    root: Path = DEFAULT_ROOT,
    readers: Transport = NO_READERS,
    version: int = 0,
    grounds: Grounds = NO_GROUNDS,
) -> Workshop:
    """Start and warm up everything: the typesetter sets a sample, and the sample is read back as a document would be.

    Raises WorkError or TemplateError when this machine can't make certificates (fonts missing, a broken form).
    """
    press = Press(root, grounds.likely)
    templates = load_templates(root)
    job = sample_job(next(iter(templates.values())))
    assert job.payload is not None
    template = templates[job.template]
    read_back(press.ready(), expected_of(template, job.data, job.payload, job.seal, str(grounds.likely)))
    return Workshop(templates, trust, press, readers, version, grounds)


def serve(channel: Channel, workshop: Workshop, gone: Callable[[], None] = lambda: os._exit(0)) -> None:
    """Answer core's requests one after the other, for ever.

    `gone` runs on the reading thread the moment core closes, in the middle of whatever is being done: what this process
    knows of a citizen must not outlive the visit. The typesetter dies with it.
    """
    work: queue.SimpleQueue[_Work] = queue.SimpleQueue()
    channel.start(lambda message, handed: work.put(_Work(message, handed)), gone)
    desk = Session(channel, workshop)
    while True:
        desk.take(*work.get())


class Session:
    """Takes requests, one visit at most."""

    def __init__(
        self, channel: Channel, workshop: Workshop, now: Callable[[], int] = lambda: int(time.time())
    ) -> None:
        self._channel = channel
        self._workshop = workshop
        self._now = now
        self._visit: Visit | None = None

    def take(self, message: ToWorker, handed: socket.socket | None = None) -> None:
        """Do what is asked and answer it; a refusal is an answer. The handed socket is closed in any case."""
        try:
            self._do(message, handed)
        except WorkError as error:
            self._refuse(message, error)
        except Exception as error:  # a fault of ours must end this request, not the visit
            _log.error(
                "fault", request=type(message).__name__, error=type(error).__name__, trail=trail(error)
            )
            self._refuse(message, WorkError(Code.INTERNAL, type(error).__name__))
        finally:
            if handed is not None:
                handed.close()

    def _do(self, message: ToWorker, handed: socket.socket | None) -> None:
        if isinstance(message, BeginVisit):
            if (
                self._visit is not None
            ):  # a second citizen must never meet what this process knows of the first
                raise WorkError(Code.OUT_OF_ORDER, "this worker already has a visit")
            shop = self._workshop
            ground = shop.grounds.under(message.printer)
            made_of = Means(shop.version, str(ground))
            self._visit = Visit(
                message, shop.templates, shop.trust(), shop.press, self._now, shop.readers, made_of
            )
            return
        visit = self._visit
        if visit is None:
            raise WorkError(Code.OUT_OF_ORDER, "no visit has begun")
        match message:
            case OpenCard() | SignWithCard() | OpenIdentity() | CloseCard():
                self._identify(visit, message)
            case MakeDraft():
                self._channel.send(visit.make_draft(message))
            case OpenDraft():
                self._channel.send(visit.open_draft(message))
            case MakeIssue():
                self._channel.send(visit.make_issue(message))
            case OpenIssue():
                self._channel.send(visit.open_issue(message))
            case PrintOn():
                self._print(visit, message, handed)
            case MakeClaims():
                self._channel.send(visit.make_claims(message))
            case OpenClaims():
                self._channel.send(visit.open_claims(message))

    def _identify(self, visit: Visit, message: OpenCard | SignWithCard | OpenIdentity | CloseCard) -> None:
        match message:
            case OpenCard():
                self._channel.send(visit.who.open_card(message))
            case SignWithCard():
                self._channel.send(visit.who.sign(message))
            case OpenIdentity():
                self._channel.send(visit.open_identity(message))
            case CloseCard():
                visit.who.close()

    def _print(self, visit: Visit, message: PrintOn, handed: socket.socket | None) -> None:
        pdf = visit.document(message.key)
        if handed is None:
            raise WorkError(Code.NO_SOCKET)
        target = Target(message.job_id, message.host, message.path, message.printer_uri)
        result = send_document(handed, target, pdf, lambda: self._announce(message.key))
        if result.outcome != NOT_DONE:
            visit.forget(message.key)
        self._channel.send(Sent(message.request, message.key, result.outcome, result.detail))

    def _announce(self, key: str) -> None:
        self._channel.send(FirstByte(key))

    def _refuse(self, message: ToWorker, error: WorkError) -> None:
        request = getattr(message, "request", "")
        tries = error.tries if isinstance(error, CardError) else None
        self._channel.send(WorkRefused(request, error.code, error.detail, tries, error.check))
