"""What the control socket can be asked to do, request by request (docs/protocol.md §3.5)."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from simulators.bench import Bench
from simulators.bill import Stage
from simulators.card_file import BadCard
from simulators.card_slot import CardSlot
from simulators.faults import BadFault, set_fault
from simulators.network import Mode
from simulators.page_printer import TRAY_CAPACITY
from simulators.presenter import BIN_CAPACITY
from simulators.receipt_printer import ROLL_LINES
from simulators.seen import seen
from simulators.ups import Mains
from simulators.world import COIN_VALUES, NOTE_VALUES, Place

HOPPER_CAPACITY = 1000
_COIN_LANDS_SECONDS = 5.0
_MAX_COIN = 100_000


class BadRequest(Exception):
    """The request cannot be understood; the text says why."""


class Request:
    """One request's fields, read with their types checked."""

    def __init__(self, fields: dict[str, object]) -> None:
        self.fields = fields

    def word(self, name: str, default: str | None = None) -> str:
        """A text field."""
        value = self.fields.get(name, default)
        if not isinstance(value, str):
            raise BadRequest(f"{name!r} is missing or no text")
        return value

    def number(self, name: str, low: int, high: int) -> int:
        """An integer field between `low` and `high`."""
        value = self.fields.get(name)
        if type(value) is not int or not low <= value <= high:
            raise BadRequest(f"{name!r} must be a whole number from {low} to {high}")
        return value

    def flag(self, name: str, default: bool | None = None) -> bool:
        """A true or false field."""
        value = self.fields.get(name, default)
        if not isinstance(value, bool):
            raise BadRequest(f"{name!r} must be true or false")
        return value


Reply = dict[str, object]
Act = Callable[[Bench, Request], Awaitable[Reply]]


async def act(bench: Bench, request: Request) -> Reply:
    """Carry out one request. Raises BadRequest."""
    do = request.word("do")
    found = _ACTS.get(do)
    if found is None:
        raise BadRequest(f"nobody can {do!r}; known: {', '.join(sorted(_ACTS))}, watch")
    return await found(bench, request)


async def _coin(bench: Bench, request: Request) -> Reply:
    value = request.number("value", 1, _MAX_COIN)
    if request.flag("force", default=False):
        if value not in COIN_VALUES:
            raise BadRequest(f"a coin of {value} cannot be past the gate; known: {COIN_VALUES}")
        bench.coin.force(value)
        return {"coin": "accepted"}
    landed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    bench.coin.drop(value, landed.set_result)
    return {"coin": await asyncio.wait_for(landed, _COIN_LANDS_SECONDS)}


async def _note(bench: Bench, request: Request) -> Reply:
    value = request.number("value", 1, _MAX_COIN)
    if value not in NOTE_VALUES:
        raise BadRequest(f"there is no note of {value}; known: {NOTE_VALUES}")
    landed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    bench.bill.insert(value, landed.set_result)
    return {"note": await asyncio.wait_for(landed, _COIN_LANDS_SECONDS)}


async def _stacker(bench: Bench, request: Request) -> Reply:
    if bench.bill.stage is not Stage.NONE:
        raise BadRequest("a note is moving")
    bench.world.set_levels(stacker={})
    bench.bill.mend()
    return {}


async def _take(bench: Bench, request: Request) -> Reply:
    sheets = bench.world.move_sheets((Place.MOUTH, Place.TRAY), Place.TAKEN)
    bench.presenter.taken()
    return {"sheets": msgspec.to_builtins(sheets)}


async def _tray(bench: Bench, request: Request) -> Reply:
    bench.world.set_levels(tray=request.number("sheets", 0, TRAY_CAPACITY))
    bench.printer.mended()
    return {}


async def _jam(bench: Bench, request: Request) -> Reply:
    bench.printer.jam_sheet = request.number("sheet", 1, 1000)
    return {}


async def _unjam(bench: Bench, request: Request) -> Reply:
    bench.printer.clear_jam()
    bench.presenter.clear_jam()
    return {}


async def _hopper(bench: Bench, request: Request) -> Reply:
    coins = request.number("coins", 0, HOPPER_CAPACITY)
    if request.flag("second", default=False):
        if bench.second_hopper is None:
            raise BadRequest("this machine has no second hopper (--second-hopper)")
        bench.world.set_levels(second_hopper=coins)
    else:
        bench.world.set_levels(hopper=coins)
    return {}


