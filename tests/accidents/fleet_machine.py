"""One machine of test_two_hundred_visits.py, as a program: visits one after the other, each with a worker of its own.

Real are the worker, its typesetter, the card's chip and the courier's calls over mutual TLS. What came out of the
printer is written down as JSON, a line a visit. It begins when a line comes in, so that all machines begin at once.
"""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from central.authority.keys import Folder, enrol
from central.clock import system_clock
from kiosk.courier.calls import Ask, answer_of, call_of
from kiosk.courier.line import Credentials, Line
from kiosk.protocol import worker as worker_messages
from kiosk.protocol.courier import CentralAnswer
from kiosk.protocol.signed_list import load_list
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE
from kiosk.worker import visit
from kiosk.worker.read_back import decode_seal, opened, page_texts
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.templates import load_templates
from kiosk.worker.visit import Typesetter
from tests.accidents.booth import HOME, Booth

CALL_S = 20


class FarCentral:
    """Central at the other end of the courier's line."""

    def __init__(self, data: Path, api: str, kiosk: str) -> None:
        self.folder = Folder(data)
        pki = data / f"pki-{kiosk}"
        enrol(self.folder, kiosk, pki, system_clock())
        self.trust = load_list(pki / LIST_FILE, pki / ROOT_FILE)
        self._line = Line(api, Credentials(pki / "kiosk.pem", pki / "kiosk.key", pki / "ca.pem"), kiosk)

    def now(self) -> datetime:
        """Central's clock is this machine's."""
        return system_clock()

    def ask(self, kiosk: str, ask: Ask) -> CentralAnswer:
        """The courier's errand."""
        return answer_of(ask, self._line.call(call_of(kiosk, ask), CALL_S))

    def close(self) -> None:
        """Hang up."""
        self._line.close()


class DocumentBefore:
    """Planted: a typesetter that gives each citizen the document that it set for the one before."""

    def __init__(self, press: Renderer) -> None:
        self._press = press
        self._before = b""

    def render(self, job: RenderJob) -> bytes:
        """This draft; the document before."""
        pdf = self._press.render(job)
        if job.payload is None:
            return pdf
        before, self._before = self._before, pdf
        return before or pdf


def serve(booth: Booth, card: str) -> dict[str, Any]:
    """One visit: what came out of the printer for this card's holder, or why nothing did."""
    known = booth.identify(card)
    if isinstance(known, worker_messages.WorkRefused):
        return {"card": card, "code": known.code}
    for end in (booth.draft(HOME), booth.issue(HOME)):
        if isinstance(end, worker_messages.WorkRefused):
            return {"card": card, "code": end.code}
    _sent, got = booth.print(booth.key())
    pdf = got[got.index(b"%PDF") :]
    with opened(pdf) as document:
        seal = decode_seal(document[len(document) - 1])
    return {"card": card, "number": end.number, "text": " ".join(page_texts(pdf)), "seal": seal}


def main(data: Path, api: str, kiosk: str, planted: str, cards: list[str]) -> None:
    """Warm up, say so, wait for the word, serve everybody."""
    templates = load_templates()
    press: Typesetter = Renderer(templates)
    if planted:
        press = DocumentBefore(Renderer(templates))
    if planted == "unseen":
        for look in ("read_back", "check_likeness"):
            vars(visit)[look] = lambda *what: None
    central = FarCentral(data, api, kiosk)
    print("ready", flush=True)
    sys.stdin.readline()
    for number, card in enumerate(cards):
        place = data / f"{kiosk}-{number}"
        place.mkdir()
        booth = Booth(central, press, templates, place, kiosk, f"{kiosk}-ORDER{number}")
        print(json.dumps(serve(booth, card)), flush=True)
    central.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:])
