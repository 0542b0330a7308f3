"""How a file in the former form is read: one flat list of names, before kiosk.toml had tables. Pure.

A name that says the same in both forms (`site`, `updates`) is none of these. A file may say one thing by its former
name and another in its table, but not one thing in both.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from msgspec import Struct, ValidationError

from kiosk import bounds
from kiosk.settings.tables import Cash

PLACES: Final[Mapping[str, str]] = {
    "printer_uri": "printer.uri",
    "printer_snmp": "printer.snmp",
    "printer_snmp_port": "printer.snmp_port",
    "printer_snmp_version": "printer.snmp_version",
    "presenter_port": "printer.presenter_port",
    "take_s": "printer.take_s",
    "stall_s": "printer.stall_s",
    "ground": "printer.ground",
    "receipt_port": "receipt.port",
    "cash_port": "cash.port",
    "denominations": "cash.coins",
    "hopper_coin": "cash.hoppers[0].coin",
    "hopper_fill": "cash.hoppers[0].fill",
    "hopper_low": "cash.hoppers[0].low",
    "second_hopper_coin": "cash.hoppers[1].coin",
    "second_hopper_fill": "cash.hoppers[1].fill",
    "note_reader": "cash.notes",
    "notes": "cash.notes.values",
    "note_checksum": "cash.notes.checksum",
    "card_reader": "card.reader",
    "card_service": "card.service",
    "card_socket": "card.socket",
    "terminal": "terminal.address",
    "terminal_password": "terminal.password",
    "card_s": "terminal.card_s",
    "ups": "ups.address",
    "ups_user": "ups.user",
    "ups_password": "ups.password",
    "battery_s": "ups.battery_s",
    "halt_after_s": "ups.halt_after_s",
    "halt_command": "ups.halt_command",
    "panel": "screen.panel",
    "sound": "screen.sound",
    "loudness": "screen.loudness",
}
# Several former names made up one of these.
_WHOLE = ("cash.hoppers", "cash.notes")


class _Fitted(Struct):
    """The names that said whether a thing is there, and what was said of it: checked also where it is not."""

    second_hopper_coin: bounds.CoinOrNone = 0
    second_hopper_fill: bounds.Held = 0
    note_reader: bounds.Switch = False
    notes: bounds.Notes = (1_000, 5_000, 10_000)
    note_checksum: bounds.Checksum = "crc"


class Tabled(Struct, frozen=True):
    """A file's tables, and what each place is called in that file, where that is not its name."""

    tables: Mapping[str, object]
    called: Mapping[str, str]

    def name(self, place: str) -> str:
        """As the file's author knows it."""
        return self.called.get(place, place)


def tabled(raw: Mapping[str, object]) -> Tabled:
    """The file as tables, whichever form it has. Raises ValidationError: one thing is said in both forms."""
    flat = {name: value for name, value in raw.items() if name in PLACES and not _is_table_now(name, value)}
    if not flat:
        return Tabled(raw, {})
    tables = {
        name: dict(value) if isinstance(value, dict) else value
        for name, value in raw.items()
        if name not in flat
    }
    for name in flat:
        place = next((whole for whole in _WHOLE if PLACES[name].startswith(whole)), PLACES[name])
        if _says(tables, place):
            raise ValidationError(
                f"{name} and {place} are one thing by its former name and its new one; leave one"
            )
    for place, value in _values(flat):
        table, _, key = place.partition(".")
        into = tables.setdefault(table, {})
        if isinstance(into, dict):  # else it is refused as what is no table
            into[key] = value
    # What is missing was missed by its former name, unless its table has been begun.
    return Tabled(
        tables,
        {place: name for name, place in PLACES.items() if name in flat or place.partition(".")[0] not in raw},
    )


def _is_table_now(name: str, value: object) -> bool:
    """`terminal` and `ups` were addresses; they are tables now."""
    return PLACES[name].partition(".")[0] == name and isinstance(value, dict)


def _says(tables: Mapping[str, object], place: str) -> bool:
    name, _, key = place.partition(".")
    table = tables.get(name)
    return isinstance(table, dict) and key in table


def _values(flat: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Each value, and the place in a table where it stands now."""
    said = {name: value for name, value in flat.items() if name in _Fitted.__struct_fields__}
    fitted = _fitted(said)
    for name, value in flat.items():
        if not PLACES[name].startswith(_WHOLE):
            yield PLACES[name], value
    hopper = {name.removeprefix("hopper_"): flat[name] for name in flat if name.startswith("hopper_")}
    if hopper or fitted.second_hopper_coin:
        first = msgspec.to_builtins(Cash().hoppers[0]) | hopper
        second = {"coin": fitted.second_hopper_coin, "fill": fitted.second_hopper_fill, "low": first["low"]}
        yield "cash.hoppers", [first, second] if fitted.second_hopper_coin else [first]
    if fitted.note_reader:
        yield "cash.notes", {"values": fitted.notes, "checksum": fitted.note_checksum}


def _fitted(said: Mapping[str, object]) -> _Fitted:
    try:
        fitted = msgspec.convert(said, _Fitted)
    except ValidationError as error:
        raise ValidationError(bounds.explained(error, _Fitted)) from error
    if allowed := bounds.twice(fitted.notes, bounds.NOTES):
        raise ValidationError(f"notes has to be {allowed}")
    return fitted
