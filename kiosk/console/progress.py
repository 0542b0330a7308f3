"""What a long command does, while it does it: a moving line on a terminal, a plain line now and then anywhere else.

Both go to stderr, so that stdout holds results and nothing else.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

# Where nobody sees anything move, a log has to stay readable.
LINE_EVERY_S = 10.0
# Nobody waits for long without a word; what is over before has none.
FIRST_LINE_S = 1.0
DRAWN_EVERY_S = 0.1


class Progress:
    """One piece of work: what it is, how many parts are done of how many, which one is in hand, for how long.

    Any thread may tell it. `changed` is called after each word.
    """

    def __init__(self, what: str, total: int | None, changed: Callable[[], None]) -> None:
        self.what, self.total = what, total
        self.done = 0
        self.doing = ""
        self._changed = changed
        self._begun = time.monotonic()

    def say(self, doing: str) -> None:
        """This is in hand now."""
        self.doing = doing
        self._changed()

    def step(self, doing: str = "") -> None:
        """One more part is done; `doing` is in hand next."""
        self.done += 1
        self.say(doing or self.doing)

    def line(self) -> str:
        """How it stands, as plain text."""
        count = f"{self.done} of {self.total}" if self.total else f"{self.done}" if self.done else ""
        parts = ", ".join(part for part in (count, self.doing) if part)
        return f"{self.what}{f': {parts}' if parts else ''} ({time.monotonic() - self._begun:.0f} s)"


@contextmanager
def progress(
    what: str,
    total: int | None = None,
    *,
    console: "Console | None" = None,
    line_every_s: float = LINE_EVERY_S,
) -> Iterator[Progress]:
    """Show how a piece of work goes on until the block ends. `total`: its parts, where that is known.

    `console`: the one on which other lines are printed meanwhile, so that they stand above the moving one; else stderr.
    """
    from rich.console import Console

    console = console or Console(stderr=True)
    shown = _moving if console.is_terminal and not console.is_dumb_terminal else _lines
    with shown(what, total, console, line_every_s) as work:
        yield work


@contextmanager
def _moving(what: str, total: int | None, console: "Console", _every_s: float) -> Iterator[Progress]:
    """Drawn by rich ten times a second on a thread of its own, so that it moves while a part takes long, too.

    Where that thread is late, on a busy machine, whoever has something new draws it.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar
    from rich.table import Column

    one_line = Column(no_wrap=True, overflow="ellipsis")
    bar = Bar(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        MofNCompleteColumn() if total is not None else TextColumn("{task.completed:.0f}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[doing]}", style="dim", markup=False, table_column=one_line),
        console=console,
        transient=True,
        # What is printed meanwhile stands above it; a pipe's bytes are nobody's to touch.
        redirect_stdout=sys.stdout.isatty(),
        redirect_stderr=sys.stderr.isatty(),
    )
    task = bar.add_task(what, total=total, doing="")
    drawn = time.monotonic()

    def changed() -> None:
        nonlocal drawn
        now = time.monotonic()
        late = now - drawn >= DRAWN_EVERY_S
        drawn = now if late else drawn
        bar.update(task, completed=work.done, doing=work.doing, refresh=late)

    work = Progress(what, total, changed)
    with bar:
        yield work


@contextmanager
def _lines(what: str, total: int | None, console: "Console", every_s: float) -> Iterator[Progress]:
    work = Progress(what, total, lambda: None)
    over = threading.Event()

    def tell() -> None:
        wait_s = min(FIRST_LINE_S, every_s)
        while not over.wait(wait_s):
            wait_s = every_s
            console.print(work.line(), markup=False, highlight=False, soft_wrap=True)

    teller = threading.Thread(target=tell, name="progress", daemon=True)
    teller.start()
    try:
        yield work
    finally:
        over.set()
        teller.join()
