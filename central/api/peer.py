"""Who is calling: the client certificate of the TLS connection, put where a request can find it.

uvicorn hands an application no certificate; this protocol reads it once a connection and adds it to the state of each
request.
"""

import asyncio
from typing import Any

from msgspec import Struct
from starlette.requests import Request

from central.authority.keys import Folder, enrolled
from central.http.heads import BoundedProtocol
from central.problems import ProblemError


class Peer(Struct, frozen=True):
    """The certificate's common name (a machine's id) and serial number in hex."""

    name: str
    serial: str


class PeerProtocol(BoundedProtocol):
    """HTTP over TLS whose requests carry `state["peer"]`."""

    _peer: Peer | None = None

    # uvicorn narrows asyncio's BaseTransport in the same way.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Look at the certificate that the handshake has verified."""
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        self._peer = None if tls is None else _read(tls.getpeercert())

    def on_message_begin(self) -> None:
        """A new request on this connection."""
        super().on_message_begin()
        self.scope["state"]["peer"] = self._peer


def machine_of(request: Request, folder: Folder) -> str:
    """The id of the machine that calls. Raises ProblemError when its certificate does not count (any more)."""
    peer = getattr(request.state, "peer", None)
    if peer is None:
        raise ProblemError(403, "certificate-missing", "a client certificate is needed; enrol the machine")
    enrolment = enrolled(folder, peer.name)
    if enrolment is None or int(enrolment.serial, 16) != int(peer.serial, 16):
        raise ProblemError(403, "not-enrolled", "this certificate does not count; enrol the machine again")
    return enrolment.kiosk


def _read(certificate: dict[str, Any] | None) -> Peer | None:
    """The parts of a certificate as Python's ssl gives it."""
    if not certificate:
        return None
    names = [value for part in certificate.get("subject", ()) for kind, value in part if kind == "commonName"]
    serial = certificate.get("serialNumber", "")
    return Peer(names[0], serial) if len(names) == 1 and serial else None
