"""One visit's worker program at a machine, with a slot for cards, a printer's socket, and the way to central.

Each step stands by itself, as core and courier carry it, so that a test can be the one in between.
"""

import contextlib
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, cast

import msgspec
from msgspec import Struct

from central.authority.card_files import CardFile, citizen_card
from central.authority.keys import Folder, card_authority
from central.registers.lots import ONE_SHEET
from kiosk.protocol import courier as courier_messages
from kiosk.protocol import sealing
from kiosk.protocol import worker as worker_messages
from kiosk.protocol.identity import AskedLine, pin_info
from kiosk.protocol.trust import TrustList
from kiosk.worker.press import Press
from kiosk.worker.program import Session, Workshop
from kiosk.worker.templates import Template
from kiosk.worker.visit import Typesetter
from tests.unit.central.citizen import FULL, HOUSEHOLD
from tests.unit.central.office import ALL, subject_of
from tests.unit.worker.card_slot import Slot

KIOSK, ORDER = "YDP-0001", "01JD0000000000000000000001"
IPP_OK = b"\x01\x01\x00\x00\x00\x00\x00\x01\x03"
HTTP_OK = (
    f"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: {len(IPP_OK)}\r\n\r\n".encode()
)


class Central(Protocol):
    """The way to central, and what a desk knows of it: its folder, its clock, whom to trust."""

    @property
    def folder(self) -> Folder: ...
    @property
    def trust(self) -> TrustList: ...
    def now(self) -> datetime: ...
    def ask(self, kiosk: str, ask: Any) -> courier_messages.CentralAnswer: ...


class Want(Struct, frozen=True):
    """What a citizen asks for; `which` of several, once that was picked."""

    type_code: str
    subject: dict[str, str]
    options: dict[str, str]
    which: str = ""


LAND = Want("land", subject_of(ONE_SHEET), ALL)
HOME = Want(HOUSEHOLD, {}, FULL)


class Printer:
    """A printer's end of a job: takes whatever comes, says yes to it."""

    def __init__(self) -> None:
        self._ours, self.socket = socket.socketpair()
        self._chunks: list[bytes] = []
        self._ours.sendall(HTTP_OK + IPP_OK)
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        with contextlib.suppress(ConnectionResetError):  # closed with our yes unread
            while chunk := self._ours.recv(65_536):
                self._chunks.append(chunk)

    def got(self) -> bytes:
        """Every byte, once the other end is closed."""
        self._reading.join()
        self._ours.close()
        return b"".join(self._chunks)


class Booth:
    """A worker as core meets it: the real program behind its channel."""

    def __init__(
        self,
        centre: Central,
        press: Typesetter,
        templates: dict[str, Template],
        place: Path,
        kiosk: str = KIOSK,
        order: str = ORDER,
        begin: bool = True,
    ) -> None:
        self.centre, self.kiosk, self.order, self._place = centre, kiosk, order, place
        self.slot = Slot(place)
        self._said: list[Any] = []
        self.between: Callable[[str], None] = _nothing  # what happens before the steps of an identification
        shop = Workshop(templates, lambda: centre.trust, cast("Press", press), self.slot)
        self.desk = Session(self, shop, lambda: int(centre.now().timestamp()))
        if begin:
            self.tell(worker_messages.BeginVisit(kiosk, order))

    # --- the channel to core ---

    def start(self, on_message: Callable[..., None], on_close: Callable[[], None]) -> None:
        """Nothing reads by itself here."""

    def send(self, message: msgspec.Struct, handing: socket.socket | None = None) -> bool:
        """The worker answers core."""
        self._said.append(message)
        return True

    def tell(self, message: Any, handed: socket.socket | None = None) -> Any:
        """Core's request; the worker's last answer to it."""
        self._said.clear()
        self.desk.take(message, handed)
        return self._said[-1] if self._said else None

    def ask(self, ask: Any) -> courier_messages.CentralAnswer:
        """The courier's errand."""
        return self.centre.ask(self.kiosk, ask)

    # --- who it is ---

    def insert(self, number: str) -> CardFile:
        """A card of this number goes into the slot."""
        made = citizen_card(card_authority(self.centre.folder), number, self.centre.now())
        file = self._place / f"{made.label}.json"
        file.write_bytes(msgspec.json.encode(made))
        self.slot.insert(file)
        return made

    def identify(self, number: str, want: Want = HOME, line: int = 1) -> Any:
        """This card goes in, its PIN is right: from the look at the card to central's word. HolderKnown or refused."""
        card = self.insert(number)
        look = worker_messages.OpenCard("c1", self.slot.reader, self.slot.insertion)
        self.between("look")
        ready = self.tell(look)
        if not isinstance(ready, worker_messages.CardReady):
            return ready
        self.between("sign")
        pin = sealing.seal(ready.pin_key, card.pin.encode(), pin_info(self.kiosk, self.order))
        nonce = self.ask(courier_messages.SendChallenge("c2", self.order)).nonce
        asked = AskedLine(line, want.type_code, want.subject, want.options)
        signed = self.tell(worker_messages.SignWithCard("c3", pin, nonce, (asked,)))
        if not isinstance(signed, worker_messages.SealedRequest):
            return signed
        self.between("answer")
        answer = self.ask(courier_messages.SendIdentity("c4", self.order, signed.sealed))
        return self.tell(worker_messages.OpenIdentity("c5", answer.sealed))

    # --- drafts and documents, step by step ---

    def seal_draft(self, want: Want, line: int = 1) -> courier_messages.SendDraft:
        """The worker seals the question; what core gives the courier."""
        make = worker_messages.MakeDraft(
            "d1", line, want.type_code, want.subject, want.options, which=want.which
        )
        sealed = self.tell(make).sealed
        return courier_messages.SendDraft("d2", self.order, line, want.type_code, sealed)

    def open_draft(self, sealed: bytes, line: int = 1) -> Any:
        """The worker opens central's answer: DraftReady or WorkRefused."""
        return self.tell(worker_messages.OpenDraft("d3", line, sealed))

    def draft(self, want: Want, line: int = 1) -> Any:
        """The whole way: DraftReady or WorkRefused."""
        return self.open_draft(self.ask(self.seal_draft(want, line)).sealed, line)

    def key(self, line: int = 1) -> str:
        """The name of the first copy."""
        return f"{self.order}-{line}-1"

    def seal_issue(self, want: Want, line: int = 1) -> courier_messages.SendIssue:
        """The worker seals the request for the first copy."""
        sealed = self.tell(worker_messages.MakeIssue("i1", line, 1, self.key(line))).sealed
        return courier_messages.SendIssue("i2", self.key(line), self.order, line, 1, want.type_code, sealed)

    def open_issue(self, number: str, sealed: bytes, line: int = 1) -> Any:
        """The worker opens central's document: Prepared or WorkRefused."""
        return self.tell(worker_messages.OpenIssue("i3", self.key(line), number, sealed))

    def issue(self, want: Want, line: int = 1) -> Any:
        """The whole way: Prepared or WorkRefused."""
        answer = self.ask(self.seal_issue(want, line))
        return self.open_issue(answer.number, answer.sealed, line)

    def print(self, key: str) -> tuple[Any, bytes]:
        """Hand over a printer's socket: the worker's answer, and every byte that the printer got."""
        printer = Printer()
        job = worker_messages.PrintOn("p1", key, 1, "printer:631", "/ipp/print", "ipp://printer")
        return self.tell(job, printer.socket), printer.got()


def _nothing(step: str) -> None: ...
