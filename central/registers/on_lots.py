"""Reading what stands on a lot: the citizen names the lot, then picks level by level which building, block and unit, or
which factory.

A record's key is the lot's number and a path (buildings/paths.py); every key that is offered names either a record or
a level that has several. Levels with one thing are passed without a question. The refusal codes are the kiosk's message
keys: register-closed, register-down, parcel-not-found, no-record, record-closed, record-under-change, choice-unknown,
no-english-record.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import takewhile
from typing import Any, Final

from msgspec import Struct

from central.clock import SEOUL
from central.registers.book import Book
from central.registers.hours import LAND_REGISTER
from central.registers.land import certifiable, parse_lot
from central.registers.parcel import Parcel, parcel_items
from central.registers.parcel_in_english import parcel_in_english
from central.registers.records.book import RecordBook
from central.registers.records.paper import paper_data
from central.registers.records.record import Record, RecordState
from central.registers.records.source import Source
from central.registers.refusal import RefusedError, pick
from kiosk.protocol.central import Offered
from kiosk.protocol.certificates import ENGLISH, TypeFile

PATH: Final = "path"  # the item with what each step of the key is told by, which is on no paper
_FIRST: Final = ("all", "land")


class Branch(Struct, frozen=True):
    """Records whose paths have their first `steps` steps in common: `key` is that part of them."""

    key: str
    steps: int
    records: tuple[Record, ...]

    def offer(self, passed: int) -> Offered:
        """How it is offered to somebody who has passed so many steps."""
        told = self.records[0].items[PATH][passed : self.steps]
        return Offered(self.key, " ".join(label for label, _ in told), told[-1][1])

    def leads_to(self, which: str) -> bool:
        """Whether it is what `which` names, or on the way there."""
        return not self.key or f"{which}/".startswith(f"{self.key}/")


class LotRegister:
    """The offices whose registers hold what is on a lot."""

    def __init__(self, book: Book, records: RecordBook) -> None:
        self._book = book
        self._records = records

    async def read_certificate(
        self,
        kind: TypeFile,
        source: Source,
        subject: Mapping[str, str],
        options: Mapping[str, str],
        now: datetime,
        which: str = "",
    ) -> dict[str, Any]:
        """The data of one certificate as the registers stand now; `lot.field` in it is the path of its record. Where
        the land register fills fields of it, the lot has to be certifiable too. Raises RefusedError; WhichError where
        there are several.
        """
        assert source.lot is not None
        lot = parse_lot(subject)
        land = await self._book.read(LAND_REGISTER, lot, now)
        parcel = certifiable(land) if source.parcel else None
        if kind.register == LAND_REGISTER and land.closed:
            raise RefusedError(land.closed)
        register = None if kind.register == LAND_REGISTER else kind.register
        found = await self._records.of_lot(register, source.record, lot, now)
        if found.closed:
            raise RefusedError(found.closed)
        if not (found.records or land.closed or land.parcel):
            raise RefusedError("parcel-not-found")
        record = the_record(found.records, source.lot.levels, which)
        return certificate_data(record, kind, source, options, now.astimezone(SEOUL).date(), parcel)


def certificate_data(
    record: Record,
    kind: TypeFile,
    source: Source,
    options: Mapping[str, str],
    today: date,
    parcel: Parcel | None = None,
) -> dict[str, Any]:
    """The data of a certificate of that record; a sheet that has a title of its own keeps it. `parcel`: the lot, where
    the land register fills fields of it. Raises RefusedError.
    """
    assert source.lot is not None
    items = {name: value for name, value in record.items.items() if name != PATH}
    title = {"title": items["title"]} if "title" in items else {}
    if parcel is not None:
        items |= _of_lot(source, parcel, items.get(ENGLISH, {}))
    return {**paper_data(kind, source, items, options, today), **title, source.lot.field: path_of(record)}


def _of_lot(source: Source, parcel: Parcel, english: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that the land register fills, and what the record has in English with the same of them."""
    korean, roman = parcel_items(parcel), parcel_in_english(parcel)
    laid = {field: roman[what] for field, what in source.parcel.items() if what in roman}
    return {**{field: korean[what] for field, what in source.parcel.items()}, ENGLISH: {**english, **laid}}


def the_record(records: Sequence[Record], levels: Sequence[str], which: str) -> Record:
    """The one that `which` names, or the only one. Raises RefusedError, or WhichError with the next level."""
    standing = [record for record in records if record.state is not RecordState.CLOSED]
    if records and not standing:
        raise RefusedError("record-closed")
    record = _descend(standing, levels, which)
    if record.state is RecordState.CHANGING:
        raise RefusedError("record-under-change")
    return record


def path_of(record: Record) -> str:
    """The record's key from the lot on: `b1/101/12/1203`."""
    return record.key.partition("/")[2]


def _descend(records: Sequence[Record], levels: Sequence[str], which: str) -> Record:
    """Along `which` to its end, and from there along what is the only way."""
    if not records:
        raise RefusedError("no-record")
    here = _branch(records)
    if not here.leads_to(which) and which:
        raise RefusedError("choice-unknown")
    while len(here.records) > 1:
        branches = _parted(here)
        going = (
            [] if which in ("", here.key) else [one.key for one in branches if one.leads_to(which)] or [which]
        )
        passed = here.steps
        here = pick(branches, "".join(going), levels[passed], partial(Branch.offer, passed=passed))
    if which not in ("", here.key):
        raise RefusedError("choice-unknown")
    return here.records[0]


def _branch(records: Sequence[Record]) -> Branch:
    """The records with all the steps that they have in common."""
    paths = [path_of(record).split("/") for record in records]
    common = [steps[0] for steps in takewhile(lambda steps: len(set(steps)) == 1, zip(*paths, strict=False))]
    return Branch("/".join(common), len(common), tuple(records))


def _parted(here: Branch) -> list[Branch]:
    """The ways from here, each as far as it is the only one: what is whole first, then by number, then by name."""
    ways: dict[str, list[Record]] = {}
    for record in here.records:
        ways.setdefault(path_of(record).split("/")[here.steps], []).append(record)
    return [_branch(ways[step]) for step in sorted(ways, key=_place)]


def _place(step: str) -> tuple[int, int, str]:
    return (
        (_FIRST.index(step), 0, step)
        if step in _FIRST
        else (len(_FIRST), int(step) if step.isdecimal() else 10**6, step)
    )
