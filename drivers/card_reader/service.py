"""One conversation with the PC/SC service (pcscd) through `smartcard.scard`, as long as the service lives.

Nothing is kept over an error: after a restart of the service its old contexts are dead for good, though
SCardIsValidContext still calls them valid. pyscard's own monitors die with the service and are not used.
"""

import os
from types import ModuleType
from typing import Any, Protocol

from drivers.card_reader.slots import Slot

SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
_COUNTER_SHIFT = 16
_PLUG_AND_PLAY = "\\\\?PnP?\\Notification"


class ServiceLost(Exception):
    """The service is not there, went away, or does not want us; the message says which."""


class Service(Protocol):
    """What the watch needs of a conversation."""

    def look(self) -> tuple[Slot, ...]:
        """All readers as they are now. Raises ServiceLost."""

    def wait(self, seen: tuple[Slot, ...], timeout_s: float) -> None:
        """Return when something may differ from `seen`, or after `timeout_s`. Raises ServiceLost."""

    def cancel(self) -> None:
        """Let a `wait` on another thread return now."""

    def close(self) -> None:
        """End the conversation."""


def use_socket(path: str) -> None:
    """Where the service listens. To be said before the first conversation: the library asks once."""
    os.environ[SOCKET_VARIABLE] = path


class PcscService:
    """A conversation with pcscd. Raises ServiceLost when none can be begun."""

    def __init__(self) -> None:
        self._scard = _library()
        result, self._context = self._scard.SCardEstablishContext(self._scard.SCARD_SCOPE_USER)
        self._check(result)

    def look(self) -> tuple[Slot, ...]:
        """All readers as they are now. Raises ServiceLost."""
        result, readers = self._scard.SCardListReaders(self._context, [])
        if result == self._scard.SCARD_E_NO_READERS_AVAILABLE or (result == 0 and not readers):
            return ()
        self._check(result)
        unaware = [(reader, self._scard.SCARD_STATE_UNAWARE) for reader in sorted(readers)]
        result, states = self._scard.SCardGetStatusChange(self._context, 0, unaware)
        self._check(result)
        return tuple(self._slot(reader, state) for reader, state, _answer_to_reset in states)

    def wait(self, seen: tuple[Slot, ...], timeout_s: float) -> None:
        """Return when something may differ from `seen`, or after `timeout_s`. Raises ServiceLost."""
        known = [(slot.reader, self._state(slot)) for slot in seen]
        # Of this one the upper half is the number of readers that we know.
        known.append((_PLUG_AND_PLAY, len(seen) << _COUNTER_SHIFT))
        result, _states = self._scard.SCardGetStatusChange(self._context, int(timeout_s * 1000), known)
        if result not in (self._scard.SCARD_E_TIMEOUT, self._scard.SCARD_E_CANCELLED):
            self._check(result)

    def cancel(self) -> None:
        """Let a `wait` on another thread return now."""
        self._scard.SCardCancel(self._context)

    def close(self) -> None:
        """End the conversation."""
        self._scard.SCardReleaseContext(self._context)

    def _slot(self, reader: str, state: int) -> Slot:
        present = bool(state & self._scard.SCARD_STATE_PRESENT)
        mute = present and bool(state & self._scard.SCARD_STATE_MUTE)
        return Slot(reader, (state >> _COUNTER_SHIFT) & 0xFFFF, present, mute)

    def _state(self, slot: Slot) -> int:
        state: int = self._scard.SCARD_STATE_PRESENT if slot.present else self._scard.SCARD_STATE_EMPTY
        if slot.mute:
            state |= self._scard.SCARD_STATE_MUTE
        return state | slot.counter << _COUNTER_SHIFT

    def _check(self, result: int) -> None:
        if result != 0:
            message: str = self._scard.SCardGetErrorMessage(result)
            raise ServiceLost(f"{message} (0x{result & 0xFFFFFFFF:08X})")


def _library() -> ModuleType | Any:
    """Compiled at set-up (pyscard): a machine that could not has all devices but this one."""
    try:
        from smartcard import scard
    except ImportError as error:
        raise ServiceLost("pyscard is not installed; see `make setup`") from error
    return scard
