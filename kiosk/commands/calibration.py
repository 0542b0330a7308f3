"""`kiosk calibration`: the sheet from which a printer's two screens are picked, and the entry in kiosk.toml."""

import re
from pathlib import Path
from typing import Annotated

import typer

from kiosk.bounds import PRINTER
from kiosk.commands.asking import MachineOption, machine_at
from kiosk.commands.output_file import ReplaceOption, free_to_write, write_pdf
from kiosk.console.alone import alone
from kiosk.console.choices import shortened
from kiosk.console.leaving import leave
from kiosk.console.named import naming
from kiosk.console.panels import Group
from kiosk.protocol import exits
from kiosk.protocol.fault import RefusalError

calibration = typer.Typer(
    help="Fit the ground under each page to the printer.", cls=Group, no_args_is_help=True
)

_TABLE = "[printer.ground]"
# The table's line, also by its former name, however it is written.
_HEADER = re.compile(r"\s*\[\s*(printer\s*\.\s*)?ground\s*\]\s*(#.*)?")
_PRINTER = re.compile(PRINTER)


@calibration.command("page")
def page(
    out: Annotated[Path, typer.Option("--out", help="where the PDF goes")] = Path("calibration.pdf"),
    replace: ReplaceOption = False,
) -> None:
    """A sheet to print at 100 %, from which the ground is picked.

    9 x 9 pairs of screens; pick the cell whose word only a photocopy shows.
    """
    from kiosk.worker.calibration import calibration_page

    write_pdf(free_to_write(out, replace=replace), calibration_page())
    print(out)


@calibration.command("set")
def pick(
    small: Annotated[str, typer.Option("--small", help="the cell's row, as 2/8")],
    large: Annotated[str, typer.Option("--large", help="the cell's column, as 4/24")],
    printer: Annotated[str, typer.Option("--printer", help="its printer-uuid, which its status page shows")],
    run: MachineOption = None,
) -> None:
    """Write the picked ground of a printer into kiosk.toml.

    It is used from the next start of the machine on.
    """
    from kiosk.settings import load, settings_in, text_of
    from kiosk.worker.screens import pair_of

    for option, word, like in (("--small", small, "2/8"), ("--large", large, "4/24")):
        if not re.fullmatch(r"[1-9]/[1-9]\d?", word):
            raise RefusalError(f"{option} {shortened(word)!r} is not like {like}: the dots, then their pitch")
    if not _PRINTER.fullmatch(printer):
        raise RefusalError(
            f"--printer {shortened(printer)!r} is no printer-uuid, as its status page shows it"
        )
    file = machine_at(run) / "kiosk.toml"
    try:
        pair = pair_of(f"{small} {large}")
        load(file)
        with alone(file.parent):
            text = with_ground(text_of(file), printer, str(pair))
            settings_in(text, file)
            _replace(file, text)
    except ValueError as error:
        leave(exits.USAGE, str(error))
    print(f"{printer}: {pair}, in {file}")


def _replace(file: Path, text: str) -> None:
    part = file.with_suffix(".part")
    try:
        with naming(part):
            part.write_text(text, "utf-8")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def with_ground(text: str, printer: str, screens: str) -> str:
    """kiosk.toml with this printer's line in [printer.ground], everything else as it was.

    A file in the former form goes on with its [ground]. Raises ValueError for the serial.
    """
    if not _PRINTER.fullmatch(printer):
        raise ValueError(f"{printer!r} is no printer-uuid")
    line = f'"{printer}" = "{screens}"'
    lines = [old for old in text.splitlines() if not old.startswith(f'"{printer}" = ')]
    begins = next((at for at, old in enumerate(lines) if _HEADER.fullmatch(old)), None)
    if begins is None:
        begins = len(lines) + 1
        lines += ["", _TABLE]
    at = begins + 1
    while at < len(lines) and lines[at].startswith('"'):
        at += 1
    return "\n".join([*lines[:at], line, *lines[at:]]) + "\n"
