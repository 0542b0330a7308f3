"""Who is here: the card's signature under what is asked for, sealed for central; central's word on whose card it is.

The PIN arrives sealed to this visit's one-time key. The buffer that goes to the card is wiped; what unsealing left in
memory goes with the process, which ends with the visit. The token that identification gives leaves it sealed only.
"""

from collections.abc import Callable

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.protocol import identity, sealing
from kiosk.protocol.not_json import NOT_JSON
from kiosk.protocol.worker import CardReady, HolderKnown, OpenCard, OpenIdentity, SealedRequest, SignWithCard
from kiosk.worker.card import CardCode, CardError, IdentityCard, Transport
from kiosk.worker.refusals import Code, WorkError

PURPOSE = "identity"


class Identification:
    """One visit's identification. Methods raise WorkError (CardError for the card's own refusals)."""

    def __init__(
        self,
        kiosk: str,
        order: str,
        private: X25519PrivateKey,
        public: bytes,
        central_key: bytes,
        readers: Transport,
        now_s: Callable[[], int],
    ) -> None:
        self._kiosk, self._order = kiosk, order
        self._private, self._public, self._central_key = private, public, central_key
        self._readers, self._now_s = readers, now_s
        self._card: IdentityCard | None = None
        self._certificate = b""
        self._asked: tuple[identity.AskedLine, ...] = ()
        self._sealed = b""
        self._holder: identity.Identified | None = None
        self._lines: tuple[identity.AskedLine, ...] = ()

    def open_card(self, message: OpenCard) -> CardReady:
        """Look at a card; the one before is let go."""
        self.close()
        card = IdentityCard(self._readers, message.reader, message.insertion)
        seen = card.open(self._now_s())
        self._card, self._certificate = card, seen.certificate
        return CardReady(message.request, seen.tries, self._public)

    def sign(self, message: SignWithCard) -> SealedRequest:
        """Let the card sign, and seal the request. The PIN is wiped whatever happens."""
        card = self._card
        if card is None:
            raise WorkError(Code.OUT_OF_ORDER, "no card is open")
        try:
            said = identity.statement(message.nonce, message.lines, self._public, self._kiosk, self._order)
        except ValueError as error:
            raise WorkError(Code.ANSWER_INVALID, "central's nonce") from error
        try:
            signature = card.sign(self._pin(message.pin), said)
        except CardError as error:
            if error.card_code not in (CardCode.PIN_WRONG, CardCode.PIN_MALFORMED):
                self._card = None
            raise
        request = identity.IdentityRequest(
            kiosk=self._kiosk,
            order=self._order,
            lines=message.lines,
            worker_key=self._public,
            nonce=message.nonce,
            certificate=self._certificate,
            signature=signature,
        )
        self._asked = message.lines
        self._sealed = self._seal(msgspec.json.encode(request))
        return SealedRequest(message.request, self._sealed)

    def open_answer(self, message: OpenIdentity) -> HolderKnown:
        """Central's word."""
        if not self._sealed:
            raise WorkError(Code.OUT_OF_ORDER, "nothing was asked")
        info = sealing.answer_info(self._kiosk, self._order, 0, "", PURPOSE, self._sealed)
        try:
            plain = sealing.open_sealed(self._private, message.sealed, info)
            answer = msgspec.json.decode(plain, type=identity.IdentityAnswer)
        except (sealing.SealingError, *NOT_JSON) as error:
            raise WorkError(Code.ANSWER_INVALID, "central's word on the card") from error
        if isinstance(answer, identity.NotIdentified):
            known = answer.code in identity.REFUSALS
            raise WorkError(answer.code if known else Code.ANSWER_INVALID)
        if len(answer.token) != identity.TOKEN_BYTES:
            raise WorkError(Code.ANSWER_INVALID, "a token of another length")
        self._holder, self._lines = answer, self._asked
        return HolderKnown(message.request, answer.subject, answer.masked_name, answer.until_s)

    @property
    def masked_name(self) -> str:
        """Whom the card identified (홍*동); "" before."""
        return self._holder.masked_name if self._holder else ""

    @property
    def subject(self) -> str:
        """The pseudonym of whom the card identified; "" before."""
        return self._holder.subject if self._holder else ""

    def token_for(self, type_code: str, subject: dict[str, str], options: dict[str, str]) -> bytes:
        """The token, for a line that was signed for; no bytes for any other."""
        signed_for = [(one.type_code, one.subject, one.options) for one in self._lines]
        if self._holder is None or (type_code, subject, options) not in signed_for:
            return b""
        return self._holder.token

    def close(self) -> None:
        """Give the card back."""
        card, self._card = self._card, None
        if card is not None:
            card.close()

    def _pin(self, sealed: bytes) -> bytearray:
        info = identity.pin_info(self._kiosk, self._order)
        try:
            return bytearray(sealing.open_sealed(self._private, sealed, info))
        except sealing.SealingError as error:
            raise WorkError(Code.ANSWER_INVALID, "the PIN was not sealed for this visit") from error

    def _seal(self, plain: bytes) -> bytes:
        info = sealing.request_info(self._kiosk, self._order, 0, "", PURPOSE)
        return sealing.seal(self._central_key, plain, info)
