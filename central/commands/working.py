"""How a command of central's works that may take a while: something is seen of it from its first moment on.

On a busy computer it is the loading of what a command needs that takes longest: import that within the block.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from central.commands.failures import failures
from kiosk.console.progress import Progress, progress


@contextmanager
def working(what: str, total: int | None = None) -> Iterator[Progress]:
    """What the world does wrong in the block ends in one sentence, which stands below all that was seen."""
    with failures(), progress(what, total) as work:
        yield work
