"""One connection to a virtual reader (vpcd): connected is inserted, closed is pulled.

Both ways a message is two bytes of length, big-endian, and the payload. From the reader a payload of one byte is a
control (0 power off, 1 power on, 2 reset, 4 asks for the ATR, the only one that is answered), any other an APDU.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import cast

from simulators.card_chip import Chip
from simulators.card_faults import CardFaults
from simulators.clock import Clock

_LENGTH_BYTES = 2
_POWER_OFF, _POWER_ON, _RESET, _GET_ATR = 0, 1, 2, 4


class CardWire(asyncio.Protocol):
    """`pulled` is called when a fault has taken the card out in the middle of a command, `tried` when a command has
    changed how many tries are left.
    """

    def __init__(
        self,
        chip: Chip,
        faults: Callable[[], CardFaults],
        clock: Clock,
        pulled: Callable[[], object],
        tried: Callable[[], object],
    ) -> None:
        self._chip = chip
        self._faults = faults
        self._clock = clock
        self._pulled = pulled
        self._tried = tried
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self.lost = asyncio.Event()
        self.asked = 0  # APDUs so far

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # a stream's transport, see asyncio.Protocol
        self._chip.reset()
        self._acknowledge_at_once()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self.lost.set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._transport is not None and (message := self._next()) is not None:
            self._heard(message)
        self._acknowledge_at_once()

    def close(self) -> None:
        """Pull the card: at once, whatever is under way."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()

    def _next(self) -> bytes | None:
        size = int.from_bytes(self._buffer[:_LENGTH_BYTES], "big")
        if len(self._buffer) < _LENGTH_BYTES + size:
            return None
        message = bytes(self._buffer[_LENGTH_BYTES : _LENGTH_BYTES + size])
        del self._buffer[: _LENGTH_BYTES + size]
        return message

    def _heard(self, message: bytes) -> None:
        if len(message) != 1:
            self._command(message)
        elif message[0] == _GET_ATR:
            self._send(self._faults().atr(self._chip.atr))
        elif message[0] in (_POWER_OFF, _POWER_ON, _RESET):
            self._chip.reset()

    def _command(self, apdu: bytes) -> None:
        faults = self._faults()
        self.asked += 1
        if faults.mute:
            return
        answer = self._answer(apdu) if faults.status is None else faults.status.to_bytes(2, "big")
        if faults.pulls(apdu):
            self.close()
            self._pulled()
            return
        answer = faults.damaged(answer)
        if faults.slow_seconds:
            self._clock.later(faults.slow_seconds, lambda: self._send(answer))
        else:
            self._send(answer)

    def _answer(self, apdu: bytes) -> bytes:
        before = self._chip.tries
        answer = self._chip.answer(apdu)
        if self._chip.tries != before:
            self._tried()
        return answer

    def _send(self, payload: bytes) -> None:
        if self._transport is not None:
            self._transport.write(len(payload).to_bytes(_LENGTH_BYTES, "big") + payload)

    def _acknowledge_at_once(self) -> None:
        """Before each receive: the reader sends length and payload apart, and a late ACK costs 40 ms an APDU."""
        if self._transport is not None:
            end = self._transport.get_extra_info("socket")
            if end.family in (socket.AF_INET, socket.AF_INET6):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
