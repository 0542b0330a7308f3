"""The policy of this machine's orders, from kiosk.toml."""

from kiosk.order import policies
from kiosk.order.model import Policy
from kiosk.settings import Settings


def order_terms(settings: Settings, *, cards: bool) -> Policy:
    """The policy: the money that the machine takes, and its delays. `cards`: there is a payment terminal."""
    pays = settings.hopper_coins[0]
    return Policy(
        denominations=policies.accepted(settings.cash.coins, pays),
        hopper_coin=pays,
        notes=settings.notes_taken,
        take_ms=settings.printer.take_s * 1_000,
        stall_ms=settings.printer.stall_s * 1_000,
        evidence_ms=settings.evidence_s * 1_000,
        card_ms=settings.terminal.card_s * 1_000,
        cards=cards,
    )