async def _cash_box(bench: Bench, request: Request) -> Reply:
    bench.world.set_levels(cash_box={})
    return {}


async def _bin(bench: Bench, request: Request) -> Reply:
    bench.world.set_levels(binned=request.number("documents", 0, BIN_CAPACITY))
    return {}


async def _receipt_paper(bench: Bench, request: Request) -> Reply:
    bench.world.set_levels(roll=request.number("lines", 0, ROLL_LINES))
    bench.receipt.changed()
    return {}


def _slot(bench: Bench) -> CardSlot:
    if bench.card is None:
        raise BadRequest("this machine has no card reader (--card-reader)")
    return bench.card


async def _cards(bench: Bench, request: Request) -> Reply:
    return {"cards": msgspec.to_builtins(_slot(bench).drawer())}


async def _card(bench: Bench, request: Request) -> Reply:
    slot = _slot(bench)
    try:
        if request.flag("pull", default=False):
            return {"pulled": slot.pull()}
        if "unblock" in request.fields:
            slot.unblock(request.word("unblock"))
        elif "block" in request.fields:
            slot.block(request.word("block"))
        else:
            slot.insert(request.word("card"))
    except BadCard as error:
        raise BadRequest(str(error)) from None
    return {}


async def _pay_card(bench: Bench, request: Request) -> Reply:
    """A payment card is held to the terminal, or its stop key is pressed. `taken`: it was waiting for that."""
    if request.flag("stop", default=False):
        return {"taken": bench.terminal.press_stop()}
    how = request.word("how", "good")
    if how not in ("good", "declined"):
        raise BadRequest("how is good or declined")
    return {"taken": bench.terminal.present(how == "good")}


async def _fault(bench: Bench, request: Request) -> Reply:
    try:
        await set_fault(bench, request.word("device"), request.word("fault"), request.fields)
    except BadFault as error:
        raise BadRequest(str(error)) from None
    return {}


async def _plug(bench: Bench, request: Request, plugged: bool = True) -> Reply:
    try:
        await bench.plug(request.word("device"), plugged)
    except ValueError as error:
        raise BadRequest(str(error)) from None
    return {}


async def _unplug(bench: Bench, request: Request) -> Reply:
    return await _plug(bench, request, plugged=False)


async def _network(bench: Bench, request: Request) -> Reply:
    if "target" in request.fields:
        bench.cable.target = request.number("target", 1, 65535)
    if "up" in request.fields:
        mode = "up" if request.flag("up") else request.word("mode", "refuse")
        if mode not in set(Mode) or (mode == Mode.UP) != request.flag("up"):
            raise BadRequest("mode is refuse, hang or lose-reply")
        lose = request.number("count", 1, 1000) if "count" in request.fields else None
        await bench.cable.set(Mode(mode), lose)
    return {}


async def _power(bench: Bench, request: Request) -> Reply:
    await bench.power(request.flag("up"))
    return {}


async def _ups(bench: Bench, request: Request) -> Reply:
    mains = request.word("mains")
    if mains not in set(Mains):
        raise BadRequest(f"'mains' is {', '.join(Mains)}")
    charge = request.number("charge", 0, 100) if "charge" in request.fields else None
    runtime = request.number("runtime", 0, 86_400) if "runtime" in request.fields else None
    bench.ups.turn(Mains(mains), charge, runtime)
    return {}


async def _state(bench: Bench, request: Request) -> Reply:
    return seen(bench)


async def _truth(bench: Bench, request: Request) -> Reply:
    bench.truth_file.flush()
    return {"truth": msgspec.to_builtins(bench.world.truth())}


_ACTS: dict[str, Act] = {
    "card": _card,
    "pay-card": _pay_card,
    "cards": _cards,
    "coin": _coin,
    "note": _note,
    "stacker": _stacker,
    "take": _take,
    "tray": _tray,
    "jam": _jam,
    "unjam": _unjam,
    "hopper": _hopper,
    "cash-box": _cash_box,
    "bin": _bin,
    "receipt-paper": _receipt_paper,
    "fault": _fault,
    "plug": _plug,
    "unplug": _unplug,
    "network": _network,
    "power": _power,
    "ups": _ups,
    "state": _state,
    "truth": _truth,
}
