"""The way to a card through the PC/SC service: one context a connection, given back explicitly whatever happens.

pyscard's classes are not used: their finaliser resets the card under whoever is connected by then.
"""

import os
from types import ModuleType
from typing import Any

from kiosk.worker.card import CardBroken, NoCard, ReaderGone

SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
_COUNTER_SHIFT = 16
_STATUS_BYTES = 2
# pcscd looks at a reader without interrupts each 400 ms.
LOOK_MS = 600


class PcscTransport:
    """Readers of the service that listens at `socket`: the first one made decides, the library asks once a process."""

    def __init__(self, socket: str) -> None:
        os.environ[SOCKET_VARIABLE] = socket

    def connect(self, reader: str) -> "PcscChannel":
        """Connect to the card in the reader. Raises ReaderGone, NoCard or CardBroken."""
        scard = _library()
        result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        _check(scard, result)
        try:
            protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
            result, card, protocol = scard.SCardConnect(context, reader, scard.SCARD_SHARE_SHARED, protocols)
            _check(scard, result)
        except BaseException:
            scard.SCardReleaseContext(context)
            raise
        return PcscChannel(scard, context, reader, card, protocol)


class PcscChannel:
    """See kiosk.worker.card.Channel."""

    def __init__(self, scard: Any, context: Any, reader: str, card: Any, protocol: int) -> None:
        self._scard, self._context, self._reader, self._card = scard, context, reader, card
        both = {scard.SCARD_PROTOCOL_T0: scard.SCARD_PCI_T0, scard.SCARD_PROTOCOL_T1: scard.SCARD_PCI_T1}
        self._header = both[protocol]
        # To reset a card that is out blinds pcscd (2.3.3) to one that is put in before its next look.
        self._ending = scard.SCARD_RESET_CARD

    def counter(self) -> int:
        """The reader's counter as it is now."""
        return self._count(self._state())

    def noticed(self) -> int:
        """The reader's counter, once it has changed or the service has looked again."""
        known = self._state()
        self._count(known)
        asked = [(self._reader, known & ~self._scard.SCARD_STATE_CHANGED)]
        result, _states = self._scard.SCardGetStatusChange(self._context, LOOK_MS, asked)
        if result != self._scard.SCARD_E_TIMEOUT:
            _check(self._scard, result)
        return self.counter()

    def _state(self) -> int:
        asked = [(self._reader, self._scard.SCARD_STATE_UNAWARE)]
        result, states = self._scard.SCardGetStatusChange(self._context, 0, asked)
        _check(self._scard, result)
        state: int = states[0][1]
        return state

    def _count(self, state: int) -> int:
        if state & (self._scard.SCARD_STATE_UNKNOWN | self._scard.SCARD_STATE_UNAVAILABLE):
            raise ReaderGone("the reader is away")
        if not state & self._scard.SCARD_STATE_PRESENT:
            raise NoCard
        return (state >> _COUNTER_SHIFT) & 0xFFFF

    def begin(self) -> None:
        """Nobody else talks to the card from here on."""
        _check(self._scard, self._scard.SCardBeginTransaction(self._card))

    def end(self) -> None:
        """Others may."""
        _check(self._scard, self._scard.SCardEndTransaction(self._card, self._scard.SCARD_LEAVE_CARD))

    def transmit(self, command: bytes | bytearray) -> bytes:
        """One command; data and status word."""
        sent = list(command)
        try:
            result, received = self._scard.SCardTransmit(self._card, self._header, sent)
        finally:
            sent[:] = [0] * len(sent)  # it may have been a PIN
        # A card that is pulled in the middle of a command is a success without an answer to pcscd.
        if result != self._scard.SCARD_S_SUCCESS or len(received) < _STATUS_BYTES:
            self._ending = self._scard.SCARD_LEAVE_CARD
        _check(self._scard, result)
        if len(received) < _STATUS_BYTES:
            raise CardBroken("no answer")
        return bytes(received)

    def close(self) -> None:
        """Reset the card, unless it may be out, and give everything back."""
        self._scard.SCardDisconnect(self._card, self._ending)
        self._scard.SCardReleaseContext(self._context)


def _check(scard: Any, result: int) -> None:
    """Raise what a result means; anything that is not known to be the reader's end is the card's."""
    if result == scard.SCARD_S_SUCCESS:
        return
    detail = f"{scard.SCardGetErrorMessage(result)} (0x{result & 0xFFFFFFFF:08X})"
    if result in (scard.SCARD_E_NO_SMARTCARD, scard.SCARD_W_REMOVED_CARD):
        raise NoCard(detail)
    if result in (
        scard.SCARD_E_NO_SERVICE,
        scard.SCARD_E_SERVICE_STOPPED,
        scard.SCARD_E_INVALID_HANDLE,
        scard.SCARD_E_UNKNOWN_READER,
        scard.SCARD_E_READER_UNAVAILABLE,
        scard.SCARD_E_NO_READERS_AVAILABLE,
        scard.SCARD_E_SHARING_VIOLATION,
        scard.SCARD_W_SECURITY_VIOLATION,
    ):
        raise ReaderGone(detail)
    raise CardBroken(detail)


def _library() -> ModuleType | Any:
    """Compiled at set-up (pyscard): a machine that could not identifies nobody, and does all the rest."""
    try:
        from smartcard import scard
    except ImportError as error:
        raise ReaderGone("pyscard is not installed") from error
    return scard
