"""Tables with a card reader, for the same tests: in memory, and with processes: a real card service, or none."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from kiosk.worker.card import CardBroken, CardError, CardSeen, IdentityCard, NoCard, ReaderGone
from kiosk.worker.card_patience import PatientTransport
from simulators.card_chip import Chip, card_memory
from simulators.card_faults import CardFaults
from simulators.card_file import read_card
from simulators.reader_daemon import SLOT
from tests.card_drawer import put_card
from tests.wire.card_client import NOW_S, STATEMENT
from tests.wire.card_desk import PATIENCE_S, CardDesk

LABELS = ("citizen-1", "citizen-2", "staff-1", "transit-1")
# Longer than the reader takes to notice that a card is out (kiosk.worker.pcsc.LOOK_MS).
MUTE_AFTER_S = 1.5
T = TypeVar("T")


class Refusal(Exception):
    """The dialogue ended with this code; `tries` as it told."""

    def __init__(self, code: str, tries: int | None) -> None:
        super().__init__(code)
        self.code, self.tries = code, tries


class Table(Protocol):
    """Hands at the reader, and a worker's dialogue with the card that was put in last."""

    def put_in(self, label: str) -> None:
        """Put a card in (the one before comes out) and wait until the reader has seen it."""

    def pull(self) -> None:
        """Take the card out and wait until the reader has seen it."""

    def fault(self, name: str, **fields: int) -> None:
        """Set a fault of the contacts; `none` takes it away."""

    def tries(self, label: str) -> int:
        """What is left on the card."""

    def open(self) -> CardSeen:
        """Look at the card. Raises Refusal."""

    def sign(self, pin: str) -> bytes:
        """Let it sign STATEMENT. Raises Refusal."""

    def stop_service(self) -> None:
        """No card service any more."""


class MemoryTable:
    """The virtual chip behind a reader in memory."""

    def __init__(self, run: Path) -> None:
        self._run = run
        for label in LABELS:
            put_card(run, label, label.partition("-")[0])
        self._chips: dict[str, Chip] = {}
        self._card: IdentityCard | None = None
        self._told = 0
        self.gone = False
        self.counter = 0
        self.chip: Chip | None = None
        self.faults = CardFaults()
        self.pulled = threading.Event()

    def put_in(self, label: str) -> None:
        if self.chip is not None:
            self.pull()
        if label not in self._chips:
            card = read_card(self._run / "sim" / "cards", label)
            self._chips[label] = Chip(card, card_memory(None, card))
        self.chip = self._chips[label]
        self.chip.reset()
        self.pulled = threading.Event()
        self.counter += 1
        self._told = self.counter

    def pull(self) -> None:
        self.chip = None
        self.counter += 1
        self.pulled.set()

    def fault(self, name: str, **fields: int) -> None:
        fields_of: dict[str, Callable[[], CardFaults]] = {
            "none": CardFaults,
            "mute": lambda: CardFaults(mute=True),
            "truncate": lambda: CardFaults(keep_bytes=fields["bytes"]),
            "status": lambda: CardFaults(status=fields["sw"]),
            "pull": lambda: CardFaults(pull_at=fields["ins"]),
        }
        self.faults = fields_of[name]()

    def tries(self, label: str) -> int:
        return self._chips[label].tries

    def open(self) -> CardSeen:
        self._card = IdentityCard(PatientTransport(self, MUTE_AFTER_S), SLOT, self._told)
        card = self._card
        return _told(lambda: card.open(NOW_S))

    def sign(self, pin: str) -> bytes:
        card = self._card
        assert card is not None
        return _told(lambda: card.sign(bytearray(pin.encode()), STATEMENT))

    def stop_service(self) -> None:
        self.gone = True

    def connect(self, reader: str) -> "MemoryChannel":
        if self.gone:
            raise ReaderGone
        if self.chip is None:
            raise NoCard
        return MemoryChannel(self, self.chip)


class MemoryChannel:
    """A handle on one card; once it is out, it stays dead."""

    def __init__(self, table: MemoryTable, chip: Chip) -> None:
        self._table, self._chip = table, chip
        self._pulled = table.pulled

    def counter(self) -> int:
        if self._table.gone:
            raise ReaderGone
        if self._table.chip is None:
            raise NoCard
        return self._table.counter

    def noticed(self) -> int:
        return self.counter()

    def begin(self) -> None:
        self._check()

    def end(self) -> None:
        self._check()

    def transmit(self, command: bytes | bytearray) -> bytes:
        self._check()
        table = self._table
        if table.faults.mute:
            self._pulled.wait(PATIENCE_S)
            raise CardBroken
        if table.faults.status is not None:
            return table.faults.status.to_bytes(2, "big")
        answer = self._chip.answer(bytes(command))
        if table.faults.pulls(bytes(command)):
            table.pull()
            raise CardBroken
        return table.faults.damaged(answer)

    def close(self) -> None:
        self._chip.reset()

    def _check(self) -> None:
        if self._table.gone:
            raise ReaderGone
        if self._pulled.is_set():
            raise CardBroken


def _told(what: Callable[[], T]) -> T:
    try:
        return what()
    except CardError as error:
        raise Refusal(error.code, error.tries) from error


class Client:
    """The process at the other end of tests/wire/card_client.py."""

    def __init__(self, desk: CardDesk) -> None:
        socket = str(desk.reader.client_socket)
        self.process = subprocess.Popen(
            (sys.executable, "-m", "tests.wire.card_client", socket, str(MUTE_AFTER_S), desk.service),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, do: str, **fields: Any) -> dict[str, Any]:
        """Its answer. Raises Refusal."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, **fields}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        if answer["code"]:
            raise Refusal(answer["code"], answer["tries"])
        return answer

    def slot(self) -> tuple[int, bool, bool]:
        """Counter, present, mute of the first slot."""
        slots = self.ask("look")["slots"]
        return next((counter, present, mute) for name, counter, present, mute in slots if name == SLOT)

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait(PATIENCE_S)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


class ServiceTable:
    """A real card service, or the reader that does without; the dialogue is a process of its own."""

    def __init__(self, desk: CardDesk) -> None:
        self.desk = desk
        self.client = Client(desk)
        self._told = 0

    def put_in(self, label: str) -> None:
        if self.client.slot()[1]:
            self.pull()
        self.desk.do("card", card=label)
        self._until(True)
        self._told = self.client.slot()[0]

    def pull(self) -> None:
        self.desk.do("card", pull=True)
        self._until(False)

    def fault(self, name: str, **fields: int) -> None:
        self.desk.do("fault", device="card", fault=name, **fields)

    def tries(self, label: str) -> int:
        state = self.desk.do("state")["card"]
        assert state["label"] == label
        tries: int = state["tries"]
        return tries

    def open(self) -> CardSeen:
        said = self.client.ask("open", reader=SLOT, insertion=self._told)
        return CardSeen(bytes.fromhex(said["certificate"]), said["tries"])

    def sign(self, pin: str) -> bytes:
        return bytes.fromhex(self.client.ask("sign", pin=pin)["signature"])

    def stop_service(self) -> None:
        self.desk.reader.kill()

    def _until(self, present: bool) -> None:
        end = time.monotonic() + PATIENCE_S
        while self.client.slot()[1] is not present:
            assert time.monotonic() < end, "the reader does not see it"
