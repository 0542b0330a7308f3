"""`kiosk demo`: the whole machine on this desk, for a person at a display or for the autopilot without one."""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from enum import StrEnum
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from rich.console import Console

from kiosk.apps import citizens, demo_output, power_story
from kiosk.apps.autopilot import Autopilot, Timeline
from kiosk.apps.care_call import CareError, bring, kit_of
from kiosk.apps.citizens import Citizen
from kiosk.apps.desk_machine import WITH_TERMINAL, WITH_UPS
from kiosk.apps.json_lines import JsonLineError
from kiosk.apps.processes import Keeper, lean_environment
from kiosk.apps.reconcile import reconcile_directory
from kiosk.apps.supervisor import HEADLESS_SCREEN, Rig, RigError, card_service_trouble
from kiosk.apps.tour import visits
from kiosk.apps.verify import Trusted, verify_file
from kiosk.cli import EXIT_MISSING, EXIT_WRONG
from kiosk.order.model import IssueState, Order, OrderOutcome
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE

_READY_WITHIN_S = 30.0
_TOLD_WITHIN_S = 15.0
_BROUGHT_WITHIN_S = 120.0
_BASKET = {"resident-household", "land"}
_LATER = {"family-relation", "national-tax-clearance"}
# In which a type was introduced; a machine is shipped with the types of the first.
SECOND_ROUND = 2
WITHOUT_SERVICE = "no card service can run here, so the virtual card is spoken to over its own socket"


class Show(StrEnum):
    """What the autopilot shows."""

    STORY = "story"
    TOUR = "tour"
    POWER_CUT = "power-cut"


# What a machine of this show has besides.
_FITTED: Mapping[Show, dict[str, object]] = {
    Show.STORY: {**WITH_TERMINAL},
    Show.TOUR: {},
    Show.POWER_CUT: {**WITH_UPS, "battery_s": 1},
}


class Expectation(Struct, frozen=True):
    """One thing that a demo has to prove, and whether it did."""

    what: str
    met: bool


def run_demo(out: Path, *, headless: bool, window: bool, show: Show = Show.STORY) -> int:
    """Run it. 0: everything as it should be; 1: something was not; 3: the desk could not be set up."""
    console = Console(width=None if sys.stdout.isatty() else 160)
    if not headless and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        console.print("There is no display here, so the autopilot shows the machine (kiosk demo --headless).")
        headless = True
    try:
        demo_output.prepare(out)
    except OSError as error:
        console.print(f"demo: {out} can't be written ({error.strerror}); name another place with --out")
        return EXIT_MISSING
    try:
        if headless or show is not Show.STORY:
            return _headless(out, console, show)
        return _at_a_display(out, console, window=window)
    except (RigError, CareError, JsonLineError, OSError) as error:
        console.print(f"demo: {error}", style="red", markup=False, highlight=False)
        console.print(f"The programs' logs are in {out / 'log'}.", markup=False, highlight=False)
        return EXIT_WRONG


def _headless(out: Path, console: Console, show: Show) -> int:
    timeline = Timeline(console)
    trouble = card_service_trouble()
    if trouble:
        timeline.say("machine", f"{WITHOUT_SERVICE} ({trouble})", "yellow")
    with _desk(out, HEADLESS_SCREEN, (), direct_cards=bool(trouble), others=_FITTED[show]) as rig:
        with timeline.step("start"):
            rig.start()
            rig.wait_ready(_READY_WITHIN_S)
        timeline.say("machine", f"ready; its fleet page is http://127.0.0.1:{rig.web_port}/", "bold")
        pilot = Autopilot(rig, timeline, out / demo_output.SCREENS)
        try:
            served = 0
            for citizen in _story(rig, timeline, show):
                citizen(pilot)
                served += 1
            if show is Show.POWER_CUT:
                power_story.battery(pilot, rig)
        except RigError:
            pilot.keep("failed")
            raise
        with timeline.step("tell central"):
            central = _everything_told(rig, served)
        with timeline.step("stop"):
            rig.stop()
        orders = demo_output.collect(rig, out, central, timeline.steps)
        timeline.say("machine", f"stopped; everything is in {out}", "bold")
    met = [*_EXPECTED[show](orders), *_of_the_papers(orders, out)]
    for one in met:
        mark = "[green]yes[/]" if one.met else "[bold red]NO[/] "
        console.print(f"{mark}  {one.what}")
    return 0 if all(one.met for one in met) else EXIT_WRONG


