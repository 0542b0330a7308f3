"""kill -9 of the real programs at random moments, while somebody buys certificates one after the other.

`python -m tests.crash.kill_at_random --cycles 300`: after every few blows the machine comes to rest, and physical
truth, ledger and central's books are compared. The last line has the sum.
"""

import argparse
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from unittest import mock

from msgspec import Struct

from kiosk.desk import processes
from kiosk.desk.ui_client import UiClientError
from kiosk.ipc.json_lines import JsonLineError
from kiosk.ipc.link import LinkError
from kiosk.protocol.screen import ScreenName, Snapshot
from tests.rig.desk import desk
from tests.rig.scene import Scene

PROGRAMS = ("core", "core", "cash", "printer", "receipt", "courier", "worker")
LOOK_EVERY = 10
LONGEST_S = 4.0
# Then another machine takes the place of this one, before its hopper has paid out what it was filled with.
ROUND = 75
REST_S = 240
# A hand is no faster, and stops when the slot's lamp goes out, as it does for an acceptor that nobody has asked for a
# second. So it never takes, or gives back, more coins than it remembers: of one too many it would only know the number.
COIN_S = 0.3
# The order in which a lot's register is asked for; each is pressed where it can be.
WAY = ("key:6", "key:0", "next", "pay")
ENDINGS = ("done", "skip", "more-time", "close")
# A supervisor that waits longer after each of many blows would only make the test longer.
BACK_OFF_S = (0.2,)


class Struck(Struct):
    """How many blows fell on which program, and what did not meet."""

    blows: Counter[str]
    orders: int = 0
    differences: list[str] = []


class Buyer:
    """Presses, pays and takes paper, whatever is on the screen; one small act at a time, never waiting for long."""

    def __init__(self, scene: Scene, rng: random.Random) -> None:
        self._scene, self._rng = scene, rng
        self._typed = 0

    def act(self) -> None:
        """One act, if there is anything to be done now."""
        try:
            self._take()
            snapshot = self._scene.hand.wait(lambda _: True, "any screen", 1.0)
            self._on(snapshot)
        except (UiClientError, LinkError, JsonLineError, OSError, AssertionError):
            time.sleep(0.05)  # core or the screen's line is away

    def _take(self) -> None:
        if self._rng.random() < 0.5:
            self._scene.rig.sim(do="take")

    def _on(self, snapshot: Snapshot) -> None:
        match snapshot.screen:
            case ScreenName.PAY if snapshot.overlay is None and self._rng.random() < 0.9:
                if self._scene.statuses_allow_coins():
                    self._scene.rig.sim(do="coin", value=self._rng.choice((100, 500)))
                time.sleep(COIN_S)  # the time that a hand needs for one coin
            case ScreenName.ATTRACT:
                self._typed = 0
                self._press("start")
            case _:
                self._press(self._wish(snapshot))

    def _wish(self, snapshot: Snapshot) -> str:
        shown = snapshot.overlay.controls if snapshot.overlay else snapshot.controls + snapshot.bar
        can = {control.id for control in shown if control.enabled}
        for control in ("type:land", "category:parcel", *ENDINGS, "area:1"):
            if control in can:
                return control
        if snapshot.screen is ScreenName.TROUBLE and "cancel" in can:
            return "cancel"
        if self._typed < 2 and WAY[self._typed] in can:
            self._typed += 1
            return WAY[self._typed - 1]
        return next((control for control in WAY[2:] if control in can), "")

    def _press(self, control: str) -> None:
        if control:
            self._scene.hand.press(control, 1.0)
        else:
            time.sleep(0.05)  # nothing to press yet: as a person would, look again in a moment


