"""The dialogue with one identity card: read whose kind it is, then let it sign, if its holder knows the PIN.

A session belongs to one insertion of one reader. Each step is one transaction, which begins and ends with a look at the
reader's counter, and the first thing that goes wrong ends the session: a handle that has failed once may speak to
another card the next time (measured with pcscd: a swap within one poll).
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol, TypeVar

from msgspec import Struct

from kiosk.worker import piv
from kiosk.worker.card_certificate import CardCertificate, CertificateError, read_certificate
from kiosk.worker.refusals import Code, WorkError

T = TypeVar("T")


class CardCode(StrEnum):
    """Every way in which a card can fail to identify its holder. Tails of message keys, as central's refusals are."""

    CARD_REMOVED = "card-removed"
    CARD_CHANGED = "card-changed"  # another card than the one that this session began with
    CARD_UNREADABLE = "card-unreadable"  # the wrong way round, dirty, broken, or talking nonsense
    CARD_MUTE = "card-mute"  # it, or its reader, does not come back from a command
    CARD_WRONG_KIND = "card-wrong-kind"  # no identity card, or not a citizen's
    CARD_EXPIRED = "card-expired"
    PIN_WRONG = "pin-wrong"
    PIN_BLOCKED = "pin-blocked"
    PIN_MALFORMED = "pin-malformed"  # not sent to the card: no try is lost
    READER_GONE = "reader-gone"


class CardError(WorkError):
    """The card step failed. `tries` is what PIN_WRONG leaves. After any code but PIN_WRONG and PIN_MALFORMED the
    session is over.
    """

    def __init__(self, code: CardCode, detail: str = "", tries: int | None = None) -> None:
        super().__init__(code, detail)
        self.card_code = code
        self.tries = tries


class ReaderGone(Exception):
    """No service, no reader, or somebody else has it."""


class NoCard(Exception):
    """There is no card in the reader."""


class CardBroken(Exception):
    """The card did not answer, or this connection to it is no longer good."""


class CardMute(Exception):
    """The card, or its reader, has not come back from a command for too long (card_patience.py)."""


_TROUBLES = (ReaderGone, NoCard, CardBroken, CardMute)


class Channel(Protocol):
    """A connection to the card in one reader. Its methods raise ReaderGone, NoCard, CardBroken or CardMute."""

    def counter(self) -> int:
        """The reader's counter of cards put in and pulled out, as it is now; raises NoCard when it is empty."""

    def noticed(self) -> int:
        """The counter once the reader has had time to notice that the card is out; raises NoCard when it is empty."""

    def begin(self) -> None:
        """Nobody else talks to the card from here on."""

    def end(self) -> None:
        """Others may."""

    def transmit(self, command: bytes | bytearray) -> bytes:
        """One command; data and status word. May block for as long as the card likes."""

    def close(self) -> None:
        """Reset the card, so that it forgets the PIN, and give everything back. Never raises."""


class Transport(Protocol):
    """The way to the readers."""

    def connect(self, reader: str) -> Channel:
        """Connect to the card that is in the reader. Raises ReaderGone, NoCard, CardBroken or CardMute."""


class NoReaders:
    """The way to the readers of a machine that has none."""

    def connect(self, reader: str) -> Channel:
        """There is nothing to connect to."""
        raise ReaderGone(reader)


NO_READERS = NoReaders()


class CardSeen(Struct, frozen=True):
    """What a card says before a PIN: its certificate (DER), and the tries left (None: it does not tell)."""

    certificate: bytes
    tries: int | None


