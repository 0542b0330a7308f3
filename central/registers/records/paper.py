"""From a record to the data of a paper: in the language that was chosen, less what was not, with what is fixed.

A record's item `en` holds what an English paper says otherwise, by the names of the Korean items; of a list, entry by
entry. What the register does not have in English is not on paper at all: `no-english-record`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from central.registers.records.record import Record, RecordState
from central.registers.records.source import Source
from central.registers.records.view import chosen
from central.registers.refusal import RefusedError, pick
from kiosk.protocol.certificates import ENGLISH, TypeFile, paper_language


def paper_data(
    kind: TypeFile, source: Source, items: Mapping[str, Any], options: Mapping[str, str], today: date
) -> dict[str, Any]:
    """The data in the shape of the form's sample. Raises RefusedError: what `bars` it, no-english-record, no-record."""
    for field, code in source.bars.items():
        if items[field]:
            raise RefusedError(code)
    language = paper_language(options)
    left = chosen(in_language(items, language), source.rule, options, today.year)
    if not all(left[field] for field in source.needs):
        raise RefusedError(source.missing)
    return {
        **{field: value for field, value in left.items() if field not in source.bars},
        **{field: (today + timedelta(days=days)).isoformat() for field, days in source.days.items()},
        "title": kind.name.text(language),
        "options": dict(options),
        **source.fixed,
        **(source.english if language == ENGLISH else {}),
    }


def in_language(items: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The items in that language. Raises RefusedError: no-english-record."""
    korean = {field: value for field, value in items.items() if field != ENGLISH}
    return _laid_over(korean, items.get(ENGLISH, {})) if language == ENGLISH else korean


def _laid_over(korean: Mapping[str, Any], english: Mapping[str, Any]) -> dict[str, Any]:
    """The English ones in the place of the Korean ones; an empty one says nothing where the Korean one does."""
    if any(korean[field] and not value for field, value in english.items()):
        raise RefusedError("no-english-record")
    return {**korean, **{field: _in_place(korean[field], value) for field, value in english.items()}}


def _in_place(korean: Any, english: object) -> Any:
    if not isinstance(english, list):
        return english
    return [_laid_over(one, other) for one, other in zip(korean, english, strict=True)]


def the_record(records: Sequence[Record], source: Source, which: str) -> Record:
    """The one of them that can be certified. Raises RefusedError (no-record, record-under-change), or WhichError."""
    standing = [record for record in records if record.state is not RecordState.CLOSED]
    if not standing:
        raise RefusedError("no-record")
    told = source.which
    found = next((record for record in standing if record.state is RecordState.CHANGING), standing[0])
    if told is not None:
        found = pick(
            standing, which, told.what, lambda record: told.offer(record.items), found.person or None
        )
    if found.state is RecordState.CHANGING:
        raise RefusedError("record-under-change")
    return found
