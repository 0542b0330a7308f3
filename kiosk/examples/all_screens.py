"""One visit for every screen, question and overlay in a situation as it really comes: for pictures and for tests."""

from collections.abc import Iterator

import msgspec

from kiosk.catalogue.catalogue import Catalogue
from kiosk.examples.base import CASH, NOW_MS, ORDER, Example, healthy, on
from kiosk.examples.baskets import several
from kiosk.examples.cards import identifying
from kiosk.examples.cash import paying as paying_cash
from kiosk.examples.claims import owed
from kiosk.examples.payment import paying_by_card
from kiosk.examples.picking import picking
from kiosk.examples.power import failing
from kiosk.health.health import Ailment, Health, MachineState
from kiosk.order.model import OrderOutcome
from kiosk.protocol.central import TypeHealth
from kiosk.protocol.screen import Row
from kiosk.visit.items import Asked, Drafted, Entry
from kiosk.visit.order_view import OrderView, Phase, Slip
from kiosk.visit.screens import (
    Attract,
    Change,
    Check,
    Choose,
    Goodbye,
    Issuing,
    Options,
    OutOfService,
    Pay,
    Preparing,
    Question,
    Survey,
    Take,
    Trouble,
)
from kiosk.visit.state import DisplaySheet, Help, Languages, Leave, MoreTime, Since, Visit

__all__ = ["NOW_MS", "Example", "draft", "entry", "examples", "view"]

_MINUTE_MS = 60_000
_PLACE = "1156011000"


def examples(catalogue: Catalogue) -> Iterator[Example]:
    """(name, visit) at NOW_MS. Names are file names: the screen, and what is particular about it."""
    base = Visit(catalogue=catalogue, screen=Attract(), health=healthy(catalogue), number=1)
    yield from _welcome(base)
    serving = msgspec.structs.replace(base, serving=True, worker_ready=True, lines=1)
    yield from _choosing(serving)
    yield from identifying(serving)
    yield from several(serving)
    yield from picking(serving)
    yield from owed(serving)
    yield from _ordering(serving)
    yield from paying_by_card(serving, draft(serving.catalogue))
    yield from paying_cash(serving, draft(catalogue))
    yield from _ending(serving)
    yield from _troubles(serving)
    yield from failing(serving, draft(catalogue), entry(catalogue), view(Phase.COLLECTING))
    yield from _sheets(serving)


def _ill(catalogue: Catalogue, state: MachineState, device: str, reason: str, why: str) -> Health:
    """A machine with one ailment; without `why` certificates can still be had."""
    types = tuple(TypeHealth(kind.code, sellable=not why, reason=why) for kind in catalogue.types)
    return Health(state, types, (Ailment(device, reason),), CASH)


def _ailing(state: Visit, health: Health, minutes: int) -> Visit:
    since = tuple(Since(a.device, a.reason, NOW_MS - minutes * _MINUTE_MS) for a in health.ailments)
    return msgspec.structs.replace(state, health=health, since=since)


def _welcome(base: Visit) -> Iterator[Example]:
    catalogue, out = base.catalogue, MachineState.OUT_OF_SERVICE
    yield "attract", base
    degraded = _ill(catalogue, MachineState.DEGRADED, "receipt", "paper-out", "")
    yield "attract-without-receipts", _ailing(base, degraded, 5)
    first, *others = catalogue.types
    half = (
        TypeHealth(first.code, sellable=True),
        *(TypeHealth(t.code, False, "closed-hours") for t in others),
    )
    yield (
        "attract-one-type-closed",
        msgspec.structs.replace(base, health=Health(MachineState.DEGRADED, half, (), CASH)),
    )
    closed = on(base, OutOfService())
    jam = _ill(catalogue, out, "printer", "paper-jam", "paper-jam")
    yield "out-of-service-paper-jam", _ailing(closed, jam, 12)
    cut = _ill(catalogue, out, "link", "offline", "offline")
    yield "out-of-service-offline", _ailing(closed, cut, 190)
    full = _ill(catalogue, out, "ledger", "no-room", "no-room")
    yield "out-of-service-no-room", _ailing(closed, full, 25)
    shut = msgspec.structs.replace(_ill(catalogue, out, "link", "", "closed-hours"), ailments=())
    yield "out-of-service-closed-hours", _ailing(closed, shut, 0)
    waking = _ill(catalogue, out, "worker", "starting", "starting")
    yield "out-of-service-starting", _ailing(closed, waking, 0)