def _story(rig: Rig, timeline: Timeline, show: Show) -> Iterator[Citizen]:
    """Who comes, one after the other; between them the second round's certificates."""
    if show is Show.POWER_CUT:
        yield from power_story.cuts(rig)
        return
    if show is Show.STORY:
        yield from citizens.STORY
    with timeline.step("new certificates"):
        rig.publish(SECOND_ROUND)
        timeline.say("machine", bring(rig.run, _BROUGHT_WITHIN_S), "bold")
    if show is Show.TOUR:
        yield from visits(kit_of(rig.run).catalogue(card_reader=True))
    else:
        yield from citizens.AFTERWARDS


def _at_a_display(out: Path, console: Console, *, window: bool) -> int:
    """A person serves themselves, the dock beside them, until Ctrl-C."""
    over = threading.Event()
    signal.signal(signal.SIGINT, lambda _number, _frame: over.set())
    signal.signal(signal.SIGTERM, lambda _number, _frame: over.set())
    trouble = card_service_trouble()
    ui_arguments = ("--window",) if window else ()
    with _desk(
        out, {}, ui_arguments, direct_cards=bool(trouble), others={**WITH_UPS, **WITH_TERMINAL}
    ) as rig:
        rig.start()
        dock_argv = [sys.executable, "-m", "simulators.dock", "--run", str(rig.run)]
        dock = Keeper("dock", dock_argv, rig.run / "log" / "dock.log", lean_environment())
        dock.start()
        try:
            rig.wait_ready(_READY_WITHIN_S)
            rig.publish(SECOND_ROUND)
            console.print(
                "The kiosk is on the screen; the dock drops coins, holds a card, takes paper and makes trouble."
            )
            console.print(
                "Its red button pulls the plug, in the middle of anything; beside it are the mains and the UPS."
            )
            for line in about_cards(trouble):
                console.print(line, markup=False, highlight=False)
            console.print("`kiosk catalogue apply` brings the certificates of the second round to it.")
            console.print(
                f"The fleet page is http://127.0.0.1:{rig.web_port}/ . Ctrl-C here ends everything."
            )
            over.wait()
        finally:
            dock.stop()
        central = rig.central_export()
        rig.stop()
        demo_output.collect(rig, out, central, [])
    console.print(
        f"Everything is in {out}; `kiosk reconcile` compares the books.", markup=False, highlight=False
    )
    return 0


def about_cards(trouble: str) -> Iterator[str]:
    """What a person at the desk has to know before they look for a card."""
    if trouble:
        yield f"Mind: {WITHOUT_SERVICE} ({trouble})."
    yield "Identity cards are in the dock's drawer, each with its PIN beside it."


@contextmanager
def _desk(
    out: Path,
    screen: dict[str, str],
    ui_arguments: tuple[str, ...],
    *,
    direct_cards: bool,
    others: Mapping[str, object] = MappingProxyType({}),
) -> Iterator[Rig]:
    """A machine in a directory of its own, gone afterwards; its logs are kept when something went wrong.

    `others` as of Rig.
    """
    run = Path(tempfile.mkdtemp(prefix="changgu-", dir="/tmp"))
    (out / demo_output.MACHINE).unlink(missing_ok=True)
    (out / demo_output.MACHINE).symlink_to(run)
    rig = Rig(
        run,
        run / "paper",
        screen=screen,
        ui_arguments=ui_arguments,
        card_reader=True,
        direct_cards=direct_cards,
        others={"updates": "when-asked", **others},
    )
    try:
        yield rig
    except BaseException:
        rig.stop()
        with contextlib.suppress(OSError):
            shutil.copytree(run / "log", out / "log", dirs_exist_ok=True)
        raise
    finally:
        rig.stop()
        (out / demo_output.MACHINE).unlink(missing_ok=True)
        shutil.rmtree(run, ignore_errors=True)


