"""`--data` and `--keys`: folders of the server's, seen to be there before a command begins."""

import errno
import os
from pathlib import Path
from typing import Annotated

import typer

from central.problems import SetupError
from kiosk.console.named import existing_folder


def _made(folder: Path) -> Path:
    """Raises SetupError where there is none, OSError where there is no right to it."""
    try:
        os.scandir(folder).close()
    except FileNotFoundError as error:
        raise SetupError(f"{folder} is not there; run `central init` first, or name another") from error
    return folder


def place_for(file: Path | None) -> Path | None:
    """For an option: a file that is made later, whose folder is seen to be there before a command begins. Raises
    OSError.
    """
    if file is not None:
        os.scandir(file.parent).close()
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
        file.with_name(f"{file.name}.new").exists()  # raises where that is too long a name
    return file


Data = Annotated[
    Path, typer.Option("--data", help="The server's data folder.", file_okay=False, callback=_made)
]
NewData = Annotated[Path, typer.Option("--data", help="The server's data folder.", file_okay=False)]
Offline = Annotated[
    Path | None,
    typer.Option(
        "--keys",
        help="Where the root and targets keys are; default: in the data folder.",
        callback=existing_folder,
    ),
]
