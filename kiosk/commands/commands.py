"""The commands that people type. Each imports what it needs when it runs."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from kiosk.commands.calibration import calibration
from kiosk.commands.cash_commands import cash
from kiosk.commands.catalogue_commands import catalogue, hang_gallery, template
from kiosk.commands.ledger_commands import ledger
from kiosk.commands.panels import DESK, DOCUMENTS, MACHINE, MONEY, PROGRAMS, Commands
from kiosk.console.leaving import leave
from kiosk.console.named import existing_file, existing_folder
from kiosk.programs.names import BUSES
from kiosk.programs.start import start, start_ui
from kiosk.protocol import exits
from kiosk.protocol.exits import HELP
from kiosk.protocol.fault import RefusalError
from kiosk.settings import DEFAULT_RUN, RUN_VARIABLE, VERSION, default_run

commands = typer.Typer(
    name="kiosk",
    cls=Commands,
    help=f"Changgu, an unattended civil-certificate kiosk.\n\n{HELP}",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

commands.add_typer(catalogue, name="catalogue", rich_help_panel=MACHINE)
commands.add_typer(template, name="template", rich_help_panel=DOCUMENTS)
commands.add_typer(calibration, name="calibration", rich_help_panel=MACHINE)
commands.add_typer(ledger, name="ledger", rich_help_panel=MONEY)
commands.add_typer(cash, name="cash", rich_help_panel=MONEY)

# A program is told its own run directory; what is asked of a machine finds that of a demo, too (MachineOption).
ProgramRun = Annotated[
    Path | None, typer.Option("--run", help=f"run directory; else {RUN_VARIABLE}, else {DEFAULT_RUN}")
]
OutOption = Annotated[Path, typer.Option("--out", help="where the results go")]


@commands.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="print the version and leave")] = False,
) -> None:
    if version:
        print(f"changgu {VERSION}")
        raise typer.Exit


@commands.command(rich_help_panel=PROGRAMS)
def ui(
    run: ProgramRun = None,
    window: Annotated[bool, typer.Option("--window", help="a window instead of the whole screen")] = False,
    panel: Annotated[str, typer.Option("--panel", help="another panel of config/panels/, or a file")] = "",
    robot: Annotated[
        str, typer.Option("--robot", help="a socket on which demo and tests press the buttons")
    ] = "",
) -> None:
    """The screen."""
    start_ui(run or default_run(), window=window, panel=panel, robot=robot)


@commands.command(rich_help_panel=PROGRAMS)
def core(run: ProgramRun = None) -> None:
    """The ledger and every decision."""
    start("core", "", run or default_run())


@commands.command(rich_help_panel=PROGRAMS)
def devices(bus: Annotated[str, typer.Argument(help=", ".join(BUSES))], run: ProgramRun = None) -> None:
    """The devices of one bus."""
    if bus not in BUSES:
        leave(exits.USAGE, f"there is no bus {bus!r}; choose one of {', '.join(BUSES)}.")
    start("devices", bus, run or default_run())


@commands.command(rich_help_panel=PROGRAMS)
def courier(run: ProgramRun = None) -> None:
    """The way to the central server."""
    start("courier", "", run or default_run())


@commands.command(rich_help_panel=PROGRAMS)
def worker(run: ProgramRun = None) -> None:
    """One visit's certificates, for core on its standard input."""
    start("worker", "", run or default_run())


@commands.command("try-bundle", hidden=True, rich_help_panel=PROGRAMS)
def try_bundle(name: Annotated[str, typer.Argument()], run: ProgramRun = None) -> None:
    """Try a bundle out before it may serve; the courier's."""
    from kiosk.bundles.installed import FOLDER
    from kiosk.forms import bundle_trial

    raise typer.Exit(bundle_trial.run((run or default_run()) / FOLDER, name))


@commands.command(rich_help_panel=DESK)
def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="no window: an autopilot presses the buttons")
    ] = False,
    window: Annotated[bool, typer.Option("--window", help="a window instead of the whole screen")] = False,
    tour: Annotated[
        bool, typer.Option("--tour", help="headless, and one visit for each certificate that there is")
    ] = False,
    power_cut: Annotated[
        bool,
        typer.Option("--power-cut", help="headless, and the plug is pulled in the middle of four orders"),
    ] = False,
    out: OutOption = Path("demo-output"),
) -> None:
    """The whole machine on this desk, with simulated devices."""
    from kiosk.desk.demo import Show, run_demo

    if (headless or tour or power_cut) and window:
        raise RefusalError("--window is for who sits before it; an autopilot's machine is shown on none")
    if tour and power_cut:
        raise RefusalError("--tour and --power-cut are two shows; name one of them")
    show = Show.POWER_CUT if power_cut else Show.TOUR if tour else Show.STORY
    raise typer.Exit(run_demo(out, headless=headless, window=window, show=show))


