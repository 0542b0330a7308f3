"""The worker's part in knowing somebody: the card that signs, who its holder is, what is owed to them."""

from typing import Any

import msgspec
from msgspec import Struct

from kiosk.protocol import worker as work
from kiosk.protocol.claims import ClaimsAnswer
from tests.crash.lives.reader import Reader

PIN_TRIES = 3


class Signed(Struct, frozen=True):
    """What is sealed for central of a card: whose it is, and that it signed this nonce."""

    order: str
    owner: str
    nonce: bytes


class Known(Struct, frozen=True):
    """What central seals for the worker: the holder's pseudonym, and what stands for them from here on."""

    holder: str
    token: bytes


class AskedClaims(Struct, frozen=True):
    """The question what is owed to whom `token` stands for."""

    order: str
    token: bytes
    most: int


PersonRequest = work.OpenCard | work.SignWithCard | work.OpenIdentity | work.MakeClaims | work.OpenClaims


class Whose:
    """Of one visit. `reader` None: the machine has none."""

    def __init__(self, reader: Reader | None) -> None:
        self._reader, self._insertion = reader, 0
        self._token = b""

    def answer(self, order: str, message: PersonRequest) -> Any:
        """One arm a request."""
        match message:
            case work.OpenCard() | work.SignWithCard():
                return self._card(order, message)
            case work.OpenIdentity(request=request, sealed=sealed):
                known = msgspec.json.decode(sealed, type=Known)
                self._token = known.token
                return work.HolderKnown(request, known.holder, "홍*동", 0)
            case work.MakeClaims(request=request, most=most):
                asked = AskedClaims(order, self._token, most)
                return work.SealedRequest(request, msgspec.json.encode(asked))
            case work.OpenClaims(request=request, sealed=sealed):
                owed = msgspec.json.decode(sealed, type=ClaimsAnswer)
                return work.ClaimsKnown(request, owed.held, owed.code)

    def _card(self, order: str, message: work.OpenCard | work.SignWithCard) -> Any:
        """It has to be the one of that insertion until it has signed."""
        reader = self._reader
        if isinstance(message, work.OpenCard):
            self._insertion = message.insertion
        if reader is None or not reader.owner or reader.insertion != self._insertion:
            return work.WorkRefused(message.request, "card-removed")
        if isinstance(message, work.OpenCard):
            return work.CardReady(message.request, PIN_TRIES, bytes(32))
        signed = Signed(order, reader.owner, message.nonce)
        return work.SealedRequest(message.request, msgspec.json.encode(signed))
