"""Reading the land register for a certificate: from the citizen's choice to the data to be printed, or a refusal.

The refusal codes are the kiosk's message keys: parcel-not-found, register-closed, register-down, record-under-change,
record-closed, wrong-register, subject-invalid, and what a type says where there is nothing to certify (no-record …).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from central.clock import SEOUL
from central.registers.book import Book, Reading
from central.registers.district import dong_of
from central.registers.hours import LAND_REGISTER
from central.registers.maps.drawing import drawn
from central.registers.parcel import Lot, Parcel, ParcelState, parcel_items
from central.registers.records.source import Source
from central.registers.records.view import chosen
from central.registers.refusal import RefusedError
from kiosk.protocol.certificates import TypeFile

_DIGITS = re.compile(r"[0-9]{1,4}")
_MOUNTAIN = {"0": False, "1": True}


async def read_certificate(
    book: Book,
    kind: TypeFile,
    source: Source,
    subject: Mapping[str, str],
    options: Mapping[str, str],
    now: datetime,
) -> dict[str, Any]:
    """The data of one certificate as the register stands now. `kind`: of a lot, or of a forest lot (산), which are two
    covers of one register. Raises RefusedError.
    """
    lot = parse_lot(subject)
    if lot.mountain != (kind.subject == "forest"):
        raise RefusedError("wrong-register")
    parcel = await standing_parcel(book, lot, now)
    drawing = await drawn(book, parcel, source.map, options) if source.map is not None else {}
    return {**certificate_data(parcel, kind, source, options, now.astimezone(SEOUL).year), **drawing}


async def standing_parcel(book: Book, lot: Lot, now: datetime) -> Parcel:
    """The parcel when something can be certified of it. Raises RefusedError."""
    return certifiable(await book.read(LAND_REGISTER, lot, now))


def certifiable(found: Reading) -> Parcel:
    """The parcel that was read, when something can be certified of it. Raises RefusedError."""
    if found.closed:
        raise RefusedError(found.closed)
    if found.parcel is None:
        raise RefusedError("parcel-not-found")
    parcel = found.parcel
    if parcel.state is ParcelState.CHANGING:
        raise RefusedError("record-under-change")
    if parcel.state is ParcelState.CLOSED:
        raise RefusedError("record-closed")
    return parcel


def certificate_data(
    parcel: Parcel, kind: TypeFile, source: Source, options: Mapping[str, str], year: int
) -> dict[str, Any]:
    """The data of a certificate of this type, in the shape of the form's sample. Raises RefusedError: `source.missing`,
    when the register holds nothing of what the paper is for.
    """
    record = parcel_items(parcel)
    items = {field: record[what] for field, what in source.parcel.items()}
    if not all(items[field] for field in source.needs):
        raise RefusedError(source.missing)
    fixed = {"title": kind.name.ko, "options": dict(options), **source.fixed}
    return {**chosen(items, source.rule, options, year), **fixed}


def parse_lot(subject: Mapping[str, str]) -> Lot:
    """`{"dong": ten digits, "mountain": "0"|"1", "main": "60", "sub": "0"}`. Raises RefusedError."""
    if set(subject) != {"dong", "mountain", "main", "sub"}:
        raise RefusedError("subject-invalid")
    mountain = _MOUNTAIN.get(subject["mountain"])
    if mountain is None or not _DIGITS.fullmatch(subject["main"]) or not _DIGITS.fullmatch(subject["sub"]):
        raise RefusedError("subject-invalid")
    if dong_of(subject["dong"]) is None:
        raise RefusedError("parcel-not-found")
    return Lot(subject["dong"], mountain, int(subject["main"]), int(subject["sub"]))
