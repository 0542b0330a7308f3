"""Money that is owed to somebody: the question whether there is any, central's answer, and what became of it.

Who asks was identified by card for the line CLAIM_LINE, as for a certificate. Request and answer are sealed
(sealing.py), so that neither core nor courier can make money out of nothing.
"""

from typing import Final

from msgspec import Struct

from kiosk.protocol.identity import AskedLine
from kiosk.protocol.numbers import Count

CLAIM_TYPE: Final = "claim"
"""Stands where a certificate's type would stand: no catalogue has a type of this name."""
CLAIM_LINE: Final = 1
PURPOSE: Final = "claims"


def asked_line(line: int = CLAIM_LINE) -> AskedLine:
    """What the card signs for who wants their money back."""
    return AskedLine(line, CLAIM_TYPE, {}, {})


class ClaimsCall(Struct, frozen=True):
    """POST /v1/claims. Key `<order>-claims-<n>`. Answer: SealedAnswer, whose plaintext is ClaimsAnswer.

    `order` is the redemption's own name. 410 `redemption-closed` once the machine has said that it is over.
    """

    kiosk: str
    order: str
    sealed: bytes


class ClaimsRequest(Struct, frozen=True):
    """Worker -> central, sealed: hold for this redemption what is owed to whom `token` stands for.

    `most` (KRW) is what this machine can surely pay out; claims that do not fit stay open.
    """

    kiosk: str
    order: str
    worker_key: bytes
    token: bytes
    most: int
    line: int = CLAIM_LINE
    type_code: str = CLAIM_TYPE
    subject: dict[str, str] = {}
    options: dict[str, str] = {}


class Owed(Struct, frozen=True):
    """One claim: where it arose, and what is still owed of it (KRW)."""

    kiosk: str
    order: str
    amount: int


class ClaimsAnswer(Struct, frozen=True):
    """Central -> worker, sealed: what is held for this redemption alone, until the machine reports its end.

    Without any, `code` says why: no-claim, claim-reserved (a machine may be paying it this moment), claim-too-large
    (more than `most`), not-identified. `elsewhere` (KRW) is owed besides.
    """

    held: tuple[Owed, ...] = ()
    code: str = ""
    elsewhere: int = 0


class Resolution(Struct, frozen=True):
    """What became of a claim of this machine. `amount` (KRW): what is still owed; 0: nothing, it is over.

    `verdict`: a person decided claim, paid, kept or void; redeemed: a machine, this or another, has paid it.
    """

    case: Count
    order: str
    verdict: str
    amount: Count
