"""A citizen with a card at a machine: what the card signs, what the worker seals, and what central answers."""

from datetime import datetime
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from central.authority.card_files import CardFile, citizen_card
from central.authority.keys import Folder, card_authority
from central.services import Services
from kiosk.protocol import sealing
from kiosk.protocol.central import Draft, DraftRequest, IssueCall, SealedAnswer
from kiosk.protocol.identity import (
    AskedLine,
    ChallengeCall,
    Identified,
    IdentityAnswer,
    IdentityCall,
    IdentityRequest,
    NotIdentified,
    statement,
)
from tests.unit.central.office import Worker

HOUSEHOLD = "resident-household"
FULL = {
    "past_addresses": "all",
    "formation": "yes",
    "moved_in": "yes",
    "names": "yes",
    "relation": "yes",
    "digits": "all",
    "cohabitants": "yes",
}
LINE = AskedLine(1, HOUSEHOLD, {}, FULL)


class Chip:
    """A card's chip once the PIN was right."""

    def __init__(self, card: CardFile) -> None:
        key = load_pem_private_key(card.key_pem.encode(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        self._key = key
        certificate = x509.load_pem_x509_certificate(card.certificate_pem.encode())
        self.certificate = certificate.public_bytes(Encoding.DER)

    def sign(self, said: bytes) -> bytes:
        """ECDSA over a hash."""
        return self._key.sign(said, ec.ECDSA(Prehashed(SHA256())))


def chip_of(folder: Folder, number: str, now: datetime) -> Chip:
    """A fresh card with this number."""
    return Chip(citizen_card(card_authority(folder), number, now))


def request_of(
    worker: Worker, chip: Chip, nonce: bytes, lines: tuple[AskedLine, ...] = (LINE,), **other: Any
) -> IdentityRequest:
    """What the worker asks with a signature over just that; `other` replaces fields afterwards."""
    said = statement(nonce, lines, worker.public, worker.kiosk, worker.order)
    request = IdentityRequest(
        kiosk=worker.kiosk,
        order=worker.order,
        lines=lines,
        worker_key=worker.public,
        nonce=nonce,
        certificate=chip.certificate,
        signature=chip.sign(said),
    )
    return msgspec.structs.replace(request, **other)


def call_of(worker: Worker, request: IdentityRequest) -> IdentityCall:
    """The request sealed."""
    return IdentityCall(worker.kiosk, worker.order, worker.seal(request, 0, "", "identity"))


def opened(worker: Worker, call: IdentityCall, reply: bytes) -> Identified | NotIdentified:
    """Central's answer."""
    sealed = msgspec.json.decode(reply, type=SealedAnswer).sealed
    info = sealing.answer_info(worker.kiosk, worker.order, 0, "", "identity", call.sealed)
    answer: Identified | NotIdentified = msgspec.json.decode(
        sealing.open_sealed(worker.private, sealed, info), type=IdentityAnswer
    )
    return answer


async def nonce_for(services: Services, worker: Worker) -> bytes:
    """A fresh nonce for the worker's order."""
    return (await services.identities.challenge(ChallengeCall(worker.kiosk, worker.order))).nonce


async def ask(
    services: Services, worker: Worker, request: IdentityRequest, key: str = "identity-1"
) -> Identified | NotIdentified:
    """The answer to a request."""
    call = call_of(worker, request)
    return opened(worker, call, await services.identities.identify(call, key))


async def identified(
    services: Services, worker: Worker, number: str, lines: tuple[AskedLine, ...] = (LINE,)
) -> Identified:
    """The holder of card `number` is identified."""
    chip = chip_of(services.folder, number, services.clock())
    request = request_of(worker, chip, await nonce_for(services, worker), lines)
    answer = await ask(services, worker, request, f"{worker.order}-identity-1")
    assert isinstance(answer, Identified)
    return answer


def household_request(worker: Worker, token: bytes, options: dict[str, str] | None = None) -> DraftRequest:
    """The question for one's own 등본."""
    return worker.draft_request(type_code=HOUSEHOLD, subject={}, options=options or FULL, token=token)


def household_issue(worker: Worker, draft: Draft, token: bytes, **other: Any) -> IssueCall:
    """The call for a copy of it."""
    return worker.issue_call(draft, **{"subject": {}, "options": FULL, "token": token, **other})
