"""A visit driven as core drives it: presses only through the snapshot, every effect kept."""

from datetime import date
from functools import cache

import msgspec

from kiosk.bundles.catalogue_files import load_catalogue
from kiosk.catalogue.catalogue import Catalogue
from kiosk.health.cash import CashLevels
from kiosk.health.health import Ailment, Health, MachineState
from kiosk.protocol.central import TypeHealth
from kiosk.protocol.screen import Control, Intent, Snapshot
from kiosk.visit.effects import Effect
from kiosk.visit.events import DraftCame, HealthChanged, OrderMoved, Pressed, Tick, VisitEvent, WorkerReady
from kiosk.visit.intents import accepts
from kiosk.visit.order_view import OrderView, Phase
from kiosk.visit.pages.page import MachineFacts
from kiosk.visit.present import Drawn, redraw
from kiosk.visit.reduce import reduce
from kiosk.visit.screens import Screen
from kiosk.visit.state import Visit, first
from kiosk.words.words import load

FACTS = MachineFacts(site="63빌딩 1층", machine="YDP-01", help_phone="02-2670-3114", coins=(100, 500))
CASH = CashLevels(hopper_coins=60, hopper_coin=100, denominations=(100, 500))
TODAY = date(2026, 11, 25)


@cache
def catalogue() -> Catalogue:
    return load_catalogue(day=TODAY)


@cache
def by_card() -> Catalogue:
    """The same on a machine with a card reader."""
    return load_catalogue(card_reader=True, day=TODAY)


def ready(cash: CashLevels | None = CASH, of: Catalogue | None = None) -> Health:
    types = tuple(TypeHealth(kind.code, sellable=True) for kind in (of or catalogue()).types)
    return Health(MachineState.READY, types, (), cash)


def down(
    reason: str = "paper-out", ailments: tuple[Ailment, ...] = (Ailment("printer", "paper-out"),)
) -> Health:
    types = tuple(TypeHealth(kind.code, sellable=False, reason=reason) for kind in catalogue().types)
    return Health(MachineState.OUT_OF_SERVICE, types, ailments, CASH)


class Walk:
    """A citizen, the machine around them, and a clock that only the test moves."""

    def __init__(self, state: Visit | None = None, now_ms: int = 1_000_000) -> None:
        self.now_ms = now_ms
        self.state = state or first(catalogue())
        self.effects: list[Effect] = []
        self.drawn: Drawn | None = None
        self._draw()

    def _draw(self) -> None:
        words = load(self.state.display.lang)
        self.drawn = redraw(self.drawn, self.state, words, FACTS, self.now_ms)

    @property
    def snapshot(self) -> Snapshot:
        assert self.drawn is not None
        return self.drawn.snapshot

    @property
    def screen(self) -> Screen:
        return self.state.screen

    def hear(self, event: VisitEvent) -> list[Effect]:
        self.state, effects = reduce(self.state, event, self.now_ms)
        self.effects += effects
        self._draw()
        return list(effects)

    def press(self, *controls: str) -> list[Effect]:
        """Press what can be pressed (a certificate wherever it stands); anything else fails the test."""
        effects = []
        for control in controls:
            if control.startswith("type:") and not self.may(control):
                effects += self._open_group(control.removeprefix("type:"))
            assert self.may(control), f"{control} can't be pressed on {self.snapshot.title}: {self.enabled()}"
            effects += self.hear(Pressed(control))
        return effects

    def _open_group(self, code: str) -> list[Effect]:
        kind = self.state.catalogue.type(code)
        group = f"category:{kind.category}" if kind else ""
        return self.hear(Pressed(group)) if self.may(group) else []

    def may(self, control: str) -> bool:
        return accepts(self.snapshot, Intent(self.snapshot.seq, control, whole=True))

    def shown(self) -> tuple[Control, ...]:
        over = self.snapshot.overlay
        return over.controls if over else self.snapshot.controls + self.snapshot.bar

    def enabled(self) -> list[str]:
        return [control.id for control in self.shown() if control.enabled]

    def wait(self, ms: int) -> list[Effect]:
        self.now_ms += ms
        return self.hear(Tick())

    # --- shortcuts of one story -----------------------------------------------------------------------------------

    def started(self) -> "Walk":
        self.hear(HealthChanged(ready()))
        self.press("start")
        self.hear(WorkerReady())
        return self

    def at_content(self, type_code: str = "land") -> "Walk":
        self.started().press(f"type:{type_code}", "area:1", "key:6", "key:0", "next")
        return self

    def at_check(self, fee: int = 500, sheets: int = 2) -> "Walk":
        self.at_content().press("next")
        self.hear(DraftCame(self.state.lines, sheets, fee))
        return self

    def at_pay(self, credit: int = 0) -> "Walk":
        self.at_check().press("pay")
        self.order(Phase.COLLECTING)
        if credit:
            self.order(Phase.COLLECTING, credit=credit)
        return self

    def order(self, phase: Phase, **fields: object) -> list[Effect]:
        view = OrderView("ORDER-1", phase, fee=500, sheets=2)
        return self.hear(OrderMoved(msgspec.structs.replace(view, **fields)))
