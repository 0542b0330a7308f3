"""The faults that the control socket can set, device by device (simulators/README.md lists them)."""

from collections.abc import Callable

from simulators.bench import Bench
from simulators.card_faults import CardFaults
from simulators.card_terminal import Act
from simulators.line_faults import LineFaults
from simulators.page_printer import Names
from simulators.printer_operations import Operation
from simulators.ups import UpsFault
from simulators.world import COIN_VALUES

_DISPENSE = 167
# What becomes of the next notes instead of what they are told to do.
NOTE_FAULTS = ("returned", "pulled-back", "jam-transport", "jam-stacker", "no-escrow")
_LINE_FAULTS = ("drop", "flip", "noise")
# These are done at once: it is another device, or another model, from then on, and nothing is still to come.
DONE_AT_ONCE = ("serial", "forgets", "power-loss-with-credit")
_MAX_SERIAL = 0xFFFFFF

Fields = dict[str, object]


class BadFault(Exception):
    """There is no such device or fault, or its parameters make no sense; the text says which."""


async def set_fault(bench: Bench, device: str, fault: str, fields: Fields) -> None:
    """Set one fault; `none` takes all faults of the device away. Raises BadFault."""
    faults = _FAULTS.get(device)
    if faults is None:
        raise BadFault(f"there is no device {device!r}")
    known = faults(bench, fields)
    if fault not in known:
        raise BadFault(f"{device} has no fault {fault!r}; known: {', '.join(known)}")
    known[fault]()
    if (device, fault) == ("coin", "power-loss-with-credit"):
        await bench.power(False)
    bench.world.tell("fault", device=device, fault=fault)


Faults = dict[str, Callable[[], None]]


def _cash(bench: Bench, fields: Fields) -> Faults:
    def echo(on: bool) -> None:
        bench.cash_bus.echo = on

    def none() -> None:
        bench.cash_bus.faults.clear()
        echo(True)

    return {"none": none, "no-echo": lambda: echo(False), **_line(bench.cash_bus.faults, fields)}


def _card(bench: Bench, fields: Fields) -> Faults:
    slot = bench.card
    if slot is None:
        raise BadFault("this machine has no card reader (--card-reader)")

    def become(read: Callable[[], CardFaults]) -> Callable[[], None]:
        """One fault at a time: the new one takes the place of what was."""

        def do() -> None:
            slot.faults = read()

        return do

    def instruction() -> int:
        return _number(fields, "ins", 0, 255) if "ins" in fields else -1

    return {
        "none": become(CardFaults),
        "mute": become(lambda: CardFaults(mute=True)),
        "slow": become(lambda: CardFaults(slow_seconds=_number(fields, "ms", 1, 60_000) / 1000)),
        "truncate": become(lambda: CardFaults(keep_bytes=_number(fields, "bytes", 1, 257))),
        "status": become(lambda: CardFaults(status=_number(fields, "sw", 0x6000, 0x9FFF))),
        "atr": become(lambda: CardFaults(bad_atr=True)),
        "pull": become(lambda: CardFaults(pull_at=instruction())),
    }


def _terminal(bench: Bench, fields: Fields) -> Faults:
    terminal, port = bench.terminal, bench.terminal_port

    def none() -> None:
        terminal.mend()
        port.cut_after = None

    def hang() -> None:
        terminal.hung = True

    def lose() -> None:
        late = _number(fields, "ms", 0, 60_000) / 1000 if "ms" in fields else 0.0
        terminal.lose[_act(fields)] = (_count(fields), late)

    def cut() -> None:
        port.cut_after = _number(fields, "bytes", 1, 100_000)

    def die() -> None:
        terminal.die_after = _act(fields)

    return {
        "none": none,
        "hang": hang,
        "lose-reply": lose,
        "cut": cut,
        "power-loss": die,
        "serial": lambda: terminal.memory.keep(terminal=_number(fields, "serial", 1, 99_999_999)),
    }


def _act(fields: Fields) -> Act:
    name = fields.get("act", "reserve")
    if name not in set(Act):
        raise BadFault(f"the terminal does not {name!r}; known: {', '.join(Act)}")
    return Act(str(name))


def _coin(bench: Bench, fields: Fields) -> Faults:
    coin = bench.coin

    def hang() -> None:
        coin.hung = True

    return {
        "none": coin.mend,
        "hang": hang,
        "serial": lambda: coin.memory.keep(serial=_number(fields, "serial", 1, _MAX_SERIAL)),
        "power-loss-with-credit": lambda: coin.credit_at_once(_coin_value(fields)),
        "lose-reply": lambda: coin.lose_reply(_number(fields, "header", 0, 255), _count(fields)),
    }


def _hopper(bench: Bench, fields: Fields) -> Faults:
    hopper = bench.hopper

    def hang() -> None:
        hopper.hung = True

    return {
        "none": hopper.mend,
        "hang": hang,
        "jam": lambda: hopper.jam_after(_number(fields, "after", 0, 255)),
        "serial": lambda: hopper.memory.keep(serial=_number(fields, "serial", 1, _MAX_SERIAL)),
        "lose-reply": lambda: hopper.lose_reply(_DISPENSE, _count(fields)),
        "lose-request": lambda: hopper.lose_request(_DISPENSE, _count(fields)),
    }


