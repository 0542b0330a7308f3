"""The commands that people type. Each imports what it needs when it runs."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from kiosk import cli
from kiosk.apps.calibration import calibration
from kiosk.apps.cash_commands import cash
from kiosk.apps.catalogue_commands import catalogue, hang_gallery, template
from kiosk.apps.ledger_commands import ledger
from kiosk.settings import VERSION

commands = typer.Typer(
    name="kiosk",
    help="Changgu, an unattended civil-certificate kiosk.\n\n"
    "Exit codes: 0 all is as it should be; 1 a check found something that is not; 2 wrong command or settings; "
    "3 something that the command needs is not there.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

commands.add_typer(catalogue, name="catalogue")
commands.add_typer(template, name="template")
commands.add_typer(calibration, name="calibration")
commands.add_typer(ledger, name="ledger")
commands.add_typer(cash, name="cash")

RunOption = Annotated[
    Path | None, typer.Option("--run", help=f"run directory; else {cli.RUN_VARIABLE}, else {cli.DEFAULT_RUN}")
]
OutOption = Annotated[Path, typer.Option("--out", help="where the results go")]


@commands.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="print the version and leave")] = False,
) -> None:
    if version:
        print(f"changgu {VERSION}")
        raise typer.Exit


@commands.command()
def ui(
    run: RunOption = None,
    window: Annotated[bool, typer.Option("--window", help="a window instead of the whole screen")] = False,
    panel: Annotated[str, typer.Option("--panel", help="another panel of config/panels/, or a file")] = "",
    robot: Annotated[
        str, typer.Option("--robot", help="a socket on which demo and tests press the buttons")
    ] = "",
) -> None:
    """The screen (one of the five programs)."""
    cli.start_ui(run or cli.default_run(), window=window, panel=panel, robot=robot)


@commands.command()
def core(run: RunOption = None) -> None:
    """The ledger and every decision (one of the five programs)."""
    cli.start("core", "", run or cli.default_run())


@commands.command()
def devices(bus: Annotated[str, typer.Argument(help=", ".join(cli.BUSES))], run: RunOption = None) -> None:
    """The devices of one bus (one of the five programs)."""
    if bus not in cli.BUSES:
        cli.leave(cli.EXIT_USAGE, f"there is no bus {bus!r}; choose one of {', '.join(cli.BUSES)}.")
    cli.start("devices", bus, run or cli.default_run())


@commands.command()
def courier(run: RunOption = None) -> None:
    """The way to the central server (one of the five programs)."""
    cli.start("courier", "", run or cli.default_run())


@commands.command()
def worker(run: RunOption = None) -> None:
    """One visit's certificates; talks over its standard input, a socket (one of the five programs)."""
    cli.start("worker", "", run or cli.default_run())


@commands.command("try-kit", hidden=True)
def try_kit(name: Annotated[str, typer.Argument()], run: RunOption = None) -> None:
    """Try a bundle out before it may serve (the courier's)."""
    from kiosk.apps import kit_trial
    from kiosk.apps.kits import FOLDER

    raise typer.Exit(kit_trial.run((run or cli.default_run()) / FOLDER, name))


@commands.command()
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
    """The whole machine on this desk: simulated devices, a central server, and the five programs."""
    from kiosk.apps.demo import Show, run_demo

    show = Show.POWER_CUT if power_cut else Show.TOUR if tour else Show.STORY
    raise typer.Exit(run_demo(out, headless=headless, window=window, show=show))


@commands.command()
def verify(
    papers: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|KC1:…|-",
            help="a certificate as PDF, PNG or JPEG, what a barcode scanner read, or - for stdin; of several "
            "pictures of one paper the first that can be read counts",
        ),
    ],
    trust: Annotated[
        Path | None, typer.Option("--trust", help="another trust list (trust.cbor) than this machine's")
    ] = None,
    root: Annotated[
        Path | None, typer.Option("--root", help="the root key that has signed it (trust-root.pem)")
    ] = None,
    text: Annotated[
        bool, typer.Option("--text", help="what it says, for reading aloud; only if its contents are genuine")
    ] = False,
) -> None:
    """Whether a certificate's contents are genuine, by its own seal."""
    from kiosk.apps.verify import Trusted, default_trust, verify_papers

    chosen = Trusted((trust,), root or default_trust().root) if trust else None
    raise typer.Exit(verify_papers(papers, chosen, aloud=text))


@commands.command()
def trust(
    file: Annotated[
        Path | None,
        typer.Argument(help="a newer list (trust.cbor) to take over; else what there is is shown"),
    ] = None,
    root: Annotated[
        Path | None, typer.Option("--root", help="the root key (trust-root.pem); else this machine's")
    ] = None,
) -> None:
    """Whose seals count here: the signed list of the authority's keys."""
    from kiosk.apps.trust import show_list, take_list
    from kiosk.apps.verify import default_trust

    if file is None:
        own = default_trust()
        raise typer.Exit(show_list(own if root is None else own._replace(root=root)))
    raise typer.Exit(take_list(file, cli.default_run(), root))


@commands.command()
def reconcile(
    out: Annotated[
        Path, typer.Option("--out", "--run", help="the output folder of the demo; --run says the same")
    ] = Path("demo-output"),
) -> None:
    """Compare ledger, physical truth and the central server's books of a demo; any difference ends with 1."""
    from kiosk.apps.reconcile import reconcile_directory

    raise typer.Exit(reconcile_directory(out.resolve()))


@commands.command()
def screens(out: OutOption = Path("screens")) -> None:
    """A picture of every screen, in every language and mode."""
    from kiosk.apps.screens import render_screens

    raise typer.Exit(render_screens(out))


@commands.command()
def gallery(
    out: OutOption = Path("gallery"),
    data: Annotated[
        Path | None, typer.Option("--data", help="besides, CODE/NAME.json: what `central specimens` wrote")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="a type's code, for some types only")
    ] = None,
) -> None:
    """Every form with every sample as PDF and pictures, verified, and on contact sheets; 1 when one is not genuine."""
    raise typer.Exit(hang_gallery(out, data, only or ()))


@commands.command()
def bench() -> None:
    """Print the speeds and sizes that the documents claim; 1 when one misses its bar."""
    from kiosk.apps.bench import run_bench

    raise typer.Exit(run_bench())


def as_json(value: object) -> str:
    """For people and programs alike: indented, Hangul readable."""
    return json.dumps(value, ensure_ascii=False, indent=2)


if __name__ == "__main__":
    sys.exit(commands())
