"""`kiosk ledger`: how the ledger stands, the close of the day, the second copy, and a ledger from what is left."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.commands.asking import MachineOption, ask_machine, is_of_demo, machine_at, settings_of, wait_until
from kiosk.console.choices import LanguageOption, WithinOption, shortened, whole
from kiosk.console.leaving import leave
from kiosk.console.named import existing_file
from kiosk.console.panels import Group
from kiosk.console.progress import progress
from kiosk.protocol import exits
from kiosk.settings import default_run

if TYPE_CHECKING:
    from kiosk.settings import Settings
    from kiosk.words.day import DayFacts

ledger = typer.Typer(
    help="The ledger: state, close of the day, copy, check, rebuild.", cls=Group, no_args_is_help=True
)

_STATE = "kiosk ledger state"


@ledger.command("state")
def state(run: MachineOption = None) -> None:
    """How the ledger of the running machine stands."""
    now = ask_machine(machine_at(run), "ledger")
    age = now["copy-age-s"]
    copied = (
        "never" if age < 0 else f"{age // 3600} h {age % 3600 // 60} min ago, up to row {now['copied_seq']}"
    )
    trouble = f" (the last try failed: {now['copy_trouble']})" if now["copy_trouble"] else ""
    print(f"rows           {now['seq']:,} written, {now['outbox']:,} of them not at central yet")
    print(
        f"segments       {now['segments']:,} closed, {now['dropped']:,} of them let go of when they were old; "
        f"{now['open_rows']:,} rows since the last one"
    )
    print(f"second copy    {copied}{trouble}")
    if now["copy_held_ms"]:
        print(
            f"               nobody at the machine waited more than {now['copy_held_ms']} ms for the last one"
        )
    print(f"room           {now['room-mb']:,} MB{', too little to sell' if now['room-low'] else ''}")
    print(f"last close     {_last_close(now)}")


def _last_close(now: dict[str, Any]) -> str:
    from kiosk.clocks import SEOUL

    if not now["day"]:
        return "never"
    at = datetime.fromtimestamp(now["day_ms"] / 1_000, SEOUL)
    return f"number {now['day']:,}, {at:%Y-%m-%d %H:%M}; `kiosk ledger day` shows it"


@ledger.command("order")
def order(
    number: Annotated[str, typer.Argument(help="as somebody says it: K7M-2WX; or the long id, or a claim's")],
    run: MachineOption = None,
) -> None:
    """What became of a transaction, by its number.

    The number on its paper, the long id, or a claim's. Of two transactions that share a number both are shown. 1 when
    there is none.
    """
    found = ask_machine(machine_at(run), "orders", number=number)["orders"]
    for one in found:
        print(order_line(one))
    if not found:
        leave(exits.WRONG, f"no transaction of this machine has the number {shortened(number)}.")
    if len(found) > 1:
        print(f"{len(found)} transactions share this number; ask when it was, and what was paid")


def order_line(one: dict[str, Any]) -> str:
    """One transaction in one line: number, when, what, and every won of it."""
    from kiosk.clocks import SEOUL

    at = datetime.fromtimestamp(one["opened_ms"] / 1_000, SEOUL)
    sums = ", ".join(f"{name} {one[name]:,}" for name in ("fee", "credit", "kept", "paid", "claim"))
    how = " ".join(part for part in (one["state"], one["outcome"], one["reason"]) if part)
    return f"{one['number']}  {at:%Y-%m-%d %H:%M}  {', '.join(one['types']) or '-'}  {sums}  {how}  {one['order']}"


@ledger.command("close-day")
def close_day(
    run: MachineOption = None,
    printed: Annotated[bool, typer.Option("--print", help="on the receipt printer too")] = False,
    lang: LanguageOption = "ko",
) -> None:
    """Close the day (마감): what is expected, what was counted.

    What the ledger expects against what each device counted; 1 when they differ, 4 when none differs and not each was
    counted, or one for the first time. Of the same day with nothing booked since it is refused: `kiosk ledger day`
    shows the last close once more.
    """
    place = machine_at(run)
    settings, asked = settings_of(place), ask_machine(place, "close-day")
    if not asked["begun"] and asked["why"] == "closed":
        leave(
            exits.WRONG,
            f"nothing was booked since close {asked['number']} of today, so there is nothing to close; "
            f"`kiosk ledger day {asked['number']}` shows it, with --print on paper too.",
        )
    if not asked["begun"]:
        leave(exits.WRONG, "somebody is at the machine, or a close is under way; try again in a moment.")
    now = wait_until(
        place,
        "ledger",
        lambda found: found["closing"] != "counting",
        60,
        doing="Each device counts",
        later=_STATE,
    )
    if now["close"] is None:
        leave(exits.WRONG, "somebody came to the machine meanwhile; nothing was closed. Try again.")
    found = close_code(now["close"], settings)
    _show(now["close"], settings, lang)
    if printed:
        # What was counted can't be asked for again, the paper can: so its code comes first.
        _print(place, now["close"]["number"], lang, found or exits.MISSING)
    raise typer.Exit(found)


@ledger.command("day")
def day(
    number: Annotated[
        int | None,
        typer.Argument(parser=whole("a close", 1, 999_999_999), help="the close's number; else the last one"),
    ] = None,
    run: MachineOption = None,
    printed: Annotated[bool, typer.Option("--print", help="on the receipt printer too")] = False,
    lang: LanguageOption = "ko",
) -> None:
    """The summary of a closed day once more.

    Nothing is closed by it. 1 when the ledger has no such close.
    """
    place = machine_at(run)
    settings, close = settings_of(place), ask_machine(place, "day", number=number or 0)["close"]
    if close is None:
        which = f"has no close {number}" if number else "has no close yet"
        leave(exits.WRONG, f"the ledger {which}; `{_STATE}` says which was the last.")
    _show(close, settings, lang)
    if printed:
        _print(place, close["number"], lang, exits.MISSING)


def _print(place: Path, number: int, lang: str, code: int) -> None:
    """Leaves the program with `code` where the paper did not come out for sure."""
    again = f"see to the receipt printer, then print it again: kiosk ledger day {number} --print"
    if not ask_machine(place, "print-day", number=number, lang=lang)["begun"]:
        leave(code, f"close {number} is in the ledger; another slip is being printed. Then {again}.")
    slip = wait_until(
        place,
        "ledger",
        lambda found: found["slip"] != "printing",
        30,
        doing="The slip is printed",
        later=_STATE,
    )["slip"]
    if slip != "printed":
        told = "did not come out" if slip == "failed" else "may not have come out"
        leave(code, f"close {number} is in the ledger; its slip {told}; {again}.")


@ledger.command("copy")
def copy(
    run: MachineOption = None,
    within_s: WithinOption = 600,
) -> None:
    """Make the second copy now, and wait until it is verified."""
    place = machine_at(run)
    before = ask_machine(place, "ledger")["copied_seq"]
    if not ask_machine(place, "copy-ledger")["begun"]:
        leave(exits.WRONG, "a copy is under way already.")
    now = wait_until(
        place, "ledger", lambda found: not found["copying"], within_s, doing="Copy and verify", later=_STATE
    )
    if now["copy_trouble"]:
        leave(
            exits.WRONG,
            f"there is no new copy: {now['copy_trouble']} (rows up to {before} are in the old).",
        )
    print(
        f"copied and verified up to row {now['copied_seq']:,}; "
        f"nobody at the machine waited more than {now['copy_held_ms']} ms for it"
    )


@ledger.command("check")
def check(
    file: Annotated[
        Path | None,
        typer.Argument(help="a copy; else the machine's own second copy", callback=existing_file),
    ] = None,
    run: MachineOption = None,
) -> None:
    """Look at every page and every row of a second copy.

    1 when it is not good. One that is named needs no machine; where there is one, it has to be a copy of its ledger.
    """
    from kiosk.ledger.copies import COPY, CopyError, read_copy

    place, whose = file, ""  # a stick on a desk: whoever's it is, the answer says
    if place is None or run is not None or (default_run() / "kiosk.toml").exists():
        settings = settings_of(machine_at(run))
        place, whose = place or settings.path(settings.ledger.copies) / COPY, settings.kiosk_id
    try:
        with progress("Each page and row"):
            found = read_copy(place, whose)
    except CopyError as error:
        ends = {"no-copy": exits.MISSING, "no-ledger": exits.USAGE}
        leave(ends.get(error.code, exits.WRONG), f"{error.code}: {error}")
    chain = found.chain
    print(
        f"{found.machine}: rows {chain.first:,} to {chain.seq:,} follow one another; {chain.dropped:,} were let go"
    )
    print(f"head {chain.head}, {found.size:,} bytes")


@ledger.command("rebuild")
def rebuild(
    copy: Annotated[
        bool, typer.Option("--from-copy", help="the second copy, then central's rows since")
    ] = False,
    central: Annotated[bool, typer.Option("--from-central", help="all rows from central")] = False,
    run: MachineOption = None,
) -> None:
    """A ledger from what is left, while the machine is stopped.

    Central must answer.
    """
    from kiosk.clocks import system_clocks
    from kiosk.commands.ledger_rebuild import from_central, rebuild_here
    from kiosk.ledger.ledger import Stamp
    from kiosk.ledger.rebuild import RebuildError

    if copy == central:
        only = "only one of" if copy else "one of"
        leave(exits.USAGE, f"say {only} --from-copy and --from-central.")
    settings, clocks = settings_of(machine_at(run)), system_clocks()
    try:
        with from_central(settings) as fetch, progress("Rows are brought back and proved"):
            done = rebuild_here(
                settings,
                with_copy=copy,
                fetch=fetch,
                stamp=lambda: Stamp(clocks.boot, clocks.wall_ms(), clocks.now_ms()),
            )
    except RebuildError as error:
        if error.code == "running" and is_of_demo(run):
            leave(
                exits.MISSING,
                f"{error.code}: it is the machine of a demo, which runs; end the demo first.",
            )
        later = error.code in ("running", "central-silent", "disk")
        leave(exits.MISSING if later else exits.WRONG, f"{error.code}: {error}")
    print(f"rows {done.chain.first:,} to {done.chain.seq:,} follow one another; head {done.chain.head}")
    print(
        f"{done.copied:,} rows from the copy, {done.fetched:,} from central, {done.unsent:,} not at central yet"
    )
    if done.missing:
        print(f"missing: {done.missing:,} rows that the machine had written and nobody has")
    for order in done.unproved:
        print(f"disputed: order {order}, whose end nobody has")
    print(
        "the machine may be started"
        if not done.missing
        else "the machine may be started; somebody has to look"
    )


def close_code(close: dict[str, Any], settings: "Settings") -> int:
    """The exit code of a close: 0 where every device that there is was compared, and none differs."""
    from kiosk.words.day import verdict

    said = verdict(_facts(close, settings).counts)
    if "differs" in said:
        return exits.WRONG
    return exits.UNCOUNTED if {"uncounted", "begins"}.intersection(said) else 0


def _facts(close: dict[str, Any], settings: "Settings") -> "DayFacts":
    import msgspec

    from kiosk.core.day_close import facts_of
    from kiosk.protocol.journal import DayClosed

    return facts_of(msgspec.convert(close, DayClosed), settings)


def _show(close: dict[str, Any], settings: "Settings", lang: str) -> None:
    from kiosk.words.day import day_summary
    from kiosk.words.words import load

    for line in day_summary(_facts(close, settings), load(lang)):
        if line.rule:
            print("-" * 42)
        else:
            print(f"{line.text}  {line.right}".rstrip())
