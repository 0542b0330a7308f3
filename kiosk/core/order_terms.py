"""How this machine was set up to sell: the policy of its orders, from kiosk.toml."""

from kiosk.order import policies
from kiosk.order.model import Policy
from kiosk.settings import Settings


def order_terms(settings: Settings, *, cards: bool) -> Policy:
    """What is taken, and how long is waited. `cards`: there is a payment terminal."""
    return Policy(
        denominations=policies.accepted(settings.denominations, settings.hopper_coin),
        hopper_coin=settings.hopper_coin,
        notes=settings.notes,
        take_ms=settings.take_s * 1_000,
        stall_ms=settings.stall_s * 1_000,
        evidence_ms=settings.evidence_s * 1_000,
        card_ms=settings.card_s * 1_000,
        cards=cards,
    )