def _everything_told(rig: Rig, orders: int) -> dict[str, Any]:
    """Central's books once every order has ended there."""
    books: dict[str, Any] = {}

    def told() -> bool:
        books.update(rig.central_export())
        return sum(bool(order["outcome"]) for order in books["orders"]) == orders

    rig.until(told, _TOLD_WITHIN_S, f"central to hear of {orders} orders")
    return books


def _of_the_story(orders: tuple[Order, ...]) -> Iterator[Expectation]:
    delivered = [order for order in orders if order.outcome is OrderOutcome.DELIVERED]
    refunded = [order for order in orders if order.outcome is OrderOutcome.REFUNDED]
    yield Expectation("at least two orders delivered", len(delivered) >= 2)
    yield Expectation("one of them with change", any(order.paid > 0 for order in delivered))
    yield Expectation("who cancelled has all of it back", any(_all_back(o, "cancelled") for o in refunded))
    jammed = any(_all_back(o, "") and o.issues[0].number for o in refunded)
    yield Expectation("who got no paper has all of it back", jammed)
    two = any({issue.type_code for issue in order.issues} == _BASKET for order in delivered)
    yield Expectation("a household's register and a lot's in one payment", two)
    later = {issue.type_code for order in delivered for issue in order.issues} >= _LATER
    yield Expectation("certificates that came to the machine while it ran", later)
    noted = any(order.stackings and order.paid == order.credit - order.earned > 0 for order in delivered)
    yield Expectation("a note, and the change for it in coins", noted)
    charged = any(order.captured == order.earned > 0 and not order.credit for order in delivered)
    yield Expectation("one by card, charged for what was handed over", charged)
    free = any(order.credit == order.fee == 0 for order in delivered)
    yield Expectation("one that is free, and no coin was asked for", free)


def _of_the_tour(orders: tuple[Order, ...]) -> Iterator[Expectation]:
    delivered = [order for order in orders if order.outcome is OrderOutcome.DELIVERED]
    codes = {issue.type_code for order in delivered for issue in order.issues}
    yield Expectation(f"each of {len(orders)} certificates was issued", len(codes) == len(orders) > 0)


def _of_the_cuts(orders: tuple[Order, ...]) -> Iterator[Expectation]:
    yield Expectation("each order that the plug cut short has ended", len(orders) == len(power_story.CUTS))
    owed = all(power_story.claimed(order) for order in orders)
    yield Expectation("what could not be given back is owed, to the last won", owed)
    taken = [order for order in orders if order.earned]
    yield Expectation("a fee is kept for the paper that was taken, and for no other", len(taken) == 1)


_EXPECTED = {Show.STORY: _of_the_story, Show.TOUR: _of_the_tour, Show.POWER_CUT: _of_the_cuts}


def _of_the_papers(orders: tuple[Order, ...], out: Path) -> Iterator[Expectation]:
    certificates = sorted((out / demo_output.CERTIFICATES).glob("*.pdf"))
    issued = sum(issue.state is IssueState.DELIVERED for order in orders for issue in order.issues)
    yield Expectation("a file of each certificate", len(certificates) == issued > 0)
    trust = Trusted((out / LIST_FILE,), out / ROOT_FILE)
    for file in certificates:
        yield Expectation(f"verify: {file.name} is genuine", _verified(file, trust) == 0)
    if certificates:
        altered = out / demo_output.ALTERED / certificates[0].name
        demo_output.alter(certificates[0], altered)
        yield Expectation("verify: an altered copy is not", _verified(altered, trust) == EXIT_WRONG)
    yield Expectation("reconcile: ledger, truth and central are equal", reconcile_directory(out) == 0)


def _all_back(order: Order, reason: str) -> bool:
    return order.credit > 0 and order.paid == order.credit and (not reason or order.reason == reason)


def _verified(file: Path, trust: Trusted) -> int:
    """`kiosk verify`'s exit code, without its words."""
    with redirect_stdout(StringIO()):
        return verify_file(file, trust)