def entry(catalogue: Catalogue, code: str = "land") -> Entry:
    """A complete entry: 여의도동 60 (산 12 of the forest register), with its history, two copies."""
    kind = catalogue.type(code) or catalogue.types[0]
    area = next(at for at, area in enumerate(catalogue.areas) if any(p.code == _PLACE for p in area.places))
    last = tuple((option.code, option.choices[-1].code) for option in kind.option)
    main = "12" if kind.subject == "forest" else "60"
    return Entry(kind.code, area=area, place=_PLACE, main=main, options=last, copies=2)


def draft(catalogue: Catalogue, fee: int = 500) -> Drafted:
    """The entry as drafted: two sheets a copy, the subject as the register names it."""
    rows = (
        ("토지 소재", "서울특별시 영등포구 여의도동"),
        ("지번", "60"),
        ("지목", "대"),
        ("면적", "26363.5 ㎡"),
    )
    summary = tuple(Row(label, value) for label, value in rows)
    waiver = "" if fee else "municipality"
    return Drafted(entry(catalogue), line=1, sheets=2, fee=fee, waiver=waiver, summary=summary)


def _choosing(base: Visit) -> Iterator[Example]:
    catalogue = base.catalogue
    land, forest = entry(catalogue), entry(catalogue, "forest")
    empty = msgspec.structs.replace(land, area=None, place="", main="", copies=1)
    several = max(range(len(catalogue.areas)), key=lambda at: len(catalogue.areas[at].places))
    typing = msgspec.structs.replace(land, main="118", sub="4", on_sub=True)
    yield "choose", on(base, Choose())
    poor = msgspec.structs.replace(CASH, hopper_coins=3)
    types = tuple(TypeHealth(kind.code, sellable=False, reason="no-change") for kind in catalogue.types)
    no_change = msgspec.structs.replace(
        base, health=Health(MachineState.OUT_OF_SERVICE, types, (Ailment("hopper", "hopper-empty"),), poor)
    )
    yield "choose-no-change", on(no_change, Choose())
    yield "options-area", on(base, Options(empty, Question.AREA))
    yield "options-place", on(base, Options(msgspec.structs.replace(empty, area=several), Question.PLACE))
    yield "options-lot-empty", on(base, Options(msgspec.structs.replace(land, main=""), Question.LOT))
    yield "options-lot", on(base, Options(typing, Question.LOT))
    yield "options-lot-forest", on(base, Options(forest, Question.LOT))
    yield "options-content", on(base, Options(land, Question.CONTENT))
    little = msgspec.structs.replace(CASH, hopper_coins=15)
    short = msgspec.structs.replace(base, health=msgspec.structs.replace(base.health, cash=little))
    yield "options-content-little-change", on(short, Options(land, Question.CONTENT))
    yield "preparing", on(base, Preparing(Asked(land, 1), requested=True, until_ms=NOW_MS + 15_000))
    yield "check", on(base, Check(draft(catalogue)))
    yield "check-free", on(base, Check(draft(catalogue, fee=0)))
    yield "check-opening", on(base, Check(draft(catalogue), until_ms=NOW_MS + 9_000))


def view(phase: Phase, **fields: object) -> OrderView:
    """An order of two copies of two sheets at 500 KRW, 1,500 KRW in."""
    usual = OrderView(ORDER, phase, fee=1_000, credit=1_500, copies=2, sheets=2)
    return msgspec.structs.replace(usual, **fields)


def _ordering(base: Visit) -> Iterator[Example]:
    agreed = draft(base.catalogue)
    collecting = view(Phase.COLLECTING, credit=0)
    yield "pay", on(base, Pay(collecting, (agreed,)))
    yield "pay-half", on(base, Pay(msgspec.structs.replace(collecting, credit=500), (agreed,)))
    yield "pay-counting", on(base, Pay(view(Phase.COUNTING), (agreed,)))
    yield "pay-returning", on(base, Pay(view(Phase.COUNTING, credit=500, cancelled=True), (agreed,)))
    yield "issuing-number", on(base, Issuing(view(Phase.ISSUING), (agreed,)))
    yield "issuing-printing", on(base, Issuing(view(Phase.PRINTING, sheet=1), (agreed,)))
    yield "issuing-blocked", on(base, Issuing(view(Phase.PRINTING, sheet=1, blocked="paper-jam"), (agreed,)))
    yield "issuing-clearing", on(base, Issuing(view(Phase.PRINTING, clearing=True), (agreed,)))
    yield "take-coming", on(base, Take(view(Phase.PRESENTING, sheet=2), (agreed,)))
    wait = view(Phase.TAKEN_WAIT, sheet=2, retract_at_ms=NOW_MS + 52_000)
    yield "take", on(base, Take(wait, (agreed,)))
    late = msgspec.structs.replace(wait, copy=2, delivered=1, retract_at_ms=NOW_MS + 14_000)
    yield "take-late", on(base, Take(late, (agreed,)))
    paying = view(Phase.PAYING_OUT, copy=2, delivered=2, to_pay=500, paid=200)
    yield "change-paying", on(base, Change(paying, (agreed,)))
    empty = msgspec.structs.replace(paying, blocked="hopper-empty")
    yield "change-blocked", on(base, Change(empty, (agreed,)))
    refund = view(Phase.PAYING_OUT, credit=500, to_pay=500, paid=100, cancelled=True)
    yield "change-refunding", on(base, Change(refund, (agreed,)))
    yield "change-done", on(base, Change(_closed(), (agreed,)))
    yield "change-refunded", on(base, Change(_refunded(), (agreed,)))
    exact = msgspec.structs.replace(_closed(), credit=1_000, paid=0, to_pay=0)
    yield "change-receipt-only", on(base, Change(exact, (agreed,)))
    for slip in (Slip.UNSURE, Slip.FAILED):
        lost = msgspec.structs.replace(exact, slip=slip)
        yield f"change-receipt-only-{slip.value}", on(base, Change(lost, (agreed,)))
    unsure = msgspec.structs.replace(_closed(), slip=Slip.UNSURE)
    yield "change-receipt-unsure", on(base, Change(unsure, (agreed,)))


