"""The worker's part in knowing somebody: the card that signs, who its holder is, what is owed to them."""

from typing import Any

import msgspec
from msgspec import Struct

from kiosk.protocol import worker as worker_messages
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


PersonRequest = (
    worker_messages.OpenCard
    | worker_messages.SignWithCard
    | worker_messages.OpenIdentity
    | worker_messages.MakeClaims
    | worker_messages.OpenClaims
)


class Whose:
    """Of one visit. `reader` None: the machine has none."""

    def __init__(self, reader: Reader | None) -> None:
        self._reader, self._insertion = reader, 0
        self._token = b""

    def answer(self, order: str, message: PersonRequest) -> Any:
        """One arm a request."""
        match message:
            case worker_messages.OpenCard() | worker_messages.SignWithCard():
                return self._card(order, message)
            case worker_messages.OpenIdentity(request=request, sealed=sealed):
                known = msgspec.json.decode(sealed, type=Known)
                self._token = known.token
                return worker_messages.HolderKnown(request, known.holder, "홍*동", 0)
            case worker_messages.MakeClaims(request=request, most=most):
                asked = AskedClaims(order, self._token, most)
                return worker_messages.SealedRequest(request, msgspec.json.encode(asked))
            case worker_messages.OpenClaims(request=request, sealed=sealed):
                owed = msgspec.json.decode(sealed, type=ClaimsAnswer)
                return worker_messages.ClaimsKnown(request, owed.held, owed.code)

    def _card(self, order: str, message: worker_messages.OpenCard | worker_messages.SignWithCard) -> Any:
        """It has to be the one of that insertion until it has signed."""
        reader = self._reader
        if isinstance(message, worker_messages.OpenCard):
            self._insertion = message.insertion
        if reader is None or not reader.owner or reader.insertion != self._insertion:
            return worker_messages.WorkRefused(message.request, "card-removed")
        if isinstance(message, worker_messages.OpenCard):
            return worker_messages.CardReady(message.request, PIN_TRIES, bytes(32))
        signed = Signed(order, reader.owner, message.nonce)
        return worker_messages.SealedRequest(message.request, msgspec.json.encode(signed))
