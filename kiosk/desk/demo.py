"""`kiosk demo`: the whole machine on this desk, for a person at a display or for the autopilot without one."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from enum import StrEnum
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from rich.console import Console

from kiosk.books.reconcile import reconcile_directory
from kiosk.console.display import display_trouble, window_trouble
from kiosk.console.named import naming
from kiosk.console.output_folder import OutputFolder
from kiosk.console.stopping import Stopped, nobody_reads, undisturbed, while_read
from kiosk.core.admin_call import AdminError, bring, bundle_name_of
from kiosk.desk import citizens, demo_output, desk_run, power_story
from kiosk.desk.autopilot import Autopilot, Timeline
from kiosk.desk.citizens import Citizen
from kiosk.desk.desk_machine import HEADLESS_SCREEN, DeskMachine, DeskMachineError, card_service_trouble
from kiosk.desk.machine_folder import WITH_TERMINAL, WITH_UPS
from kiosk.desk.processes import Keeper
from kiosk.desk.toml_text import Tables, over
from kiosk.desk.tour import visits
from kiosk.environment import lean_environment
from kiosk.ipc.json_lines import JsonLineError
from kiosk.order.model import IssueState, Order, OrderOutcome
from kiosk.protocol import exits
from kiosk.protocol.exits import MISSING
from kiosk.protocol.fault import RefusalError
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE
from kiosk.verifying.trusted import Trusted
from kiosk.verifying.verify import verify_file

MAKER = "kiosk demo"
DEFAULT_OUT = "demo-output"
_LOOK_S = 0.2
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
_FITTED: Mapping[Show, Tables] = {
    Show.STORY: WITH_TERMINAL,
    Show.TOUR: {},
    Show.POWER_CUT: over(WITH_UPS, {"ups": {"battery_s": 1}}),
}


class _Words(Console):
    """The demo's words on stdout. Who reads no longer ends it like a signal, with its books."""

    def on_broken_pipe(self) -> None:
        nobody_reads()


class Expectation(Struct, frozen=True):
    """One thing that a demo has to prove, and whether it did."""

    what: str
    met: bool


def run_demo(out: Path, *, headless: bool, window: bool, show: Show = Show.STORY) -> int:
    """Run it. 0: everything as it should be; 1: something was not; 2 and 3: `out` is not a folder to write to; 128 and
    the number of a signal: ended by that before its time.
    """
    console = _Words(width=None if sys.stdout.isatty() else 160)
    if not headless and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        console.print("There is no display here, so the autopilot shows the machine (kiosk demo --headless).")
        headless = True
    if not headless and show is Show.STORY:
        trouble = display_trouble(os.environ) or window_trouble(os.environ)
        if trouble:
            raise RefusalError(f"{trouble}; or see it without one: kiosk demo --headless", MISSING)
    try:
        with OutputFolder.take(out, MAKER) as folder, while_read():
            demo_output.prepare(folder)
            return _run(
                folder, console, headless=headless or show is not Show.STORY, window=window, show=show
            )
    except Stopped as stopped:
        with undisturbed():
            kept = (out / demo_output.SUMMARY).exists()
            left = f"what was booked until then is in {out}" if kept else "nothing had been booked yet"
            _say(console, f"demo: stopped ({stopped.how}) before its end; {left}.")
            return stopped.code


def _run(out: OutputFolder, console: Console, *, headless: bool, window: bool, show: Show) -> int:
    try:
        with naming(out.path):
            return _headless(out, console, show) if headless else _at_a_display(out, console, window=window)
    except (DeskMachineError, AdminError, JsonLineError) as error:
        _say(console, f"demo: {error}", "red")
        _say(console, f"The programs' logs are in {out.path / demo_output.LOG}.")
        return exits.WRONG


def _say(console: Console, sentence: str, style: str = "") -> None:
    """Whatever has become of the terminal meanwhile."""
    with contextlib.suppress(OSError):
        console.print(sentence, style=style, markup=False, highlight=False, soft_wrap=True)


