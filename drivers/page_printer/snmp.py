"""A printer's life count by SNMP: how many sides it has printed since it was made (Printer-MIB, RFC 3805).

One question of two objects over UDP, put twice at most, on a socket of its own: nobody waits for it on the printer's
other wire. Messages are built and read by pysnmp, which is loaded only where a machine is set up for this.
"""

import select
import socket
from typing import Any

from msgspec import Struct

from drivers.contract import DeviceError, ErrorCode
from drivers.scheduler import Task, ask

PORT = 161
ANSWER_S = 0.5
TRIES = 2
_SILENT_S = 5.0
_MAX_BYTES = 4096
# prtMarkerCounterUnit and prtMarkerLifeCount of the first marker of the first device.
UNIT = (1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 3, 1, 1)
LIFE_COUNT = (1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1)
# The end of a Counter32 (RFC 3805 says that the life count is one; RFC 2578, section 7.1.6).
_MOST = 2**32 - 1
# PrtMarkerCounterUnitTC: impressions(7), sheets(8); on one-sided paper they are the same. Others are no pages at all.
_PAGES = (7, 8)


class SnmpSettings(Struct, frozen=True):
    """How the printer's agent is asked. `version` "1" or "2c"."""

    community: str
    port: int = PORT
    version: str = "2c"


class Dialect:
    """The messages of one SNMP version: a question, and what its answer says."""

    def __init__(self, settings: SnmpSettings) -> None:
        from pyasn1.codec.ber import decoder, encoder
        from pysnmp.proto.api import v1, v2c

        self._asn1: Any = v1 if settings.version == "1" else v2c
        self._encode, self._decode = encoder.encode, decoder.decode
        self._community = settings.community

    def question(self, request_id: int) -> bytes:
        """A GetRequest for unit and life count."""
        asn1 = self._asn1
        pdu = asn1.GetRequestPDU()
        asn1.apiPDU.set_defaults(pdu)
        asn1.apiPDU.set_request_id(pdu, request_id)
        asn1.apiPDU.set_varbinds(pdu, [(UNIT, asn1.Null("")), (LIFE_COUNT, asn1.Null(""))])
        message = asn1.Message()
        asn1.apiMessage.set_defaults(message)
        asn1.apiMessage.set_community(message, self._community)
        asn1.apiMessage.set_pdu(message, pdu)
        raw: bytes = self._encode(message)
        return raw

    def count(self, raw: bytes, request_id: int) -> int | None:
        """The life count in an answer to that question. Raises ValueError for anything that is none."""
        try:
            return self._read(raw, request_id)
        except (
            Exception
        ) as error:  # a decoder of somebody else: what a datagram makes it raise is not ours to foresee
            raise ValueError(f"no answer to this question: {type(error).__name__}") from error

    def _read(self, raw: bytes, request_id: int) -> int | None:
        asn1 = self._asn1
        message, _rest = self._decode(raw, asn1Spec=asn1.Message())
        pdu = asn1.apiMessage.get_pdu(message)
        response = isinstance(pdu, type(asn1.GetResponsePDU()))
        if not response or int(asn1.apiPDU.get_request_id(pdu)) != request_id:
            raise ValueError("no answer to this question")
        if int(asn1.apiPDU.get_error_status(pdu)):
            return None
        return _pages({tuple(name): value for name, value in asn1.apiPDU.get_varbinds(pdu)})


def _pages(said: dict[tuple[int, ...], Any]) -> int | None:
    """The count, if it is one of pages. What an agent does not have is no number ("noSuchObject")."""
    try:
        unit, count = int(said[UNIT]), int(said[LIFE_COUNT])
    except (KeyError, TypeError, ValueError):
        return None
    return count if unit in _PAGES and 0 <= count <= _MOST else None


class LifeCount:
    """Asks one agent. `count` is None whenever it has not said a number of pages, for whatever reason."""

    def __init__(self, host: str, settings: SnmpSettings) -> None:
        self._address = (host, settings.port)
        self._dialect = Dialect(settings)
        self._requests = 0
        self._silent_until = float("-inf")

    def read(self, now: float, *, patiently: bool = False) -> Task[int | None]:
        """The count. An agent that was silent is left alone for a while, unless somebody waits for the number."""
        if now < self._silent_until and not patiently:
            return None
        for _try in range(TRIES):
            self._requests = self._requests % 0x7FFFFFFF + 1
            asked = self._requests
            try:
                count = yield from ask(Datagram(self, self._address, self._dialect, asked))
            except DeviceError:
                continue
            self._silent_until = float("-inf")
            return count
        self._silent_until = now + _SILENT_S
        return None


class Datagram:
    """One question and the wait for its answer (an `Exchange`)."""

    def __init__(self, owner: LifeCount, address: tuple[str, int], dialect: Dialect, request_id: int) -> None:
        self._owner, self._address, self._dialect, self._asked = owner, address, dialect, request_id
        self._until = 0.0
        self._sock: socket.socket | None = None
        self._answered = False
        self._count: int | None = None

    @property
    def wire(self) -> object:
        """The agent: one question at a time."""
        return self._owner

    def begin(self, now: float) -> None:
        """Ask, from a port of its own: only this agent's answer is heard there."""
        self._until = now + ANSWER_S
        try:
            family, kind, proto, _name, address = socket.getaddrinfo(*self._address, type=socket.SOCK_DGRAM)[
                0
            ]
            self._sock = socket.socket(family, kind, proto)
            self._sock.setblocking(False)
            self._sock.connect(address)
            self._sock.send(self._dialect.question(self._asked))
        except OSError:
            self._until = now

    def interest(self) -> tuple[int, int] | None:
        """An answer has come."""
        return None if self._sock is None else (self._sock.fileno(), select.POLLIN)

    def step(self, now: float) -> float | None:
        """Look at one datagram: who sends without end must not keep the bus here."""
        if self._sock is not None:
            try:
                self._count = self._dialect.count(self._sock.recv(_MAX_BYTES), self._asked)
                self._answered = True
            except ValueError:
                pass
            except OSError as error:
                if not isinstance(error, BlockingIOError):
                    self._until = now  # refused: nobody listens there
        if self._answered or now >= self._until:
            self.abandon()
            return None
        return self._until

    def abandon(self) -> None:
        """Hear nothing more."""
        if self._sock is not None:
            self._sock.close()
            self._sock = None

    def result(self) -> int | None:
        """What the agent said. Raises DeviceError when it said nothing."""
        if not self._answered:
            raise DeviceError(ErrorCode.TIMEOUT, "the printer's SNMP agent does not answer", retryable=True)
        return self._count
