"""The autopilot's hands and eyes: it presses the real buttons of the real screen, drops coins, takes paper.

Nothing here calls into core: buttons are touched in the ui's window, coins and paper go over the simulators' socket,
and what it knows is what the screen shows.
"""

import contextlib
import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct
from rich.console import Console

from kiosk.console.progress import Progress, progress
from kiosk.desk.desk_machine import DeskMachine, DeskMachineError
from kiosk.ipc.json_lines import JsonLineError

_SEE_WITHIN_S = 15.0
_PAST_WITHIN_S = 40.0


class Step(Struct, frozen=True):
    """One part of a citizen's way and how long it took."""

    name: str
    ms: int


class Timeline:
    """What happens, as it happens, in a terminal; plain lines where there is none.

    While a step lasts something moves, so that nobody wonders whether it has stopped.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._begun = time.monotonic()
        self._work: Progress | None = None
        self.steps: list[Step] = []

    def say(self, who: str, what: str, style: str = "") -> None:
        """One line: when, who, what."""
        at = time.monotonic() - self._begun
        self._console.print(f"{at:7.2f} s  {who:<9} ", end="", style="dim", markup=False, highlight=False)
        self._console.print(what, style=style, markup=False, highlight=False)

    @contextmanager
    def step(self, name: str, total: int | None = None) -> Iterator[Progress]:
        """Measure a part and remember it. `total`: its own parts, where they are known.

        One line moves: a step in another one is told as what is in hand there.
        """
        begun = time.monotonic()
        if self._work is not None:
            self._work.say(name)
            yield self._work
        else:
            # In a log the story is a result, and what moves beside it is none of it.
            beside = self._console if self._console.is_terminal else None
            with progress(name, total, console=beside) as work:
                self._work = work
                try:
                    yield work
                finally:
                    self._work = None
        self.steps.append(Step(name, round((time.monotonic() - begun) * 1000)))


class Autopilot:
    """`pictures`: where a picture of this name goes. Raises DeskMachineError when the machine does not behave."""

    def __init__(self, rig: DeskMachine, timeline: Timeline, pictures: Callable[[str], Path]) -> None:
        self._rig = rig
        self.timeline = timeline
        self._pictures = pictures
        self._numbers = itertools.count(1)
        self._taken: set[str] = set()
        self.suffix = ""

    @property
    def takes_cards(self) -> bool:
        """Whether this machine has a payment terminal, and asks how one wants to pay."""
        return self._rig.takes_cards

    # --- fingers ------------------------------------------------------------------------------------------------------

    def press(self, control: str) -> None:
        """Touch a button as soon as it is there and can be pressed, and wait until the screen has answered."""
        seen = self._wait(f"the button {control}", control=control)
        self._rig.robot(do="press", control=control)
        self._wait(f"an answer to {control}", after=seen["seq"])
        self.timeline.say("finger", control)

    def open_group(self, category: str) -> None:
        """To the certificates of a group as soon as one can be had; a machine that sells few shows all at once."""
        group = f"category:{category}"

        def found() -> str:
            there = [str(one["control"]) for one in self._rig.robot(do="tree")["controls"]]
            return group if group in there else next((one for one in there if one.startswith("type:")), "")

        if self._rig.until(found, _SEE_WITHIN_S, f"the group {category}, or certificates") == group:
            self.press(group)

    def press_on_any_page(self, control: str) -> None:
        """Touch a button of the present screen that may lie on a later page of it."""
        pressed = self._rig.robot(do="press", control=control)
        self._wait(f"an answer to {control}", after=pressed["seq"])
        self.timeline.say("finger", control)

    def choose_to_pay(self, means: str) -> None:
        """Touch that way to pay (cash, card) where it is offered; a machine that has no other begins with it unasked.

        Raises DeskMachineError with what is offered instead, and why.
        """
        wanted, seen = f"pay:{means}", dict[str, Any]()

        def there() -> bool:
            seen.update(self._rig.robot(do="tree"))
            return seen["screen"] == "pay" and (wanted in _ways(seen) or self._waits_for(means))

        with contextlib.suppress(
            DeskMachineError
        ):  # what was waited for in vain is told below, with more to it
            self._rig.until(there, _SEE_WITHIN_S, "a way to pay")
        if wanted in _ways(seen):
            self.keep("pay-choice")
            self.press(wanted)
        elif not self._waits_for(means):
            offered = ", ".join(_ways(seen)) or "no choice"
            said = f"the screen {seen['screen']} says «{seen['title']}» and offers {offered}"
            ails = self._rig.ails() or "nothing"
            raise DeskMachineError(f"wanted to pay by {means}: {said}; what ails the machine: {ails}")

    def _waits_for(self, means: str) -> bool:
        """Whether the coin slot is open, or the terminal waits for a card."""
        state = self._rig.sim(do="state")
        waits = state["coin"]["accepting"] if means == "cash" else state["terminal"]["stage"] == "card"
        return bool(waits)

    def choose(self, label: str) -> None:
        """Touch the button that says `label`, as a reader would find it."""
        self.press(
            self._rig.until(lambda: self._labelled(label), _SEE_WITHIN_S, f"a button that says {label}")
        )

    def type(self, digits: str) -> None:
        """Touch the keypad's keys, one after the other."""
        for digit in digits:
            self.press(f"key:{digit}")

    # --- eyes ---------------------------------------------------------------------------------------------------------

    def see(self, screen: str, picture: str = "", within_s: float = _SEE_WITHIN_S, **also: str) -> None:
        """Wait for a screen (and an overlay or control on it); keep a picture of it the first time."""
        self._wait(f"the screen {screen}", within_s, screen=screen, **also)
        self.keep(picture or screen)

    def keep(self, name: str) -> None:
        """A picture of what is shown now, unless there is one of this name and language."""
        name += self.suffix
        if name not in self._taken:
            self._taken.add(name)
            picture = self._pictures(f"{next(self._numbers):02d}-{name}.png")
            self._rig.robot(do="grab", file=str(picture))
            self.timeline.say("screen", name, "cyan")

    def wait_past(self, screen: str) -> None:
        """Wait until another screen is shown than this one, at which there is nothing to do."""
        self._rig.until(lambda: self.screen() != screen, _PAST_WITHIN_S, f"the end of {screen}")

    def screen(self) -> str:
        """The name of what is shown now."""
        return str(self._rig.robot(do="tree")["screen"])

    # --- hands --------------------------------------------------------------------------------------------------------

    def coin(self, value: int) -> None:
        """Drop a coin once the slot is open, and wait until the screen shows it."""
        self._until(lambda sim: sim["coin"]["accepting"], "the coin slot")
        shown = self._rig.robot(do="tree")["seq"]
        fate = self._rig.sim(do="coin", value=value)["coin"]
        if fate != "accepted":
            raise DeskMachineError(f"a coin of {value} was {fate}")
        self._wait(f"the screen to show a coin of {value}", after=shown)
        self.timeline.say("coin", f"{value} KRW in", "yellow")

    def note(self, value: int) -> None:
        """Offer a note once the slot is open, and wait until the screen shows it."""
        self._until(lambda sim: value in sim["note"]["accepting"], "the note slot")
        shown = self._rig.robot(do="tree")["seq"]
        fate = self._rig.sim(do="note", value=value)["note"]
        if fate != "held":
            raise DeskMachineError(f"a note of {value} was {fate}")
        self._wait(f"the screen to show a note of {value}", after=shown)
        self.timeline.say("note", f"{value:,} KRW in", "yellow")

    def hold_payment_card(self) -> None:
        """Hold a card to the payment terminal as soon as it asks for one."""
        self._until(lambda sim: sim["terminal"]["stage"] == "card", "the terminal to ask for a card")
        if not self._rig.sim(do="pay-card")["taken"]:
            raise DeskMachineError("the terminal did not take the card")
        self.timeline.say("card", "held to the terminal", "yellow")

    def insert_card(self, label: str) -> str:
        """Put an identity card in; its PIN, which its holder knows."""
        card = json.loads((self._rig.run / "sim" / "cards" / f"{label}.json").read_text("utf-8"))
        self._rig.sim(do="card", card=label)
        self.timeline.say("card", f"{label} in", "yellow")
        return str(card["pin"])

    def pull_card(self) -> None:
        """Take the identity card back."""
        self._rig.sim(do="card", pull=True)
        self.timeline.say("card", "out", "yellow")

    def enter_pin(self, pin: str) -> None:
        """Touch the keys of the PIN; the screen says nothing to core until the last button."""
        for digit in pin:
            self._rig.robot(do="press", control=f"pin:{digit}")
        self.timeline.say("finger", f"{len(pin)} digits of a PIN")
        self.press("enter")

    def take(self) -> int:
        """Take the paper when it sticks out; how many sheets it was."""
        self._until(lambda sim: sim["presenter"]["stage"] == "presented", "paper at the mouth")
        taken = self._rig.sim(do="take")["sheets"]
        sheets = "1 sheet" if len(taken) == 1 else f"{len(taken)} sheets"
        self.timeline.say("paper", f"{sheets} taken, number {taken[0]['number']}", "green")
        return len(taken)

    def mischief(self, what: str, do: str, **how: int | str) -> None:
        """Do something to the machine that a machine has to live with."""
        self._rig.sim(10.0, do=do, **how)
        self.timeline.say("world", what, "red")

    # --- waiting ------------------------------------------------------------------------------------------------------

    def _wait(self, what: str, within_s: float = _SEE_WITHIN_S, **wanted: object) -> dict[str, Any]:
        try:
            return self._rig.robot(within_s + 2, do="wait", timeout_ms=round(within_s * 1000), **wanted)
        except JsonLineError as error:
            notes = self._rig.notes()
            raise DeskMachineError(f"waited {within_s:.0f} s for {what}: {error}\n{notes}") from error

    def _until(self, condition: Callable[[dict[str, Any]], object], what: str) -> None:
        self._rig.until(lambda: condition(self._rig.sim(do="state")), _SEE_WITHIN_S, what)

    def _labelled(self, label: str) -> str:
        controls = self._rig.robot(do="tree")["controls"]
        return next((str(one["control"]) for one in controls if one["text"] == label), "")


def _ways(tree: dict[str, Any]) -> list[str]:
    """The ways to pay that can be pressed now."""
    return [one["control"] for one in tree["controls"] if one["control"].startswith("pay:")]