def _headless(out: OutputFolder, console: Console, show: Show) -> int:
    timeline = Timeline(console)
    trouble = card_service_trouble()
    if trouble:
        timeline.say("machine", f"{WITHOUT_SERVICE} ({trouble})", "yellow")
    with _desk(out, HEADLESS_SCREEN, (), direct_cards=bool(trouble), others=_FITTED[show]) as rig:
        _start(rig, timeline)
        timeline.say("machine", f"ready; its fleet page is http://127.0.0.1:{rig.web_port}/", "bold")
        pilot = Autopilot(rig, timeline, lambda name: out.file(f"{demo_output.SCREENS}/{name}"))
        try:
            served = 0
            for citizen in _story(rig, timeline, show):
                citizen(pilot)
                served += 1
            if show is Show.POWER_CUT:
                power_story.battery(pilot, rig)
        except DeskMachineError:
            pilot.keep("failed")
            raise
        with timeline.step("tell central"):
            central = _everything_told(rig, served)
        with timeline.step("stop"):
            rig.stop()
        orders = demo_output.collect(rig, out, central, timeline.steps)
        timeline.say("machine", f"stopped; everything is in {out.path}", "bold")
    met = [*_EXPECTED[show](orders), *_of_the_papers(orders, out)]
    for one in met:
        mark = "[green]yes[/]" if one.met else "[bold red]NO[/] "
        console.print(f"{mark}  {one.what}")
    return 0 if all(one.met for one in met) else exits.WRONG


def _start(rig: DeskMachine, timeline: Timeline) -> None:
    """Bring the machine up, told part by part, until it can be used. Raises DeskMachineError."""
    parts = [*rig.parts(), ("the first screen", rig.wait_ready)]
    with timeline.step("start", len(parts)) as work:
        for what, bring_up in parts:
            work.say(what)
            bring_up()
            work.step()


def _story(rig: DeskMachine, timeline: Timeline, show: Show) -> Iterator[Citizen]:
    """Who comes, one after the other; between them the second round's certificates."""
    if show is Show.POWER_CUT:
        yield from power_story.cuts(rig)
        return
    if show is Show.STORY:
        yield from citizens.STORY
    with timeline.step("new certificates", 2) as work:
        work.say("central publishes them")
        rig.publish(SECOND_ROUND)
        work.step("the machine tries each of them out")
        timeline.say("machine", bring(rig.run, _BROUGHT_WITHIN_S, work.say), "bold")
    if show is Show.TOUR:
        yield from visits(bundle_name_of(rig.run).catalogue(card_reader=True))
    else:
        yield from citizens.AFTERWARDS


def _at_a_display(out: OutputFolder, console: Console, *, window: bool) -> int:
    """A person serves themselves, the dock beside them, until Ctrl-C or until they close a window."""
    timeline = Timeline(console)
    trouble = card_service_trouble()
    ui_arguments = ("--window",) if window else ()
    with _desk(
        out, {}, ui_arguments, direct_cards=bool(trouble), others=over(WITH_UPS, WITH_TERMINAL)
    ) as rig:
        dock = _dock(rig)
        try:
            dock.start()
            _start(rig, timeline)
            with timeline.step("publish new certificates"):
                rig.publish(SECOND_ROUND)
            with contextlib.suppress(Stopped):  # the usual end, from the sentence that says so
                for line in _about_the_desk(rig, out.path, trouble):
                    console.print(line, markup=False, highlight=False, soft_wrap=True)
                _wait_until_closed(rig, dock)
        finally:
            with undisturbed():
                dock.stop()
        with undisturbed():
            _say(console, "Stopping; a moment.")
            rig.stop()
            demo_output.collect(rig, out, rig.central_export(), timeline.steps)
    _say(console, f"Everything is in {out.path}; `kiosk reconcile{_named(out.path)}` compares the books.")
    return 0


