"""A citizen at the machine: presses what the screen offers, puts coins in, takes the paper, cancels, or walks off."""

from collections.abc import Iterator
from typing import Protocol

from kiosk.protocol.screen import ScreenName
from tests.crash.lives.card_hand import CardHand
from tests.crash.lives.glass import Glass
from tests.crash.lives.plan import Citizen
from tests.crash.lives.things import Things
from tests.crash.lives.timeline import Of, Timeline

LOOK_MS = 150
AGAIN_MS = 2_000
PATIENCE = 60
SMALLEST_NOTE = 1_000
CATEGORIES = {"type:land": "category:parcel", "type:resident-household": "category:resident"}
ENDINGS = {
    ScreenName.CHANGE: "done",
    ScreenName.GOODBYE: "done",
    ScreenName.TROUBLE: "done",
    ScreenName.SURVEY: "skip",
}


class Booth(Protocol):
    """What a person finds at a machine."""

    timeline: Timeline
    things: Things

    @property
    def glass(self) -> Glass | None: ...
    @property
    def lit(self) -> bool: ...


def _errands(citizen: Citizen) -> Iterator[str]:
    """All presses from the first screen to the one that says what it costs, or how much is owed."""
    if citizen.redeems:
        yield "refund"
        return
    yield "start"
    for at, want in enumerate(citizen.wants, 1):
        if citizen.owner and at == 1:
            yield "type:resident-household"
        else:
            yield from ("type:land", "area:1", "key:6", "key:0", "next")
        yield from ("copies:more",) * (want.copies - 1)
        yield "next" if at == len(citizen.wants) else "add"


class Person:
    """`gone`: has left, or is not needed any more."""

    def __init__(self, booth: Booth, citizen: Citizen) -> None:
        self._booth, self.citizen = booth, citizen
        self._presses = list(_errands(citizen))
        self._coins = list(citizen.coins)
        self._put_in = 0
        self._begun = False
        self._patience = PATIENCE
        self._looking = False
        self._held_on = False
        self._waited = 0
        self._tried_card = False
        reader = booth.things.reader
        self._card = CardHand(reader, citizen.owner) if reader is not None and citizen.owner else None
        self.gone = False

    def look_soon(self, ms: int = LOOK_MS) -> None:
        """Something is to be seen."""
        if not self._looking and not self.gone:
            self._looking = True
            self._booth.timeline.later(ms, Of.WORLD, self._look)

    def paper(self) -> None:
        """Paper sticks out of the mouth."""
        if not self.gone and self._begun and self.citizen.takes_after_ms is not None:
            self._booth.timeline.later(self.citizen.takes_after_ms, Of.WORLD, self._take)

    def _take(self) -> None:
        if self._booth.lit or self.citizen.in_the_dark:
            self._booth.things.presenter.take()

    def darkness(self) -> None:
        """The screen has gone dark: whoever had begun pulls at the paper, if so minded, and leaves."""
        if self._begun and not self.gone:
            self._leave()
            if self.citizen.in_the_dark:
                self._booth.timeline.later(700, Of.WORLD, self._take)

    def _leave(self) -> None:
        self.gone = True
        if self._card is not None:
            self._card.leave()

    def _look(self) -> None:
        self._looking = False
        glass = self._booth.glass
        if self.gone or glass is None or glass.snapshot is None:
            return
        typed = self._card.act(glass) if self._card is not None else None
        if typed is not None:
            self._booth.timeline.later(1, Of.CORE, lambda: glass.enter(typed))
            self.look_soon()
            return
        control = self._wish(glass)
        if control and glass.may(control):
            if control != "more-time":  # which does not bring anybody on
                self._patience = PATIENCE
            if self._presses and control == self._presses[0]:
                self._presses.pop(0)
            self._begun = True
            self._booth.timeline.later(1, Of.CORE, lambda: glass.press(control))
            self.look_soon()
        elif not self.gone:
            self._patience -= 1
            if self._patience <= 0:
                self._leave()
            self.look_soon(AGAIN_MS)

    def _wish(self, glass: Glass) -> str:
        """What to press now, "" to wait."""
        snapshot = glass.snapshot
        assert snapshot is not None
        if snapshot.overlay is not None:
            return "leave" if glass.may("leave") and self._put_in else "more-time"
        match snapshot.screen:
            case ScreenName.ATTRACT if self._begun and not (self.citizen.redeems and self._presses):
                self._leave()
                return ""
            case ScreenName.REFUND:
                return "later" if self.citizen.another_time else "pay-out"
            case ScreenName.PAY:
                return self._pay(glass)
            case ScreenName.CHECK:
                return "pay"
            case ScreenName.TAKE if self.citizen.asks_for_more_time and not self._held_on:
                self._held_on = True
                return "more-time"
            case name if name in ENDINGS:
                # Where other ways lead on, the bar's leads out.
                return ENDINGS[name] if glass.may(ENDINGS[name]) or glass.may("skip") else "cancel"
            case _:
                return self._choose(glass)

    def _choose(self, glass: Glass) -> str:
        wanted = self._presses[0] if self._presses else ""
        if wanted.startswith("type:") and not glass.may(wanted):
            return CATEGORIES[wanted]
        return wanted

    def _waits_yet(self) -> bool:
        """All coins are in: a person looks at the sum on the screen before giving up."""
        self._waited += 1
        self.look_soon(500)
        return self._waited < 3

    def _offer(self, value: int) -> bool:
        """Put it in; a note that is not taken for long goes back into the purse."""
        things = self._booth.things
        if value < SMALLEST_NOTE:
            return things.acceptor.insert(value)
        if things.validator is None or self._patience < PATIENCE // 2:
            return True
        return things.validator.insert(value)

    def _card_waits(self, glass: Glass) -> bool:
        """The terminal has the word; a card that did not do leaves the choice, and then coins are looked for."""
        if glass.may("pay:cash") or not self._tried_card:
            return False
        self._waited += 1
        self.look_soon(1_000)
        return self._waited < 200

    def _pay(self, glass: Glass) -> str:
        """A coin, or an end of it."""
        citizen = self.citizen
        for means in ("card",) if citizen.by_card and not self._tried_card else ("cash",):
            if glass.may(f"pay:{means}"):
                self._tried_card = self._tried_card or means == "card"
                return f"pay:{means}"
        if citizen.by_card and self._card_waits(glass):
            return "" if citizen.stays else "cancel"
        if not self._coins and citizen.cancels_after is None and self._waits_yet():
            return ""
        if citizen.cancels_after == self._put_in or not self._coins:
            if not citizen.stays:
                self._leave()
                return ""
            return "cancel"
        if self._offer(self._coins[0]):
            self._coins.pop(0)
            self._put_in += 1
            self._patience = PATIENCE
        self.look_soon(citizen.between_ms)
        return ""