@commands.command(rich_help_panel=DOCUMENTS)
def verify(
    papers: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|KC1:…|-",
            help="certificates, each a PDF, PNG or JPEG, what a barcode scanner read, or - for stdin",
        ),
    ],
    trust: Annotated[
        Path | None,
        typer.Option(
            "--trust", help="another trust list (trust.cbor) than this machine's", callback=existing_file
        ),
    ] = None,
    root: Annotated[
        Path | None,
        typer.Option(
            "--root", help="the root key that has signed it (trust-root.pem)", callback=existing_file
        ),
    ] = None,
    text: Annotated[
        bool, typer.Option("--text", help="what it says, for reading aloud; only if its contents are genuine")
    ] = False,
    one_paper: Annotated[
        bool,
        typer.Option("--one-paper", help="all are pictures of one paper: one that can be read is enough"),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="for programs: a list, one object a document")
    ] = False,
) -> None:
    """Whether certificates are genuine, each by its own seal.

    Each file is a document of its own, and the exit code is that of the worst of them.
    """
    from kiosk.verifying.trusted import Trusted, default_trust
    from kiosk.verifying.verify import verify_papers

    if root is not None and trust is None:
        raise RefusalError("--root says who has signed the list of --trust; name that list, too")
    chosen = Trusted((trust,), root or default_trust().root) if trust else None
    raise typer.Exit(verify_papers(papers, chosen, aloud=text, one_paper=one_paper, as_json=as_json))


@commands.command(rich_help_panel=MACHINE)
def trust(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="a newer list (trust.cbor) to take over; else what there is is shown", callback=existing_file
        ),
    ] = None,
    root: Annotated[
        Path | None,
        typer.Option(
            "--root", help="the root key (trust-root.pem); else this machine's", callback=existing_file
        ),
    ] = None,
) -> None:
    """Whose seals count here; take over a newer list of keys."""
    from kiosk.commands.trust import show_list, take_list

    if file is None:
        raise typer.Exit(show_list(root))
    raise typer.Exit(take_list(file, default_run(), root))


@commands.command(rich_help_panel=DESK)
def reconcile(
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "--run",
            help="the output folder of the demo, else demo-output; --run says the same",
            callback=existing_folder,
        ),
    ] = None,
) -> None:
    """Compare ledger, physical truth and central's books of a demo.

    Any difference ends with 1.
    """
    from kiosk.books.reconcile import reconcile_directory

    raise typer.Exit(reconcile_directory((out or Path("demo-output")).resolve()))


@commands.command(rich_help_panel=DESK)
def screens(
    out: OutOption = Path("screens"),
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="screens of this name: pay, 'trouble-*'; again for more"),
    ] = None,
    lang: Annotated[list[str] | None, typer.Option("--lang", help="in this language only: ko, en")] = None,
    mode: Annotated[
        list[str] | None,
        typer.Option("--mode", help="in this way only: default, high-contrast, 200, low-reach"),
    ] = None,
) -> None:
    """A picture of every screen, and a page to look through them.

    In every language and way of display, or in some; index.html leads through what was made.
    """
    from kiosk.commands.screens import Wanted, render_screens

    wanted = Wanted(tuple(only or ()), tuple(lang or ()), tuple(mode or ()))
    raise typer.Exit(render_screens(out, wanted))


@commands.command(rich_help_panel=DESK)
def gallery(
    out: OutOption = Path("gallery"),
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            help="besides, CODE/NAME.json: what `central specimens` wrote",
            callback=existing_folder,
        ),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="a type's code, for some types only")
    ] = None,
) -> None:
    """Every form with its samples as PDF and pictures, verified.

    Contact sheets and a page lead through them; 1 when one is not genuine.
    """
    raise typer.Exit(hang_gallery(out, data, only or ()))


@commands.command(rich_help_panel=DESK)
def bench() -> None:
    """Measure the speeds and sizes that the documents claim.

    1 when one misses its bar.
    """
    from kiosk.bench import run_bench

    raise typer.Exit(run_bench())


def as_json(value: object) -> str:
    """For people and programs alike: indented, Hangul readable."""
    return json.dumps(value, ensure_ascii=False, indent=2)


if __name__ == "__main__":
    sys.exit(commands())
