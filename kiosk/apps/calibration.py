"""`kiosk calibration`: the sheet from which a printer's two screens are picked, and the entry in kiosk.toml."""

import fcntl
import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from kiosk import cli
from kiosk.named import naming, writing

calibration = typer.Typer(help="Fit the ground under each page to the printer.", no_args_is_help=True)

_TABLE = "[ground]"


@calibration.command("page")
def page(
    out: Annotated[Path, typer.Option("--out", help="where the PDF goes")] = Path("calibration.pdf"),
) -> None:
    """A sheet to print at 100 %, from which the ground is picked.

    9 x 9 pairs of screens; pick the cell whose word only a photocopy shows.
    """
    from kiosk.worker.calibration import calibration_page

    with writing(out):
        out.write_bytes(calibration_page())
    print(out)


@calibration.command("set")
def pick(
    small: Annotated[str, typer.Option("--small", help="the cell's row, as 2/8")],
    large: Annotated[str, typer.Option("--large", help="the cell's column, as 4/24")],
    printer: Annotated[str, typer.Option("--printer", help="its printer-uuid, which its status page shows")],
    run: Annotated[Path | None, typer.Option("--run", help="run directory")] = None,
) -> None:
    """Write the picked ground of a printer into kiosk.toml.

    It is used from the next start of the machine on.
    """
    from kiosk.settings import load, text_of
    from kiosk.worker.screens import pair_of

    file = (run or cli.default_run()) / "kiosk.toml"
    try:
        pair = pair_of(f"{small} {large}")
        load(file)
        with _alone(file.parent):
            text = with_ground(text_of(file), printer, str(pair))
            tomllib.loads(text)
            _replace(file, text)
    except ValueError as error:
        cli.leave(cli.EXIT_USAGE, str(error))
    print(f"{printer}: {pair}")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Of two who pick at once the later one writes below what the earlier one wrote."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(file: Path, text: str) -> None:
    part = file.with_suffix(".part")
    try:
        with naming(part):
            part.write_text(text, "utf-8")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def with_ground(text: str, printer: str, screens: str) -> str:
    """kiosk.toml with this printer's line in [ground], everything else as it was. Raises ValueError for the serial."""
    if not re.fullmatch(r"[\w.:-]{1,100}", printer):
        raise ValueError(f"{printer!r} is no printer-uuid")
    line = f'"{printer}" = "{screens}"'
    lines = [old for old in text.splitlines() if not old.startswith(f'"{printer}" = ')]
    if _TABLE not in lines:
        lines += ["", _TABLE]
    at = lines.index(_TABLE) + 1
    while at < len(lines) and lines[at].startswith('"'):
        at += 1
    return "\n".join([*lines[:at], line, *lines[at:]]) + "\n"