def _bill(bench: Bench, fields: Fields) -> Faults:
    bill = bench.bill

    def hang() -> None:
        bill.hung = True

    def late() -> None:
        bill.late_seconds = _number(fields, "ms", 1, 60_000) / 1000

    def become(fault: str) -> Callable[[], None]:
        def do() -> None:
            bill.fault = fault

        return do

    def none() -> None:
        bill.mend()
        bench.cash_bus.crc_addresses.add(bill.address)

    return {
        "none": none,
        "hang": hang,
        **{fault: become(fault) for fault in NOTE_FAULTS},
        "stacked-late": late,
        "full": bill.fill,
        "removed": bill.take_stacker,
        "forgets": lambda: bill.memory.keep(counts=0),
        "plain": lambda: bench.cash_bus.crc_addresses.discard(bill.address),
        "serial": lambda: bill.memory.keep(serial=_number(fields, "serial", 1, _MAX_SERIAL)),
        "lose-reply": lambda: bill.lose_reply(_number(fields, "header", 0, 255), _count(fields)),
        "lose-request": lambda: bill.lose_request(_number(fields, "header", 0, 255), _count(fields)),
    }


def _printer(bench: Bench, fields: Fields) -> Faults:
    http, printer = bench.printer_http, bench.printer

    def none() -> None:
        http.mend()
        printer.jam_sheet = None
        printer.names, printer.forgets_jobs = Names.KEPT, False

    def become(names: Names) -> Callable[[], None]:
        def do() -> None:
            printer.names = names

        return do

    def forget() -> None:
        printer.forgets_jobs = True

    return {
        "none": none,
        "hang": lambda: http.hang(True),
        "lose-reply": lambda: http.lose_reply(_operation(fields), _count(fields)),
        **{f"names-{names}": become(names) for names in Names if names is not Names.KEPT},
        "forgets-jobs": forget,
        "serial": lambda: printer.memory.keep(uuid="urn:uuid:" + _word(fields, "serial")),
    }


def _presenter(bench: Bench, fields: Fields) -> Faults:
    presenter = bench.presenter

    def flag(hung: bool, jam: bool) -> None:
        presenter.hung, presenter.jam_next_move = hung, jam

    def serial() -> None:
        presenter.serial = _word(fields, "serial")

    def none() -> None:
        flag(False, False)
        presenter.clear_jam()
        bench.presenter_line.faults.clear()

    return {
        "none": none,
        "hang": lambda: flag(True, presenter.jam_next_move),
        "jam": lambda: flag(presenter.hung, True),
        "serial": serial,
        **_line(bench.presenter_line.faults, fields),
    }


def _receipt(bench: Bench, fields: Fields) -> Faults:
    receipt = bench.receipt

    def set_(name: str) -> Callable[[], None]:
        def do() -> None:
            setattr(receipt, name, True)
            receipt.changed()

        return do

    def serial() -> None:
        receipt.serial = _word(fields, "serial")

    def none() -> None:
        bench.receipt_line.faults.clear()
        receipt.mend()

    return {
        "none": none,
        "hang": set_("hung"),
        "cover": set_("cover_open"),
        "cutter": set_("cutter_stuck"),
        "serial": serial,
        **_line(bench.receipt_line.faults, fields),
    }


def _ups(bench: Bench, fields: Fields) -> Faults:
    def become(fault: UpsFault) -> Callable[[], None]:
        def do() -> None:
            bench.ups.fault = fault

        return do

    return {str(fault): become(fault) for fault in UpsFault}


def _line(faults: LineFaults, fields: Fields) -> Faults:
    def setter(kind: str) -> Callable[[], None]:
        return lambda: faults.set(kind, _rate(fields))

    return {kind: setter(kind) for kind in _LINE_FAULTS}


def _rate(fields: Fields) -> float:
    rate = fields.get("rate", 0.05)
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
        raise BadFault("'rate' must be a number from 0 to 1, a byte's chance")
    return float(rate)


def _count(fields: Fields) -> int:
    return _number(fields, "count", 1, 1000) if "count" in fields else 1


def _number(fields: Fields, name: str, low: int, high: int) -> int:
    value = fields.get(name)
    if type(value) is not int or not low <= value <= high:
        raise BadFault(f"{name!r} must be a whole number from {low} to {high}")
    return value


def _word(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if (
        not isinstance(value, str)
        or not value.isascii()
        or not value.isprintable()
        or not 0 < len(value) <= 40
    ):
        raise BadFault(f"{name!r} must be 1 to 40 printable ASCII characters")
    return value


def _coin_value(fields: Fields) -> int:
    value = _number(fields, "value", 1, 100_000)
    if value not in COIN_VALUES:
        raise BadFault(f"there is no coin of {value}; known: {COIN_VALUES}")
    return value


def _operation(fields: Fields) -> Operation:
    name = fields.get("operation", "create-job")
    for operation in Operation:
        if operation.name.lower().replace("_", "-") == name:
            return operation
    raise BadFault(f"the printer has no operation {name!r}")


_FAULTS: dict[str, Callable[[Bench, Fields], Faults]] = {
    "card": _card,
    "cash": _cash,
    "coin": _coin,
    "hopper": _hopper,
    "note": _bill,
    "printer": _printer,
    "presenter": _presenter,
    "receipt": _receipt,
    "terminal": _terminal,
    "ups": _ups,
}


def known_faults(bench: Bench) -> dict[str, tuple[str, ...]]:
    """Every fault that can be set, by device."""
    return {device: tuple(faults(bench, {})) for device, faults in _FAULTS.items()}
