"""The real central in this process, asked as the courier asks it: same bodies, same judgement of answers, no socket."""

import asyncio
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from central.api.app import kiosk_api
from central.api.peer import Peer
from central.authority.keys import Folder, enrol, enrolled
from central.http.shield import Shield
from central.services import open_services
from central.store.schema import issue
from kiosk.courier.calls import Ask, answer_of, call_of, events_call
from kiosk.courier.line import Call
from kiosk.courier.results import Answer, judge
from kiosk.protocol.courier import CentralAnswer, JournalRow
from kiosk.protocol.trust import TrustList
from tests.unit.central.office import Office, all_rows


class Centre:
    """One running central. Everything happens one after the other, on the office's clock."""

    def __init__(self, office: Office, place: Path) -> None:
        self.office = office
        self._place = place
        self._loop = asyncio.Runner()
        self.services = self._loop.run(open_services(office.folder, lambda: office.now))
        self._app = Shield(kiosk_api(self.services), "api")
        self._peers: dict[str, Peer] = {}

    @property
    def trust(self) -> TrustList:
        """What every machine of this central trusts."""
        return self.services.keys.trust

    @property
    def folder(self) -> Folder:
        """Central's data."""
        return self.office.folder

    def now(self) -> datetime:
        """The office's clock."""
        return self.office.now

    def now_s(self) -> int:
        """The same in seconds since 1970."""
        return int(self.office.now.timestamp())

    def ask(self, kiosk: str, ask: Ask) -> CentralAnswer:
        """What the courier of this machine makes of core's ask: its call, central's answer, the judgement of it."""
        return answer_of(ask, judge(self._loop.run(self._exchange(call_of(kiosk, ask), self._peer(kiosk)))))

    def report(self, kiosk: str, rows: tuple[JournalRow, ...]) -> None:
        """The courier brings these rows of this machine's journal."""
        answer = self._loop.run(self._exchange(events_call(kiosk, rows), self._peer(kiosk)))
        assert answer.status == HTTPStatus.OK, answer

    def fate(self, number: str) -> str:
        """What central holds of this document number: nothing yet, `delivered` or `void`."""
        rows = self._loop.run(all_rows(self.services, issue))
        [end] = [str(row["final"]) for row in rows if row["number"] == number]
        return end

    def close(self) -> None:
        """Let go of the files."""
        self._loop.run(self.services.close())
        self._loop.close()

    def _peer(self, kiosk: str) -> Peer:
        """The certificate that this machine would show."""
        if kiosk not in self._peers:
            enrol(self.office.folder, kiosk, self._place / f"pki-{kiosk}", self.office.now)
            enrolment = enrolled(self.office.folder, kiosk)
            assert enrolment is not None
            self._peers[kiosk] = Peer(kiosk, enrolment.serial)
        return self._peers[kiosk]

    async def _exchange(self, call: Call, peer: Peer) -> Answer:
        headers = [(b"content-type", b"application/json")]
        headers += [(b"idempotency-key", call.key.encode())] if call.key else []
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "scheme": "https",
            "path": call.path,
            "raw_path": call.path.encode(),
            "query_string": b"",
            "headers": headers,
            "state": {"peer": peer},
        }
        said: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": call.body or b"", "more_body": False}

        async def send(message: Any) -> None:
            said.append(message)

        await self._app(scope, receive, send)
        headers_out = {name.decode(): value.decode() for name, value in said[0]["headers"]}
        body = b"".join(message.get("body", b"") for message in said[1:])
        return Answer(said[0]["status"], headers_out.get("content-type", ""), body=body)
