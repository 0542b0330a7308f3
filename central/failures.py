"""How a command of central's ends when the world is against it: one sentence, exit code 2, no traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer


@contextmanager
def failures() -> Iterator[None]:
    """What the world does wrong ends in one sentence and exit code 2."""
    from central.problems import SetupError

    try:
        yield
    except SetupError as error:
        message = str(error)
    except OSError as error:
        message = f"{error.filename or 'central'}: {error.strerror}"
    else:
        return
    typer.echo(f"central: {message}", err=True)
    raise typer.Exit(2)
