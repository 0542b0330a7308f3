"""The examples (all_screens.py) in which a certificate could be about several things: a few cars, many flats."""

from collections.abc import Iterator

import msgspec

from kiosk.examples.base import NOW_MS, Example, by_card, on, sold
from kiosk.protocol.central import Offered
from kiosk.visit.items import Asked, Drafted, Entry, Offer, Unpicked
from kiosk.visit.screens import Check, Preparing, Trouble, Which
from kiosk.visit.state import Visit

_HOLDER = "홍*동"
_CARS = Offer(
    "vehicle",
    (
        Offered("12가3456", "12가 3456", "가온 2.0 · 승용 · 2019년식"),
        Offered("123나4567", "123나 4567", "다온 1.0 · 승용 · 2022년식"),
        Offered("서울86사1234", "서울 86사 1234", "짐꾼 1톤 · 화물 · 2015년식"),
    ),
)
_HOUSES = Offer(
    "building",
    (
        Offered("1", "여의나루아파트 101동", "공동주택 · 지상 20층"),
        Offered("2", "여의나루아파트 102동", "공동주택 · 지상 10층"),
        Offered("3", "여의나루아파트 상가동", "제1종 근린생활시설 · 지상 2층"),
    ),
)


def picking(base: Visit) -> Iterator[Example]:
    """(name, visit) of somebody who has to say which one."""
    kind = by_card(base.catalogue)
    served = sold(base, kind)
    mine = Entry(kind.code, options=tuple((option.code, option.default) for option in kind.option))
    yield "which-three-vehicles", on(served, Which(Unpicked(mine, 1, (_CARS,)), holder=_HOLDER))
    of_many = Offer("machine", tuple(_truck(at) for at in range(8)))
    yield "which-eight-machines", on(served, Which(Unpicked(mine, 1, (of_many,)), holder=_HOLDER))
    picked = msgspec.structs.replace(mine, picked=(_CARS.offered[1],))
    asked = Asked(picked, 1, (_CARS,))
    yield "preparing-picked", on(served, Preparing(asked, True, NOW_MS + 15_000, holder=_HOLDER))
    draft = Drafted(picked, 1, sheets=1, fee=300, holder=_HOLDER, offers=(_CARS,))
    yield "check-picked", on(served, Check(draft))
    yield "check-two-of-a-kind", on(msgspec.structs.replace(served, basket=(draft,)), Check(_other(draft)))
    yield "trouble-choice-unknown", on(served, Trouble("choice-unknown", mine))
    yield from _of_a_lot(served)


def _of_a_lot(served: Visit) -> Iterator[Example]:
    lot = Entry("land", place="1156011000", main="60")
    yield "which-three-buildings", on(served, Which(Unpicked(lot, 1, (_HOUSES,))))
    inside = msgspec.structs.replace(lot, picked=(_HOUSES.offered[0],))
    for name, floors, part in (("forty", 10, 0), ("hundred-and-twenty", 30, 1)):
        units = Unpicked(inside, 1, (_HOUSES, Offer("unit", tuple(_units(floors)))))
        yield f"which-{name}-units", on(served, Which(units, part))


def _other(draft: Drafted) -> Drafted:
    entry = msgspec.structs.replace(draft.entry, picked=(_CARS.offered[0],))
    return msgspec.structs.replace(draft, entry=entry, line=2)


def _truck(at: int) -> Offered:
    return Offered(f"서울0{at}가{1001 + at}", f"서울 0{at}가 {1001 + at}", "굴착기")


def _units(floors: int) -> Iterator[Offered]:
    """Four flats a floor."""
    for floor in range(1, floors + 1):
        for flat in range(1, 5):
            yield Offered(f"1/{floor}/{flat}", f"{floor}{flat:02}호", "84.97 ㎡")
