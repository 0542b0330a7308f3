"""The card that is still in: first in what is said once it is no longer needed, and at every end."""

import msgspec

from kiosk.protocol.screen import Chime, Tone
from kiosk.visit.pages.page import Page, Scene
from kiosk.visit.screens import (
    Attract,
    Choose,
    EnterPin,
    Goodbye,
    InsertCard,
    Options,
    OutOfService,
    ReadingCard,
    Trouble,
    Verifying,
)


def mind_the_card(scene: Scene, page: Page) -> Page:
    """The page, with the card on it that somebody might leave behind. Whose it is, nobody can know.

    Its sound goes before all others but the paper's last call, which would come too late after it.
    """
    card = scene.state.card
    if card is None:
        return page
    match scene.state.screen:
        case InsertCard() | ReadingCard() | EnterPin() | Verifying():
            return page  # speaks of the card by itself
        case Choose() | Options() if not card.before:
            return page  # soon wanted
        case _:
            chime = page.chime if page.chime is Chime.PAPER_LATE else Chime.CARD
            return msgspec.structs.replace(_asking(scene, page), chime=chime)


def _asking(scene: Scene, page: Page) -> Page:
    words = scene.words
    match scene.state.screen:
        case Attract() | Goodbye():
            last = isinstance(scene.state.screen, Goodbye)
            return msgspec.structs.replace(
                page,
                title=words.say("card.title"),
                sentence=words.say("card.last" if last else "card.first"),
                tone=Tone.WARNING,
                pictogram="warning",
            )
        case Trouble() | OutOfService():
            sentence = f"{words.say('card.take')} {page.sentence}"
            tone = page.tone if page.tone is Tone.ERROR else Tone.WARNING
            return msgspec.structs.replace(page, sentence=sentence, tone=tone)
        case _:
            # Notices may end up on a second page, this never does.
            return msgspec.structs.replace(page, sentence=f"{words.say('card.still')} {page.sentence}")
