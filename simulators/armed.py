"""Which faults are set at this moment, asked of the twins themselves: what was used up or mended is none any more."""

from collections.abc import Iterator

from simulators.bench import Bench
from simulators.page_printer import Names
from simulators.ups import UpsFault


def armed(bench: Bench) -> Iterator[tuple[str, str]]:
    """Device and fault, as the control socket calls them (faults.py); the printer's `jam` as its request."""
    for device, faults in _found(bench).items():
        for fault in faults:
            yield device, fault


def _found(bench: Bench) -> dict[str, tuple[str, ...]]:
    printer, presenter, receipt, terminal = bench.printer, bench.presenter, bench.receipt, bench.terminal
    plain = bench.bill.address not in bench.cash_bus.crc_addresses
    return {
        "cash": (*_set({"no-echo": not bench.cash_bus.echo}), *bench.cash_bus.faults.armed),
        "coin": bench.coin.armed,
        "hopper": bench.hopper.armed,
        "note": (*bench.bill.armed, *_set({"plain": plain})),
        "printer": (
            *bench.printer_http.armed,
            *_set(
                {
                    "jam": printer.jam_sheet is not None,
                    "forgets-jobs": printer.forgets_jobs,
                    f"names-{printer.names}": printer.names is not Names.KEPT,
                }
            ),
        ),
        "presenter": (
            *_set({"hang": presenter.hung, "jam": presenter.jam_next_move}),
            *bench.presenter_line.faults.armed,
        ),
        "receipt": (
            *_set({"hang": receipt.hung, "cover": receipt.cover_open, "cutter": receipt.cutter_stuck}),
            *bench.receipt_line.faults.armed,
        ),
        "card": _set({bench.card.faults.name: bench.card.faults.name != "none"}) if bench.card else (),
        "terminal": (*terminal.armed, *_set({"cut": bench.terminal_port.cut_after is not None})),
        "ups": _set({str(bench.ups.fault): bench.ups.fault is not UpsFault.NONE}),
    }


def _set(faults: dict[str, bool]) -> tuple[str, ...]:
    return tuple(fault for fault, set_ in faults.items() if set_)
