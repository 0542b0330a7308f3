"""What a citizen should know about cash before anything is chosen: that only the exact sum is taken, or no notes."""

from kiosk.order.change import CashMode
from kiosk.visit.pages.page import Scene


def cash_notices(scene: Scene) -> tuple[str, ...]:
    """What is not as usual; nothing where all is well, or where nothing that costs money can be had."""
    health, words = scene.state.health, scene.words
    fees = {
        kind.fee.base for kind in scene.catalogue.types if kind.fee.base and health.of(kind.code).sellable
    }
    if not fees:
        return ()
    if any(health.cash_mode(fee) is CashMode.EXACT for fee in fees):
        return (words.say("cash.exact"),)
    if any(ailment.device == "note" for ailment in health.ailments):
        return (words.say("cash.no-notes"),)
    return ()