class IdentityCard:
    """The card in `reader`, for as long as the reader counts `insertion` (drivers.contract.CardInserted)."""

    def __init__(self, transport: Transport, reader: str, insertion: int) -> None:
        self._transport, self._reader, self._insertion = transport, reader, insertion
        self._channel: Channel | None = None
        self._certificate: CardCertificate | None = None

    def open(self, now_s: int) -> CardSeen:
        """Connect and read. Raises CardError: a card that can't identify a citizen is told before a PIN."""
        try:
            self._channel = self._transport.connect(self._reader)
        except _TROUBLES as error:
            raise _failure(error) from error
        seen, certificate = self._transaction(lambda channel: _look(channel, now_s))
        self._certificate = certificate
        return seen

    def sign(self, pin: bytearray, statement: bytes) -> bytes:
        """The card's signature (DER, ECDSA P-256) over `statement` (32 bytes, a SHA-256). Raises CardError.

        `pin` (6 to 8 ASCII digits) is wiped in every case. After PIN_WRONG and PIN_MALFORMED it may be asked for again.
        """
        certificate = self._certificate
        if self._channel is None or certificate is None:
            _wipe(pin)
            raise WorkError(Code.OUT_OF_ORDER, "no card is open")
        try:
            signing, verify = piv.sign(statement), _verify(pin)
        finally:
            _wipe(pin)
        try:
            answer = self._transaction(lambda channel: _sign(channel, certificate, verify, signing))
        finally:
            _wipe(verify)
        if isinstance(answer, int):
            raise CardError(CardCode.PIN_WRONG, tries=answer)
        if not certificate.signed(statement, answer):
            self.close()
            raise CardError(CardCode.CARD_UNREADABLE, "the signature is not the certificate's")
        return answer

    def close(self) -> None:
        """Give the card back, with its PIN forgotten. Harmless at any time."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()

    def _transaction(self, work: Callable[[Channel], T]) -> T:
        """One step, alone with the card, and surely with this one. A failure ends the session."""
        channel = self._channel
        if channel is None:
            raise WorkError(Code.OUT_OF_ORDER, "no card is open")
        try:
            channel.begin()
            self._same(channel)
            result = work(channel)
            self._same(channel)
            channel.end()
        except CardError:
            self.close()
            raise
        except (*_TROUBLES, CertificateError, piv.Garbled) as error:
            failure = self._explained(channel, error)
            self.close()
            raise failure from error
        return result

    def _same(self, channel: Channel) -> None:
        self._is_the_one(channel.counter())

    def _is_the_one(self, counter: int) -> None:
        if counter != self._insertion:
            raise CardError(CardCode.CARD_CHANGED)

    def _explained(self, channel: Channel, error: Exception) -> CardError:
        """A command that failed may have failed because the card is out, or another one in."""
        try:
            # One that does not answer may be out already, while its reader has not looked yet.
            self._is_the_one(channel.noticed() if isinstance(error, CardBroken) else channel.counter())
        except CardError as changed:
            return changed
        except _TROUBLES as trouble:
            return _failure(trouble)
        return _failure(error)


def _look(channel: Channel, now_s: int) -> tuple[CardSeen, CardCertificate]:
    """Select, read, judge the kind, ask for the tries."""
    der = _read(channel)
    certificate = read_certificate(der)
    if not certificate.citizen:
        raise CardError(CardCode.CARD_WRONG_KIND, "not a citizen's")
    if now_s > certificate.valid_until_s:
        raise CardError(CardCode.CARD_EXPIRED)
    status = piv.ask(channel.transmit, piv.ASK_TRIES).status
    tries = piv.tries_left(status)
    if tries == 0:
        raise CardError(CardCode.PIN_BLOCKED)
    if tries is None and status != piv.OK:
        raise piv.Garbled("no word about the tries")
    return CardSeen(der, tries), certificate


def _verify(pin: bytearray) -> bytearray:
    """The command that shows the PIN to the card. To be wiped."""
    try:
        return piv.verify(pin)
    except ValueError:
        raise CardError(CardCode.PIN_MALFORMED) from None


def _sign(channel: Channel, certificate: CardCertificate, verify: bytearray, signing: bytes) -> bytes | int:
    """The signature, or the tries that a wrong PIN has left. No card but the one looked at gets to see the PIN."""
    if _read(channel) != certificate.der:
        raise CardError(CardCode.CARD_CHANGED)
    status = piv.ask(channel.transmit, verify).status
    tries = piv.tries_left(status)
    if tries == 0:
        raise CardError(CardCode.PIN_BLOCKED)
    if tries is not None:
        return tries
    if status != piv.OK:
        raise piv.Garbled(f"VERIFY ended with {status:04X}")
    return piv.signature_of(_done(piv.ask(channel.transmit, signing)))


def _read(channel: Channel) -> bytes:
    """Select the application and read its certificate (DER). A card without the application is another kind of card."""
    selected = piv.ask(channel.transmit, piv.SELECT)
    if selected.status in piv.NOT_HERE:
        raise CardError(CardCode.CARD_WRONG_KIND, f"SELECT ended with {selected.status:04X}")
    piv.check_selected(_done(selected))
    return piv.certificate_of(_done(piv.ask(channel.transmit, piv.READ_CERTIFICATE)))


def _done(answer: piv.Answer) -> bytes:
    if answer.status != piv.OK:
        raise piv.Garbled(f"a command ended with {answer.status:04X}")
    return answer.data


def _failure(error: Exception) -> CardError:
    match error:
        case NoCard():
            return CardError(CardCode.CARD_REMOVED)
        case ReaderGone():
            return CardError(CardCode.READER_GONE, str(error))
        case CardMute():
            return CardError(CardCode.CARD_MUTE)
        case _:
            return CardError(CardCode.CARD_UNREADABLE, str(error))


def _wipe(secret: bytearray) -> None:
    for at in range(len(secret)):
        secret[at] = 0
