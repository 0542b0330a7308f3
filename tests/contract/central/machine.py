"""A machine at the far end of the real wire: HTTPS with its client certificate, bodies and seals like a kiosk's."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import requests

from central.authority.keys import Folder, enrol
from central.clock import system_clock
from central.registers.lots import ONE_SHEET
from central.registers.parcel import Lot
from kiosk.protocol.central import (
    Draft,
    DraftCall,
    DraftRequest,
    EventsCall,
    IssueCall,
    Refusal,
    SealedAnswer,
)
from kiosk.protocol.courier import JournalRow
from kiosk.protocol.signed_list import load_list
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE
from tests.unit.central.office import ALL, KIOSK, ORDER, Worker, subject_of

START_S = 30
TIMEOUT_S = 10


class Server:
    """A running `central serve`."""

    def __init__(self, data: Path) -> None:
        self.folder = Folder(data)
        self._ready = data / "ready.json"
        self._ready.unlink(missing_ok=True)
        began = time.monotonic()
        command = (sys.executable, "-m", "central.cli", "serve", "--data", str(data))
        options = ("--api-port", "0", "--web-port", "0", "--ready-file", str(self._ready))
        self._log = (data / "serve.log").open("ab")
        self.process = subprocess.Popen([*command, *options], stderr=self._log, stdout=subprocess.DEVNULL)
        while not self._ready.exists():
            assert self.process.poll() is None, (data / "serve.log").read_text()
            assert time.monotonic() - began < START_S
            time.sleep(0.01)
        self.start_s = time.monotonic() - began
        ports = json.loads(self._ready.read_text())
        self.api = f"https://localhost:{ports['api_port']}"
        self.web = f"http://127.0.0.1:{ports['web_port']}"
        self.api_port: int = ports["api_port"]

    def log(self) -> str:
        """All that the server wrote."""
        return (self.folder.data / "serve.log").read_text("utf-8")

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        self.process.terminate()
        code = self.process.wait(timeout=START_S)
        self._log.close()
        return code

    def kill(self) -> None:
        """Cut its power."""
        self.process.kill()
        self.process.wait(timeout=START_S)
        self._log.close()

    def machine(self, kiosk: str = KIOSK) -> "Machine":
        """A machine that was enrolled just now."""
        pki = self.folder.data / f"pki-{kiosk}-{time.monotonic_ns()}"
        enrol(self.folder, kiosk, pki, system_clock())
        return Machine(self.api, pki, kiosk)


@contextmanager
def serving(data: Path) -> Iterator[Server]:
    """A server that is stopped at the end."""
    server = Server(data)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


class Machine:
    """One kiosk's connection to central, kept alive."""

    def __init__(self, api: str, pki: Path, kiosk: str = KIOSK) -> None:
        self.api = api
        self.pki = pki
        self.kiosk = kiosk
        self.trust = load_list(pki / LIST_FILE, pki / ROOT_FILE)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.cert = (str(pki / "kiosk.pem"), str(pki / "kiosk.key"))
        self.session.verify = str(pki / "ca.pem")

    def __enter__(self) -> "Machine":
        return self

    def __exit__(self, *_error: object) -> None:
        self.session.close()

    def post(self, path: str, body: Any, *, key: str = "") -> requests.Response:
        """A call; `body` is a Struct, or bytes as they are."""
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        headers = {"content-type": "application/json", **({"idempotency-key": key} if key else {})}
        return self.session.post(self.api + path, data=raw, headers=headers, timeout=TIMEOUT_S)

    def worker(self, order: str = ORDER) -> Worker:
        """A visit's worker on this machine."""
        return Worker(self.trust.sealing_key, self.kiosk, order)

    def draft(
        self, worker: Worker, lot: Lot = ONE_SHEET, *, line: int = 1, type_code: str = "land"
    ) -> Draft | Refusal:
        """A draft of a lot, asked for and opened."""
        request = DraftRequest(
            kiosk=self.kiosk,
            order=worker.order,
            line=line,
            type_code=type_code,
            subject=subject_of(lot),
            options=ALL,
            lang="ko",
            worker_key=worker.public,
        )
        sealed = worker.seal(request, line, type_code, "draft")
        call = DraftCall(self.kiosk, worker.order, line, type_code, sealed)
        response = self.post("/v1/drafts", call, key=f"{worker.order}-{line}-draft-1")
        assert response.status_code == 200, response.text
        answer = msgspec.json.decode(response.content, type=SealedAnswer)
        return worker.open_draft(answer.sealed, line, type_code, sealed)

    def call(self, worker: Worker, lot: Lot = ONE_SHEET, **other: Any) -> IssueCall:
        """The issue call for a lot that was drafted just now."""
        draft = self.draft(worker, lot)
        assert isinstance(draft, Draft)
        return worker.issue_call(draft, lot, **other)

    def issue(self, call: IssueCall) -> requests.Response:
        """Send an issue call."""
        return self.post("/v1/issues", call, key=call.key)

    def events(self, *rows: JournalRow) -> requests.Response:
        """Send journal rows."""
        return self.post("/v1/events", EventsCall(self.kiosk, rows), key="events")


def code_of(response: requests.Response) -> str:
    """Status and code of a problem."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    return f"{response.status_code} {response.json()['code']}"