def strike(scene: Scene, cycles: int, seed: int, told: Callable[[str], None]) -> Struck:
    """So many blows; the books are compared after each few."""
    rng = random.Random(seed)
    struck = Struck(Counter(), differences=[])
    since_the_last_look: list[str] = []
    buyer = Buyer(scene, rng)
    for cycle in range(1, cycles + 1):
        end = time.monotonic() + rng.uniform(0.05, LONGEST_S)
        while time.monotonic() < end:
            buyer.act()
        name = rng.choice(PROGRAMS)
        try:
            scene.rig.kill(name, signal.SIGKILL)
            struck.blows[name] += 1
            since_the_last_look.append(f"{time.monotonic_ns() // 1_000_000} {name} is struck")
        except ProcessLookupError:
            continue  # it is on its way up from the blow before
        if cycle % LOOK_EVERY == 0 or cycle == cycles:
            for difference in _look(scene, struck):
                told(f"difference: {difference}")
                for line in _story(scene, difference, since_the_last_look):
                    told(f"  {line}")
            since_the_last_look.clear()
            told(f"{cycle} blows, {struck.orders} orders, {len(struck.differences)} differences")
    return struck


def _look(scene: Scene, struck: Struck) -> list[str]:
    """Let everything come to an end; then it has to sell again, and the accounts have to meet. What does not."""
    buyer = Buyer(scene, random.Random(0))
    end = time.monotonic() + REST_S
    while not (rested := _rested(scene, buyer)) and time.monotonic() < end:
        time.sleep(0.1)  # between two looks at a machine that comes to rest by itself
    found = [] if rested else [f"it sells nothing {REST_S} s after the last blow"]
    try:
        scene.books_meet()
    except AssertionError as error:
        found += str(error).splitlines()
    found = [difference for difference in found if difference not in struck.differences]
    struck.differences += found
    struck.orders = sum(row["kind"] == "order-closed" for row in scene.journal())
    return found


def _story(scene: Scene, difference: str, struck: list[str]) -> list[str]:
    """The journal's rows of the order that a difference names, itself or by a document; the last blows among them; and
    where that document's sheets are.
    """
    rows = list(scene.journal())
    names = set(re.findall(r"[0-9A-Z]{16,}", difference))
    orders = {
        row["body"]["order"]
        for row in rows
        if "order" in row["body"] and any(name in str(row["body"]) for name in names)
    }
    told = [
        f"{row['mono_ms']} row {row['seq']} {row['kind']} {row['body']}"
        for row in rows
        if row["kind"] == "boot" or row["body"].get("order") in orders
    ]
    sheets = [sheet for sheet in scene.rig.sim(do="truth")["truth"]["sheets"] if sheet["number"] in names]
    return [*sorted((*told, *struck), key=lambda line: int(line.split()[0])), *map(str, sheets)]


def _rested(scene: Scene, buyer: Buyer) -> bool:
    try:
        scene.rig.sim(do="take")
        snapshot = scene.hand.wait(lambda _: True, "any screen", 1.0)
        if snapshot.screen is ScreenName.ATTRACT:
            return True
        if snapshot.screen is ScreenName.PAY:
            buyer._press("leave" if snapshot.overlay else "cancel")
        else:
            scene._press_away(snapshot)
    except (UiClientError, LinkError, JsonLineError, OSError, AssertionError):
        pass
    return False


def main() -> int:
    """0 when all accounts met each time, 1 when not."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.kill_at_random", description=__doc__)
    parser.add_argument("--cycles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    kills = orders = violations = 0
    for at, cycles in enumerate(rounds(asked.cycles)):
        with mock.patch.object(processes, "BACK_OFF_S", BACK_OFF_S), desk() as scene:
            struck = strike(scene, cycles, asked.seed + at, lambda line: print(line, flush=True))
        kills += struck.blows.total()
        orders += struck.orders
        violations += len(struck.differences)
    print(
        f"seed={asked.seed} cycles={asked.cycles} kills={kills} orders={orders} "
        f"violations={violations} {time.monotonic() - began:.0f} s"
    )
    return 1 if violations else 0


def rounds(cycles: int) -> list[int]:
    """How many blows fall on each machine."""
    whole, rest = divmod(cycles, ROUND)
    return [ROUND] * whole + ([rest] if rest else [])


if __name__ == "__main__":
    sys.exit(main())
