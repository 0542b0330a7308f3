"""The screen that asks which of several things a certificate shall be about: a button for each."""

from kiosk.protocol.central import Offered
from kiosk.protocol.screen import Control, Role, Row, ScreenName, Tone
from kiosk.visit.items import Offer
from kiosk.visit.pages.page import Page, Scene, kind_of, location, name_of
from kiosk.visit.picking import parts
from kiosk.visit.screens import Which

# Up to here each has a row and a picture of its own.
_FEW = 6


def which(scene: Scene, screen: Which) -> Page:
    """Which one? What was picked before (the building) stands above."""
    words, offer = scene.words, screen.at_hand.offers[-1]
    shown = parts(offer)[screen.part]
    return Page(
        ScreenName.WHICH,
        words.first(f"which.{offer.what}", "which.title"),
        words.say("picking.sentence"),
        tone=Tone.ACTION,
        pictogram=kind_of(scene, screen.entry).icon,
        rows=_known(scene, screen),
        controls=(
            *_parts(offer, screen.part),
            *(_button(scene, screen, at, offer.offered[at]) for at in shown),
        ),
    )


def _known(scene: Scene, screen: Which) -> tuple[Row, ...]:
    """The certificate, whose it is or where, and what was picked so far."""
    words, entry = scene.words, screen.entry
    about = (
        Row(words.say("row.holder"), screen.holder)
        if kind_of(scene, entry).personal
        else Row(words.say("row.where"), location(scene, entry))
    )
    picked = " · ".join(one.label for one in entry.picked)
    rows = (Row(words.say("row.certificate"), name_of(scene, entry)), about)
    return (*rows, *((Row(words.say("row.picked"), picked),) if picked else ()))


def _button(scene: Scene, screen: Which, at: int, offered: Offered) -> Control:
    few = len(screen.at_hand.offers[-1].offered) <= _FEW
    return Control(
        f"pick:{at}",
        Role.TILE if few else Role.CHOICE,
        offered.label,
        detail=offered.detail,
        icon=kind_of(scene, screen.entry).icon if few else "",
        group="which",
    )


def _parts(offer: Offer, part: int) -> list[Control]:
    """A tab for each part of more than can be looked through, by its first and its last."""
    ranges = parts(offer)
    if len(ranges) == 1:
        return []
    return [
        Control(
            f"part:{at}",
            Role.TAB,
            f"{offer.offered[places[0]].label} – {offer.offered[places[-1]].label}",
            group="part",
            selected=at == part,
        )
        for at, places in enumerate(ranges)
    ]
