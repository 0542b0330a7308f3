"""What the examples have in common: their moment, a machine that is well, and how a screen gets its patience."""

import msgspec

from kiosk.catalogue.catalogue import Catalogue, CertificateType, Fee
from kiosk.health.cash import CashLevels
from kiosk.health.health import Health, MachineState
from kiosk.protocol.central import TypeHealth
from kiosk.protocol.certificates import Choice, Names, Option
from kiosk.visit.patience import arm
from kiosk.visit.screens import Screen
from kiosk.visit.state import Overlay, Visit

Example = tuple[str, Visit]

NOW_MS = 10_000_000
CASH = CashLevels(hopper_coins=60, hopper_coin=100, denominations=(100, 500))
ORDER = "01KB3X7Q9M5T"
_DIGITS = Option(
    "digits",
    Names("주민등록번호 뒷자리", "Last digits of resident numbers"),
    "none",
    (
        Choice("none", Names("모두 가림", "All covered")),
        Choice("own", Names("내 것만 보임", "Only mine shown")),
    ),
)


def on(state: Visit, screen: Screen, overlay: Overlay | None = None) -> Visit:
    """The visit on that screen since NOW_MS."""
    return arm(msgspec.structs.replace(state, screen=screen, overlay=overlay), NOW_MS)


def healthy(catalogue: Catalogue) -> Health:
    """Everything can be sold."""
    types = tuple(TypeHealth(kind.code, sellable=True) for kind in catalogue.types)
    return Health(MachineState.READY, types, (), CASH)


def by_card(catalogue: Catalogue) -> CertificateType:
    """The catalogue's certificate of a person; for a machine that was built without a reader, one made up."""
    kinds = [kind for kind in catalogue.types if kind.identification == "card"]
    return kinds[0] if kinds else _made_up(catalogue)


def _made_up(catalogue: Catalogue) -> CertificateType:
    return msgspec.structs.replace(
        catalogue.types[0],
        code="resident-household",
        icon="house",
        name=Names("주민등록표 등본", "Resident Registration, Household Copy"),
        about=Names("함께 사는 사람과 주소가 나옵니다", "Who lives in your household, and where"),
        register="resident",
        subject="person",
        identification="card",
        fee=Fee(200),
        not_needed=Names(
            "관공서와 많은 은행은 동의를 받아 직접 확인할 수 있습니다.",
            "Public offices and many banks can look this up themselves if you agree.",
        ),
        option=(_DIGITS,),
    )


def sold(base: Visit, kind: CertificateType) -> Visit:
    """The visit at a machine that has this type too, and is well."""
    others = tuple(other for other in base.catalogue.types if other.code != kind.code)
    catalogue = msgspec.structs.replace(base.catalogue, types=(*others, kind))
    return msgspec.structs.replace(base, catalogue=catalogue, health=healthy(catalogue))
