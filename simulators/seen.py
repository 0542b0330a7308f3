"""Everything that a person standing at the machine could see: the answer to `{"do":"state"}`."""

import msgspec

from simulators.armed import armed
from simulators.bench import Bench
from simulators.printer_attributes import state_reasons
from simulators.world import Place


def seen(bench: Bench) -> dict[str, object]:
    """Levels, sheets, lamps, plugs and the last receipt, as plain JSON values."""
    return {
        "power": bench.powered,
        "armed": [{"device": device, "fault": fault} for device, fault in armed(bench)],
        "coin": {
            "plugged": bench.coin.plugged and bench.coin_port.plugged,
            "accepting": list(bench.coin.accepting),
            "polled": bench.coin.polled,
        },
        "hopper": {
            "plugged": bench.hopper.plugged and bench.hopper_ports[0].plugged,
            "coins": bench.world.levels.hopper,
            "low": bench.hopper.low,
            "paying": bench.hopper.paying,
        },
        "note": {
            "plugged": bench.bill.plugged and bench.note_port.plugged,
            "accepting": list(bench.bill.accepting),
            "stage": str(bench.bill.stage),
            "escrow": bench.world.levels.escrow,
            "full": bench.bill.full,
            "removed": bench.bill.removed,
            "fault": bench.bill.fault,
        },
        "second_hopper": bench.world.levels.second_hopper,
        "stacker": {str(value): count for value, count in sorted(bench.world.levels.stacker.items())},
        "cash_box": {str(value): count for value, count in sorted(bench.world.levels.cash_box.items())},
        "printer": _printer(bench),
        "presenter": _presenter(bench),
        "receipt": {
            "plugged": bench.receipt_port.plugged,
            "paper": bench.world.levels.roll,
            "cover_open": bench.receipt.cover_open,
            "offline": bench.receipt.offline,
            "waiting": bench.receipt.waiting,
            "last": msgspec.to_builtins(bench.world.last_receipt()),
        },
        "network": {
            "mode": str(bench.cable.mode),
            "port": bench.cable.number,
            "target": bench.cable.target,
        },
        "card": _card(bench),
        "ups": {"mains": str(bench.ups.mains), "charge": bench.ups.charge, "runtime": bench.ups.runtime},
        "coins": _coins(bench),
        "terminal": _terminal(bench),
        "notes": _notes(bench),
        "plugs": {
            "terminal": bench.terminal_plugged,
            "terminal-power": bench.terminal.powered,
            "coin": bench.coin.plugged,
            "hopper": bench.hopper.plugged,
            "note": bench.bill.plugged,
            "cash": bench.cash_port.plugged,
            "printer": bench.printer_plugged,
            "presenter": bench.presenter.plugged,
            "receipt": bench.receipt_port.plugged,
            "ups": bench.ups.plugged,
        },
    }


def _printer(bench: Bench) -> dict[str, object]:
    printer = bench.printer
    current = next((job for job in printer.jobs if not job.ended), None)
    return {
        "plugged": bench.printer_plugged,
        "uri": bench.printer_http.uri,
        "tray": bench.world.levels.tray,
        "stopped": printer.stopped,
        "busy": printer.busy,
        "jammed": printer.jammed,
        "reasons": list(state_reasons(printer)),
        "sheets": printer.sheets,
        "job": current.name if current else "",
        "job_sheets": [current.sheets_done, current.sheets] if current else [],
    }


def _presenter(bench: Bench) -> dict[str, object]:
    places = {str(place): _sheets(bench, place) for place in (Place.PATH, Place.MOUTH, Place.TRAY)}
    return {
        "plugged": bench.presenter.plugged,
        "stage": bench.presenter.stage.name.lower(),
        "binned": bench.world.levels.binned,
        "retracts": bench.presenter.retracts,
        "taken": len(bench.world.sheets_at(Place.TAKEN)),
        "last": msgspec.to_builtins(bench.world.last_sheet()),
        **places,
    }


def _terminal(bench: Bench) -> dict[str, object]:
    """The payment terminal: what it waits for, and what has moved on cards (KRW)."""
    cards = bench.world.truth().cards
    return {
        "stage": bench.terminal.stage,
        "amount": bench.terminal.amount,
        "open": sum(money.authorised for money in cards if money.open),
        "captured": sum(money.captured for money in cards),
        "reversed": sum(money.reversed for money in cards),
    }


def _card(bench: Bench) -> dict[str, object] | None:
    slot = bench.card
    if slot is None:
        return None
    chip = slot.chip
    return {
        "label": chip.card.label if chip else "",
        "kind": chip.card.kind if chip else "",
        "tries": chip.tries if chip else 0,
        "blocked": chip.blocked if chip else False,
        "connected": slot.connected,
        "asked": slot.asked,
        "fault": slot.faults.name,
        "drawer": slot.labels(),
    }


def _sheets(bench: Bench, place: Place) -> object:
    return msgspec.to_builtins(bench.world.sheets_at(place))


def _coins(bench: Bench) -> dict[str, int]:
    truth = bench.world.truth()
    return {
        "in": sum(coin.value for coin in truth.coins_in),
        "out": sum(coin.value for coin in truth.coins_out),
        "back": sum(coin.value for coin in truth.coins_rejected),
    }


def _notes(bench: Bench) -> dict[str, int]:
    truth = bench.world.truth()
    return {
        "in": sum(note.value for note in truth.notes_in),
        "back": sum(note.value for note in truth.notes_back),
    }
