"""Whom or what a certificate is about: what its seal repeats, and whether it is what was asked for.

The worker's own guard against another person's paper: it holds the draft against the parcel that was typed in, or
against the person whom the card identified, and against which of their things was picked, whatever a server mixed up.
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from kiosk.protocol.fields import fits_mask, value_at
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.templates import Template

PERSON = "person"
PARCEL = "parcel"
WHICH = "which"


class Holder(Struct, frozen=True):
    """Whom the card identified: central's pseudonym for them, and their masked name (홍*동)."""

    subject: str = ""
    masked_name: str = ""


NOBODY: Final = Holder()


def subject_of(template: Template, data: dict[str, Any]) -> tuple[str, ...]:
    """What the seal has to say that the certificate is about. Raises WorkError when the data does not have it."""
    found = [value_at(data, path) for path in template.subject]
    values = tuple(value for value in found if value)
    if len(values) != len(found):
        raise WorkError(Code.SUBJECT_MISMATCH, "the data does not say whom or what it is about")
    return values


def check_subject(template: Template, data: dict[str, Any], asked: Mapping[str, str], holder: Holder) -> None:
    """Raises WorkError (subject-mismatch) unless the data is about the parcel in `asked` or about `holder`.

    Of the holder's name this process knows no more than 홍*동, which fits many: check_record tells those apart.
    """
    subject_of(template, data)
    for kind, field in template.asked.items():
        if kind == WHICH:
            continue
        value = value_at(data, field) or ""
        fits = fits_mask(holder.masked_name, value) if kind == PERSON else _is_parcel(asked, value)
        if not fits:
            raise WorkError(Code.SUBJECT_MISMATCH, kind)


def check_which(template: Template, data: dict[str, Any], picked: str) -> None:
    """Raises WorkError (subject-mismatch) unless the data is about the thing whose key was `picked`; "": there was no
    choice. A form that can't tell which thing it is about is of no use to somebody who picked one.
    """
    field = template.asked.get(WHICH, "")
    if picked and (not field or value_at(data, field) != picked):
        raise WorkError(Code.SUBJECT_MISMATCH, WHICH)


def check_record(template: Template, subject: str, holder: Holder) -> None:
    """Raises WorkError (subject-mismatch) unless the record that central read is the holder's own.

    `subject` is the draft's: the pseudonym of whose record it was. Two people of one masked name differ in it.
    """
    wanted = holder.subject if PERSON in template.asked else ""
    if subject != wanted or (PERSON in template.asked and not wanted):
        raise WorkError(Code.SUBJECT_MISMATCH, "another record")


def check_options(data: dict[str, Any], asked: Mapping[str, str]) -> None:
    """Raises WorkError (answer-mismatch) unless the data was made with the options that were asked for."""
    made: dict[str, str] = data.get("options", {})
    if other := sorted(name for name, choice in asked.items() if made.get(name) != choice):
        raise WorkError(Code.ANSWER_MISMATCH, f"other options: {', '.join(other)}")


def _is_parcel(asked: Mapping[str, str], value: str) -> bool:
    """Same digits: a parcel's 19 (필지고유번호), legal dong 10, 1 land or 2 mountain, main 4, sub 4."""
    register = {"0": "1", "1": "2"}.get(asked.get("mountain", ""), "")
    parts = (asked.get("dong", ""), register, asked.get("main", ""), asked.get("sub", ""))
    if not all(part.isascii() and part.isdigit() for part in parts):
        return False
    dong, register, main, sub = parts
    return f"{dong}{register}{main:0>4}{sub:0>4}" == "".join(sign for sign in value if sign.isdigit())
