"""The examples (all_screens.py) of a machine with many certificates: their groups, one group, and what letters find."""

from collections.abc import Iterator

import msgspec

from kiosk.catalogue.catalogue import Catalogue
from kiosk.examples.base import CASH, Example, healthy, on
from kiosk.health.health import Health, MachineState
from kiosk.protocol.central import TypeHealth
from kiosk.visit.grouping import in_groups
from kiosk.visit.items import Drafted, Entry
from kiosk.visit.screens import Attract, Check, Choose, OutOfService
from kiosk.visit.state import Visit

# Letters with many hits and with few.
_LETTERS = {"ko": ("ㅈ", "ㅌ"), "en": ("l", "i")}


def choosing_among_many(catalogue: Catalogue, lang: str) -> Iterator[Example]:
    """(name, visit); nothing for a catalogue that stands on one screen."""
    if not in_groups(catalogue):
        return
    much = f"-{len(catalogue.types)}"
    nobody = Visit(catalogue=catalogue, screen=Attract(), health=healthy(catalogue), number=1)
    yield f"attract{much}", nobody
    base = msgspec.structs.replace(nobody, serving=True, worker_ready=True, lines=1)
    yield f"choose-groups{much}", on(base, Choose())
    for group in catalogue.categories:
        yield f"choose-group-{group.code}{much}", on(base, Choose(category=group.code))
    yield f"choose-by-name{much}", on(base, Choose(by_name=True))
    for hits, letter in zip(("many", "few"), _LETTERS[lang], strict=True):
        yield f"choose-by-name-{hits}{much}", on(base, Choose(by_name=True, typed=letter))
    aside = msgspec.structs.replace(base, basket=(Entry(_cheapest(catalogue)),))
    yield f"choose-groups-with-basket{much}", on(aside, Choose())
    yield f"choose-groups-one-closed{much}", on(_one_closed(base), Choose())
    yield f"check-waived{much}", on(base, Check(_waived(catalogue)))
    yield f"out-of-service-closed-hours{much}", on(_closed(nobody), OutOfService())


def _waived(catalogue: Catalogue) -> Drafted:
    """Of the certificates for which some pay nothing the one with the most questions, all left as they were."""
    kind = max((one for one in catalogue.types if one.waiver), key=lambda one: len(one.option))
    entry = Entry(kind.code, options=tuple((option.code, option.default) for option in kind.option))
    return Drafted(entry, line=1, sheets=2, fee=0, waiver=kind.waiver[0].code, holder="홍*동")


def _cheapest(catalogue: Catalogue) -> str:
    return min((kind for kind in catalogue.types if kind.personal), key=lambda kind: kind.fee.base).code


def _one_closed(base: Visit) -> Visit:
    """One group of it can't be had at this hour."""
    first = base.catalogue.categories[0].code
    types = tuple(
        TypeHealth(kind.code, kind.category != first, "closed-hours" if kind.category == first else "")
        for kind in base.catalogue.types
    )
    return msgspec.structs.replace(base, health=Health(MachineState.DEGRADED, types, (), CASH))


def _closed(nobody: Visit) -> Visit:
    types = tuple(TypeHealth(kind.code, False, "closed-hours") for kind in nobody.catalogue.types)
    return msgspec.structs.replace(nobody, health=Health(MachineState.OUT_OF_SERVICE, types, (), CASH))
