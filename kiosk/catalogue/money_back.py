"""What somebody asks for who wants their money: no certificate, but it goes the way of one as far as the card.

No catalogue has it, so it can't be chosen, priced or issued; its code is what the card signs for (protocol.claims).
"""

from typing import Final

from kiosk.catalogue.catalogue import CertificateType, Fee
from kiosk.protocol.certificates import Hours, Names
from kiosk.protocol.claims import CLAIM_TYPE

_NAMELESS = Names("", "")

MONEY_BACK: Final = CertificateType(
    code=CLAIM_TYPE,
    no=0,
    category="",
    icon="return",
    name=_NAMELESS,
    about=_NAMELESS,
    authority=_NAMELESS,
    register="",
    legal_basis="",
    subject="person",
    identification="card",
    max_copies=1,
    max_sheets=1,
    hours=Hours(opens="00:00", closes="24:00"),
    fee=Fee(0),
    not_needed=_NAMELESS,
    verified=True,
)