def _closed() -> OrderView:
    return view(
        Phase.CLOSED,
        copy=2,
        delivered=2,
        to_pay=500,
        paid=500,
        kept=1_000,
        outcome=OrderOutcome.DELIVERED,
        slip=Slip.PRINTED,
    )


def _refunded() -> OrderView:
    money = {"credit": 500, "to_pay": 500, "paid": 500}
    return view(Phase.CLOSED, outcome=OrderOutcome.REFUNDED, cancelled=True, reason="cancelled", **money)


def _ending(base: Visit) -> Iterator[Example]:
    yield "survey", on(base, Survey(_closed()))
    failed = msgspec.structs.replace(_closed(), slip=Slip.FAILED)
    yield "survey-no-receipt", on(base, Survey(failed))
    yield "goodbye", on(base, Goodbye(_closed()))
    yield "goodbye-cancelled", on(base, Goodbye(_refunded()))


def _troubles(base: Visit) -> Iterator[Example]:
    asked = entry(base.catalogue)
    for code in ("parcel-not-found", "record-under-change", "central-unreachable", "glyph-missing"):
        yield f"trouble-{code}", on(base, Trouble(code, asked))
    jam = {"reason": "paper-jam", "to_pay": 1_500, "paid": 1_500, "outcome": OrderOutcome.REFUNDED}
    yield "trouble-refunded", on(base, Trouble("paper-jam", view=view(Phase.CLOSED, **jam)))
    partly = {
        "copy": 2,
        "delivered": 1,
        "kept": 500,
        "to_pay": 1_000,
        "paid": 1_000,
        "outcome": OrderOutcome.PARTLY,
    }
    yield (
        "trouble-partly",
        on(base, Trouble("paper-out", view=view(Phase.CLOSED, reason="paper-out", **partly))),
    )
    owed = {
        "copy": 2,
        "delivered": 2,
        "kept": 1_000,
        "to_pay": 500,
        "paid": 200,
        "claim": 300,
        "claim_code": "7Q9M5T",
    }
    claim = view(Phase.CLOSED, outcome=OrderOutcome.CLAIM, slip=Slip.PRINTED, **owed)
    yield "trouble-claim", on(base, Trouble("change-short", view=claim))
    doubt = {"claim": 1_500, "claim_code": "7Q9M5T", "outcome": OrderOutcome.DISPUTED, "slip": Slip.FAILED}
    yield "trouble-disputed", on(base, Trouble("disputed", view=view(Phase.CLOSED, **doubt)))
    cut = {"credit": 500, "claim": 500, "claim_code": "7Q9M5T", "outcome": OrderOutcome.CLAIM}
    nobody = msgspec.structs.replace(base, serving=False)
    yield "trouble-interrupted", on(nobody, Trouble("interrupted", view=view(Phase.CLOSED, **cut)))


def _sheets(base: Visit) -> Iterator[Example]:
    agreed = draft(base.catalogue)
    paying = Pay(view(Phase.COLLECTING, credit=500), (agreed,))
    yield "sheet-help", on(base, paying, Help())
    yield "sheet-language", on(base, Choose(), Languages())
    yield "sheet-display", on(base, Choose(), DisplaySheet())
    yield "sheet-more-time", on(base, Check(agreed), MoreTime())
    yield "sheet-more-time-money", on(base, paying, MoreTime())
    yield "sheet-leave", on(base, paying, Leave())
