"""The examples (all_screens.py) in which somebody shows who they are, and those of a card that is left in."""

from collections.abc import Iterator

import msgspec

from kiosk.examples.base import NOW_MS, ORDER, Example, by_card, on, sold
from kiosk.protocol.central import WAIVER_UNKNOWN
from kiosk.protocol.screen import Row
from kiosk.visit.items import Asked, Drafted, Entry
from kiosk.visit.order_view import OrderView, Phase, Slip
from kiosk.visit.screens import (
    Attract,
    Card,
    Check,
    Choose,
    EnterPin,
    Goodbye,
    InsertCard,
    Options,
    Pay,
    Preparing,
    Question,
    ReadingCard,
    Trouble,
    Verifying,
)
from kiosk.visit.state import Reason, Visit
from kiosk.words.refusals import REFUSALS

_CARD = Card("Reader 0", 7)
_HOLDER = "홍*동"
# The screen gets a real key; a picture of it does without.
_KEY, _INFO = bytes(32), b"example"


def identifying(base: Visit) -> Iterator[Example]:
    """(name, visit) of a machine with a card reader; `base` serves somebody in the catalogue of any machine."""
    kind = by_card(base.catalogue)
    served = sold(base, kind)
    entry = Entry(kind.code, options=tuple((option.code, option.default) for option in kind.option))
    yield "choose-by-card", on(served, Choose())
    yield "options-content-person", on(served, Options(entry, Question.CONTENT))
    yield from _card(served, entry)
    yield from _known(served, entry)
    for code, row in REFUSALS.items():
        if 61 <= row.number <= 79 or code in ("record-moving", "address-protected", "reader-down"):
            yield f"trouble-{code}", on(served, Trouble(code, entry))
    yield from _guided(served, entry)
    yield from _left_in(served, entry)


def _card(served: Visit, entry: Entry) -> Iterator[Example]:
    inside = msgspec.structs.replace(served, card=_CARD)
    strange = msgspec.structs.replace(served, card=msgspec.structs.replace(_CARD, before=True))
    yield "identify-insert", on(served, InsertCard(entry))
    yield "identify-insert-pulled", on(served, InsertCard(entry, "pulled"))
    yield "identify-insert-changed", on(inside, InsertCard(entry, "changed"))
    yield "identify-insert-left-by-somebody", on(strange, InsertCard(entry))
    yield "identify-reading", on(inside, ReadingCard(entry, _CARD, True, NOW_MS + 9_000))
    asked = EnterPin(entry, _CARD, 3, _KEY, _INFO)
    yield "identify-pin", on(inside, asked)
    wrong = msgspec.structs.replace(asked, tries=2, attempt=2, amiss="wrong")
    yield "identify-pin-wrong", on(inside, wrong)
    yield "identify-pin-last", on(inside, msgspec.structs.replace(wrong, tries=1, attempt=3))
    yield "identify-pin-malformed", on(inside, msgspec.structs.replace(wrong, amiss="malformed"))
    yield "identify-verifying", on(inside, Verifying(asked, (1,), NOW_MS + 9_000))


def _known(served: Visit, entry: Entry) -> Iterator[Example]:
    inside = msgspec.structs.replace(served, card=_CARD)
    rows = (Row("신청인", _HOLDER), Row("주소", "서울특별시 영등포구 국제금융로 **"))
    drafted = Drafted(entry, line=1, sheets=2, fee=200, summary=rows, holder=_HOLDER)
    preparing = Preparing(Asked(entry, 1), True, NOW_MS + 15_000, holder=_HOLDER)
    yield "preparing-person", on(inside, preparing)
    yield "check-person", on(served, Check(drafted))
    yield "check-person-card-in", on(inside, Check(drafted))
    named = next((row.code for kind in served.catalogue.types for row in kind.waiver), "other")
    yield "check-person-waived", on(served, Check(msgspec.structs.replace(drafted, fee=0, waiver=named)))
    waived = Check(msgspec.structs.replace(drafted, fee=0, waiver=named))
    yield "sheet-reason-waived", on(served, waived, Reason())
    yield "sheet-reason", on(served, Trouble("tax-arrears", entry), Reason())
    yield "trouble-tax-arrears", on(served, Trouble("tax-arrears", entry))
    unsure = msgspec.structs.replace(drafted, notes=(WAIVER_UNKNOWN,))
    yield "check-person-waiver-unknown", on(served, Check(unsure))
    collecting = OrderView(ORDER, Phase.COLLECTING, fee=200, sheets=2)
    yield "pay-card-in", on(inside, Pay(collecting, (drafted,)))


def _guided(served: Visit, entry: Entry) -> Iterator[Example]:
    """The slip that leads to the counter, and what became of it."""
    for slip in (Slip.PRINTING, Slip.PRINTED, Slip.FAILED, Slip.UNSURE):
        yield f"trouble-guide-{slip.value}", on(served, Trouble("record-moving", entry, guide=slip))


def _left_in(served: Visit, entry: Entry) -> Iterator[Example]:
    inside = msgspec.structs.replace(served, card=_CARD)
    yield "trouble-card-in", on(inside, Trouble("card-expired", entry))
    yield "goodbye-card-in", on(inside, Goodbye())
    nobody = msgspec.structs.replace(inside, serving=False, worker_ready=False, lines=0)
    yield "attract-card-in", on(nobody, Attract())
