"""How a type's data comes from its record: certs_templates/<code>/source.toml, which only the authority reads.

The machine never sees this file: what it says is how an office draws a certificate from its register.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from central.registers.maps.source import MapSource
from central.registers.records.view import Rule
from kiosk.protocol.central import Offered

FILE = "source.toml"


class Which(Struct, frozen=True, forbid_unknown_fields=True):
    """Where somebody has several records: by what the citizen tells them apart (central.registers.refusal.pick).

    `what`: a message key's tail. `key`: the field that names one, as the plate does. `label`, `detail`: fields to show.
    """

    what: str
    key: str
    label: str
    detail: str = ""

    def offer(self, items: Mapping[str, Any]) -> Offered:
        """How one record is offered."""
        return Offered(items[self.key], items[self.label], items[self.detail] if self.detail else "")


class OnLot(Struct, frozen=True, forbid_unknown_fields=True):
    """Records of a lot, several of them in levels: `levels` are the message keys' tails of what is chosen on each.
    `field`: where the data says which it is, as its path on the lot; what has one level only may have it in print.
    """

    levels: tuple[str, ...]
    field: str = "which"


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """`record`: the kind of record. `person`: fields of the data that the resident register fills (`name`,
    `resident_number`, `address`, `head`, …: registers/personal.py), by the name that the form gives them. `parcel`: the
    same of the land register (central.registers.parcel). `map`: how the lot is drawn (central.registers.maps). `which`:
    how several records are told apart; None where there is never more than one. `lot`: the records are a lot's, not a
    person's (central.registers.on_lots). `needs`: fields without which there is nothing to certify; then `missing`, a
    refusal's code, is said. `bars`: lists of the record that must be empty, with the refusal's code where they are not;
    no paper shows them. `days`: fields that are the day so many days from today. `fixed`: fields that are always the
    same; `english`: those of them that an English paper says otherwise.
    """

    record: str
    person: dict[str, str] = {}
    parcel: dict[str, str] = {}
    needs: tuple[str, ...] = ()
    missing: str = "no-record"
    bars: dict[str, str] = {}
    days: dict[str, int] = {}
    fixed: dict[str, str] = {}
    english: dict[str, str] = {}
    rule: tuple[Rule, ...] = ()
    map: MapSource | None = None
    which: Which | None = None
    lot: OnLot | None = None


def load_source(folder: Path) -> Source | None:
    """The type's source; None for a type whose register is read by code of its own (residents)."""
    file = folder / FILE
    if not file.exists():
        return None
    return msgspec.convert(tomllib.loads(file.read_text("utf-8")), Source)
