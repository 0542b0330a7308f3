"""The cards at hand as their holders know them: whose, which PIN, how many tries are left."""

from pathlib import Path

from msgspec import Struct

from simulators.card_chip import tries_left
from simulators.card_file import BadCard, CardFile, labels, read_card


class CardAtHand(Struct, frozen=True):
    """One card. `face` is the name on it; `about` what is worth knowing of it; `tries` are left of `all_tries`.

    A card without an identity has neither PIN nor tries.
    """

    label: str
    kind: str
    face: str
    about: str
    pin: str
    tries: int
    all_tries: int


def tries_file(sim: Path, label: str) -> Path:
    """Where a card's tries outlive the process."""
    return sim / f"card-{label}.json"


def cards_at_hand(sim: Path) -> list[CardAtHand]:
    """All of RUN/sim/cards that are cards, citizens first, in the order in which people count."""
    cards = []
    for label in labels(sim / "cards"):
        try:
            card = read_card(sim / "cards", label)
        except BadCard:
            continue  # who puts it in is told what is wrong with it
        cards.append(_at_hand(sim, card))
    return sorted(cards, key=_place)


def _at_hand(sim: Path, card: CardFile) -> CardAtHand:
    if not card.identifies:
        return CardAtHand(card.label, card.kind, card.face, card.about, "", 0, 0)
    left = tries_left(tries_file(sim, card.label), card)
    return CardAtHand(card.label, card.kind, card.face, card.about, card.pin, left, card.tries)


def _place(card: CardAtHand) -> tuple[bool, int, str]:
    """citizen-2 before citizen-10, and all of them before the special ones."""
    word, _, number = card.label.rpartition("-")
    counted = word == "citizen" and number.isdigit()
    return not counted, int(number) if counted else 0, card.label