def _dock(rig: DeskMachine) -> Keeper:
    """It waits for the simulators by itself, so it can be there from the first moment."""
    log = rig.run / "log" / "dock.log"
    log.parent.mkdir(exist_ok=True)
    argv = [sys.executable, "-m", "simulators.dock", "--run", str(rig.run)]
    return Keeper("dock", argv, log, lean_environment(), until_closed=True)


def _wait_until_closed(rig: DeskMachine, dock: Keeper) -> None:
    while not (rig.closed or dock.closed):
        time.sleep(_LOOK_S)  # nobody tells of a window that a person has closed


def _about_the_desk(rig: DeskMachine, out: Path, trouble: str) -> Iterator[str]:
    yield "The kiosk is on the screen; the dock drops coins, holds a card, takes paper and makes trouble."
    yield "Its red button pulls the plug, in the middle of anything; beside it are the mains and the UPS."
    yield from about_cards(trouble)
    yield f"`kiosk catalogue apply{_named(out, '--run')}` brings the certificates of the second round to it."
    yield f"The fleet page is http://127.0.0.1:{rig.web_port}/ ."
    yield "Ctrl-C here, or closing one of the two windows, ends everything."


def _named(out: Path, option: str = "--out") -> str:
    """What to add to a command line that would look elsewhere."""
    return "" if out == Path(DEFAULT_OUT).absolute() else f" {option} {out}"


def about_cards(trouble: str) -> Iterator[str]:
    """What a person at the desk has to know before they look for a card."""
    if trouble:
        yield f"Mind: {WITHOUT_SERVICE} ({trouble})."
    yield "Identity cards are in the dock's drawer, each with its PIN beside it."


@contextmanager
def _desk(
    out: OutputFolder,
    screen: dict[str, str],
    ui_arguments: tuple[str, ...],
    *,
    direct_cards: bool,
    others: Tables = MappingProxyType({}),
) -> Iterator[DeskMachine]:
    """A machine in a directory of its own, gone afterwards. When the block ends before its time, what was booked is
    kept, and the logs if something went wrong.

    `others` as of DeskMachine.
    """
    with desk_run.run_directory() as run:
        out.link(demo_output.MACHINE, run)
        rig = DeskMachine(
            run,
            run / "paper",
            screen=screen,
            ui_arguments=ui_arguments,
            card_reader=True,
            direct_cards=direct_cards,
            others=over({"updates": "when-asked"}, others),
        )
        try:
            yield rig
        except BaseException as why:
            with undisturbed():
                rig.stop()
                demo_output.rescue(rig, out, logs=not isinstance(why, Stopped))
            raise
        finally:
            with undisturbed():
                rig.stop()
                out.remove(demo_output.MACHINE)


def _everything_told(rig: DeskMachine, orders: int) -> dict[str, Any]:
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


def _of_the_papers(orders: tuple[Order, ...], out: OutputFolder) -> Iterator[Expectation]:
    certificates = sorted((out.path / demo_output.CERTIFICATES).glob("*.pdf"))
    issued = sum(issue.state is IssueState.DELIVERED for order in orders for issue in order.issues)
    yield Expectation("a file of each certificate", len(certificates) == issued > 0)
    trust = Trusted((out.path / LIST_FILE,), out.path / ROOT_FILE)
    for file in certificates:
        yield Expectation(f"verify: {file.name} is genuine", _verified(file, trust) == 0)
    if certificates:
        altered = out.file(f"{demo_output.ALTERED}/{certificates[0].name}")
        demo_output.alter(certificates[0], altered)
        yield Expectation("verify: an altered copy is not", _verified(altered, trust) == exits.WRONG)
    yield Expectation("reconcile: ledger, truth and central are equal", reconcile_directory(out.path) == 0)


def _all_back(order: Order, reason: str) -> bool:
    return order.credit > 0 and order.paid == order.credit and (not reason or order.reason == reason)


def _verified(file: Path, trust: Trusted) -> int:
    """`kiosk verify`'s exit code, without its words."""
    with redirect_stdout(StringIO()):
        return verify_file(file, trust)
