"""While the power fails: said first, on every screen that still has something to do."""

import msgspec

from kiosk.protocol.screen import Tone
from kiosk.visit.pages.page import Page, Scene
from kiosk.visit.screens import Change, Issuing, Pay, Take


def mind_the_power(scene: Scene, page: Page) -> Page:
    """The page, with why it hurries. The other screens say it by themselves, or have nothing left to do."""
    if not scene.state.power:
        return page
    match scene.state.screen:
        case Take():
            why = scene.words.say("power.take")
        case Pay() | Issuing() | Change():
            why = scene.words.say("power.still")
        case _:
            return page
    return msgspec.structs.replace(page, sentence=f"{why} {page.sentence}", tone=Tone.WARNING)
