"""The examples (all_screens.py) in which somebody wants several certificates at once."""

from collections.abc import Iterator

import msgspec

from kiosk.examples.base import NOW_MS, ORDER, Example, by_card, on, sold
from kiosk.protocol.screen import Row
from kiosk.visit.items import Asked, Drafted, Entry, Item
from kiosk.visit.order_view import OrderView, Phase
from kiosk.visit.screens import Check, Choose, Issuing, Options, Pay, Preparing, Question, Trouble
from kiosk.visit.state import Remove, Visit

_HOLDER = "홍*동"
_PLACE = "1156011000"


def several(base: Visit) -> Iterator[Example]:
    """(name, visit) of somebody who wants the register of a household and those of lots."""
    kind = by_card(base.catalogue)
    served = sold(base, kind)
    mine = Entry(kind.code, options=tuple((option.code, option.default) for option in kind.option))
    land = _lot(served, "land", "60")
    forest = _lot(served, "forest", "12")
    yield "choose-one-set-aside", on(_with(served, mine), Choose())
    yield "choose-three-set-aside", on(_with(served, mine, land, forest), Choose())
    yield "choose-basket-full", on(_with(served, mine, land, forest, land, forest), Choose())
    yield "options-content-with-basket", on(_with(served, mine), Options(land, Question.CONTENT))
    asked = Preparing(Asked(land, 2), True, NOW_MS + 15_000, holder=_HOLDER)
    known = _drafted(mine, 1, sheets=2, fee=200, holder=_HOLDER)
    yield "preparing-several", on(_with(served, known), asked)
    lot = _drafted(land, 2, sheets=2, fee=500)
    wood = _drafted(forest, 3, sheets=1, fee=500)
    yield "check-two", on(_with(served, known), Check(lot))
    yield "check-three", on(_with(served, known, lot), Check(wood))
    yield "check-five", on(_with(served, known, lot, wood, lot), Check(wood))
    yield "trouble-one-of-several", on(_with(served, known), Trouble("parcel-not-found", land))
    yield "trouble-another-person-basket", on(_with(served, known), Trouble("another-person", mine))
    yield "sheet-remove", on(_with(served, known, lot), Check(wood), Remove())
    yield from _ordered((known, lot), served)


def _ordered(drafts: tuple[Drafted, ...], served: Visit) -> Iterator[Example]:
    collecting = OrderView(ORDER, Phase.COLLECTING, fee=700, copies=2, sheets=2)
    yield "pay-two", on(served, Pay(collecting, drafts))
    second = msgspec.structs.replace(
        collecting, phase=Phase.PRINTING, credit=700, copy=2, delivered=1, sheet=1
    )
    yield "issuing-second-of-two", on(served, Issuing(second, drafts))


def _with(served: Visit, *items: Item) -> Visit:
    return msgspec.structs.replace(served, basket=items)


def _lot(served: Visit, code: str, main: str) -> Entry:
    kind = served.catalogue.type(code) or served.catalogue.types[0]
    options = tuple((option.code, option.default) for option in kind.option)
    return Entry(kind.code, place=_PLACE, main=main, options=options)


def _drafted(entry: Entry, line: int, *, sheets: int, fee: int, holder: str = "") -> Drafted:
    return Drafted(entry, line, sheets, fee, summary=(Row("지번", entry.main),), holder=holder)
