"""All notices of the first screen: how one can pay, in one sentence at most, and that no receipt comes out.

One function makes them, so that no two of them can contradict each other.
"""

from msgspec import Struct

from kiosk.health.health import Health
from kiosk.health.parts import PAYMENT_DEVICES
from kiosk.order.change import CashMode, taking
from kiosk.visit.pages.page import Scene


class Ways(Struct, frozen=True):
    """How what can be had now can be paid. At least one of the first three is true.

    `exact`: more than the fee is not taken in cash. `some`: cash does for some certificates only. `lacking`: a way that
    the machine was built with can't be used now.
    """

    coins: bool
    notes: bool
    card: bool
    exact: bool = False
    some: bool = False
    lacking: bool = False


def first_notices(scene: Scene) -> tuple[str, ...]:
    """What to know before anything is chosen: how to pay, and what does not come out. Nothing of what is closed."""
    unwell = {ailment.device for ailment in scene.state.health.ailments}
    no_receipt = (scene.words.say("attract.no-receipt"),) if "receipt" in unwell else ()
    return (*_paying(scene, usual=True), *no_receipt)


def unusual_ways(scene: Scene) -> tuple[str, ...]:
    """The same sentence about paying where it is not as usual; for whoever chooses and has seen the first screen."""
    return _paying(scene, usual=False)


def _paying(scene: Scene, *, usual: bool) -> tuple[str, ...]:
    ways = ways_to_pay(scene)
    if ways is None or not (usual or ways.exact or ways.some or ways.lacking):
        return ()
    return (scene.words.say(_key(ways)),)


def _key(ways: Ways) -> str:
    named = "-".join(name for name in ("coins", "notes", "card") if getattr(ways, name))
    when = "some" if ways.some else "exact" if ways.exact else "now" if ways.lacking else "usual"
    return f"ways.{when}.{named}"


def ways_to_pay(scene: Scene) -> Ways | None:
    """Asked of the till for each fee that can be had now. None where all of it is free, or nothing can be had."""
    health = scene.state.health
    fees = {
        kind.fee.base for kind in scene.catalogue.types if kind.fee.base and health.of(kind.code).sellable
    }
    by_cash = {fee for fee in fees if health.cash_mode(fee) is not CashMode.NONE}
    if not fees or not (by_cash or health.card):
        return None
    unwell = {ailment.device for ailment in health.ailments}
    taken = [taking(health.cash.till, fee, 0) for fee in by_cash] if health.cash else []
    notes = any(now.notes for now in taken)
    exact = any(health.cash_mode(fee) is CashMode.EXACT for fee in by_cash)
    return Ways(
        coins=bool(by_cash),
        notes=notes,
        card=health.card,
        exact=exact,
        some=health.card and bool(by_cash) and by_cash != fees,
        lacking=not by_cash or (not notes and _takes_notes(health)) or not unwell.isdisjoint(PAYMENT_DEVICES),
    )


def _takes_notes(health: Health) -> bool:
    """Whether the machine was built to take notes: one is told of, well or not."""
    ailing = any(ailment.device == "note" for ailment in health.ailments)
    return ailing or (health.cash is not None and bool(health.cash.notes))
