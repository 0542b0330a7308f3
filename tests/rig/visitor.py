"""A citizen with an identity card at the real screen: real touches, a PIN on the keypad, coins, paper."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import create_engine, select

from central.registers.records.book import records
from central.registers.records.machinery import MACHINE
from central.registers.residents.book import find_holder, find_household
from kiosk.desk import citizens
from kiosk.desk.autopilot import Autopilot, Timeline
from kiosk.desk.desk_machine import DeskMachine

HOUSEHOLD = "type:resident-household"
# No number begins with 0, no minute has 95, no month 31: nobody writes these six digits but as a PIN.
PIN = "073195"


@dataclass(frozen=True)
class Person:
    """Who they are, and the numbers of their machines, as the registers have it."""

    name: str
    number: str
    address: str
    machines: tuple[str, ...]

    @property
    def masked_name(self) -> str:
        """As the screen has it."""
        return self.name[0] + "*" * (len(self.name) - 2) + self.name[-1]


def holder_of(run: Path, card: dict[str, Any]) -> Person:
    """Whom the register knows by this card."""
    engine = create_engine(f"sqlite:///{run / 'central' / 'residents.db'}")
    with engine.connect() as register:
        holder = find_holder(register, card["number"])
        assert holder is not None
        home = find_household(register, holder.person.household)
    engine.dispose()
    one = holder.person
    return Person(one.name, one.number, home.addresses[-1].dwelling.road, machines_of(run, one.id))


def machines_of(run: Path, person: int) -> tuple[str, ...]:
    """The numbers of somebody's construction machines."""
    engine = create_engine(f"sqlite:///{run / 'central' / 'records.db'}")
    query = select(records.c.key).where(records.c.kind == MACHINE, records.c.person == person)
    with engine.connect() as register:
        found = tuple(register.execute(query).scalars())
    engine.dispose()
    return found


class Visitor:
    """Comes with the card `label`, whose PIN becomes PIN. Each method is a part of a visit."""

    def __init__(self, rig: DeskMachine, label: str) -> None:
        self._rig, self._label = rig, label
        self.pilot = Autopilot(rig, Timeline(Console(quiet=True)), (rig.out / "screens").joinpath)
        file = rig.run / "sim" / "cards" / f"{label}.json"
        card = {**json.loads(file.read_text("utf-8")), "pin": PIN}
        file.write_text(json.dumps(card), "utf-8")
        self.person = holder_of(rig.run, card)

    def wait(self, **wanted: object) -> None:
        """Until a frame that fits is on the glass."""
        self._rig.robot(32, do="wait", timeout_ms=30_000, **wanted)

    def choose(self, *options: str) -> None:
        """From the first screen to the contents of the register of one's own household, wherever they stand on it."""
        self.wait(screen="attract")
        self.pilot.press("start")
        self._household()
        self.wait(screen="options")
        for option in options:
            self._rig.robot(do="press", control=f"option:{option}")

    def choose_machine(self) -> None:
        """From the first screen to the contents of the register of one's machine."""
        self.wait(screen="attract")
        for control in ("start", "category:vehicle", "type:machinery"):
            self.pilot.press(control)
        self.wait(screen="options")

    def hand_over_to_pick(self) -> None:
        """Hand the PIN over, and see which machines there are."""
        self.pilot.press("enter")
        self.wait(screen="which", control="pick:1")

    def pick(self, at: int) -> None:
        """Pick one of them, and see what can be had."""
        self.pilot.press(f"pick:{at}")
        self.wait(screen="check", control="pay")

    def _household(self) -> None:
        self.wait(screen="choose")
        self.pilot.open_group("resident")
        self.pilot.press(HOUSEHOLD)

    def add_lot(self) -> None:
        """Set it aside and choose the register of a lot besides."""
        self.pilot.press("add")
        self.wait(screen="choose")
        self.pilot.open_group("parcel")
        self.pilot.press("type:land")
        self.pilot.choose("여의도동")
        self.pilot.type("60")
        self.pilot.press("next")

    def show_card(self) -> None:
        """On to the card, put it in, and type the PIN. Nothing is handed over yet."""
        self.pilot.press("next")
        self.wait(screen="identify")
        self._rig.sim(do="card", card=self._label)
        self.type_pin()

    def type_pin(self) -> None:
        """Touch its keys, as soon as they are there."""
        self.wait(screen="identify", control="pin:1")
        for digit in PIN:
            self._rig.robot(do="press", control=f"pin:{digit}")

    def hand_over(self) -> None:
        """Hand the PIN over, and see what can be had."""
        self.pilot.press("enter")
        self.wait(screen="check", control="pay")

    def add_another(self) -> None:
        """From what can be had to one more certificate of one's own, for which the PIN is asked again; type it."""
        self.pilot.press("add")
        self._household()
        self.wait(screen="options")
        self.pilot.press("next")
        self.type_pin()

    def take_card(self) -> None:
        """Take the card back."""
        self._rig.sim(do="card", pull=True)

    def to_payment(self) -> None:
        """Agree to it."""
        self.pilot.press("pay")
        self.wait(screen="pay")

    def pay(self, *coins: int) -> None:
        """Drop coins."""
        for value in coins:
            self.pilot.coin(value)

    def leave(self) -> None:
        """Press what ends the visit, until nobody is here."""
        citizens.leave(self.pilot, "visitor")
