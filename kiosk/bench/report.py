"""Runs every measurement, prints the table, and says whether each bar is met."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from kiosk.bench.bar import Bar
from kiosk.console.progress import progress
from kiosk.desk.desk_machine import DeskMachineError
from kiosk.desk.ui_client import UiClientError
from kiosk.ipc.json_lines import JsonLineError
from kiosk.protocol import exits


def run_bench() -> int:
    """0 when every bar is met, 1 when one is missed or could not be measured."""
    console = Console(width=None if sys.stdout.isatty() else 160)
    bars: list[Bar] = []
    failed = False
    measures = _measurements()
    with progress("Measurements", len(measures)) as work:
        for measure in measures:
            try:
                bars += measure()
            except (OSError, ValueError, DeskMachineError, JsonLineError, UiClientError) as error:
                failed = True
                console.print(f"not measured: {error}", markup=False, highlight=False, style="red")
            work.step(f"{len(bars)} numbers so far")
    show(bars, console)
    return exits.WRONG if failed or not all(bar.met for bar in bars) else 0


def _measurements() -> list[Callable[[], list[Bar]]]:
    from kiosk.bench import (
        against_others,
        dead_neighbours,
        dead_on_the_line,
        first_frame,
        footprint,
        forms,
        fresh_press,
        identifying,
        issuing,
        ledger_step,
        ledger_years,
        press,
        scans,
    )

    return [
        lambda: [press.measure()],
        lambda: [first_frame.measure()],
        footprint.measure,
        issuing.measure,
        identifying.measure,
        forms.measure,
        fresh_press.measure,
        against_others.measure,
        lambda: [scans.measure()],
        lambda: [ledger_step.measure(Path(tempfile.gettempdir()))],
        ledger_years.measure,
        lambda: [dead_neighbours.measure(), dead_on_the_line.measure()],
    ]


def show(bars: list[Bar], console: Console) -> None:
    """The table: what, measured, bar, verdict in a word."""
    table = Table("", "what", "measured", "bar", "detail", box=None, pad_edge=False)
    for bar in bars:
        mark = "[green]met[/]" if bar.met else "[bold red]MISSED[/]"
        table.add_row(mark, bar.what, f"{bar.value:.1f} {bar.unit}", f"≤ {bar.limit:g}", bar.detail)
    console.print(table)
    console.print(f"{sum(bar.met for bar in bars)} of {len(bars)} bars met", highlight=False)
