"""One entry of a record (신분사항) in item form: what happened, and its items, "" for those that it does not have.

Which items a kind of entry has, and the words for them, are the form's matter (words.toml).
"""

from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from central.registers.relations.kin import NEW_LAW, Adoption, Kin, Marriage, Renaming
from central.registers.relations.places import HERE

_BY_LAW = "가족관계의 등록 등에 관한 법률 부칙 제3조제1항"


class Entry(Struct, frozen=True):
    """`kind` as the form prints it. `date`: when it happened; `reported`, `by`, `office`: when, by whom and where that
    was reported; `other`, `also`: whom else it is about; `before`, `after`: what it changed.
    """

    kind: str
    date: str = ""
    place: str = ""
    reported: str = ""
    by: str = ""
    office: str = ""
    other: str = ""
    other_number: str = ""
    also: str = ""
    court: str = ""
    reason: str = ""
    before: str = ""
    after: str = ""


def rows(entries: list[Entry]) -> list[dict[str, Any]]:
    """The entries as a record holds them."""
    return [msgspec.structs.asdict(entry) for entry in entries]


def made(one: Kin) -> list[Entry]:
    """When the new law made a record of somebody's old one; who was born later has it from birth."""
    if one.birth_reported >= NEW_LAW:
        return []
    return [Entry("작성", date=NEW_LAW.isoformat(), reason=_BY_LAW)]


def born(one: Kin, *, old: bool = False) -> Entry:
    """Birth, reported by the father, or by the mother once he is dead. `old`: as it was written before a correction."""
    widowed = one.father is not None and one.father.died is not None and one.father.died <= one.birth_reported
    return Entry(
        "출생",
        place=one.correction.before if old and one.correction is not None else one.birthplace.written,
        reported=one.birth_reported.isoformat(),
        by="모" if widowed else "부",
        office=one.birthplace.office,
    )


def changes(one: Kin) -> list[Entry]:
    """Corrections and changes of name, in order of time."""
    found: list[tuple[date, Entry]] = []
    if (new := one.renaming) is not None:
        items = {"before": new.before, "after": one.name, "court": new.court, "by": "본인"}
        reported = new.reported.isoformat()
        found.append((new.reported, Entry("개명", new.allowed.isoformat(), reported=reported, **items)))
    if (mended := one.correction) is not None:
        items = {"reason": mended.reason, "before": mended.before, "after": mended.after}
        found.append((mended.day, Entry("정정", mended.day.isoformat(), **items)))
    return [entry for _, entry in sorted(found, key=lambda row: row[0])]


def renamed(new: Renaming, one: Kin) -> Entry:
    """A change of name as the old register tells it."""
    return Entry(
        "개명", reported=new.reported.isoformat(), court=new.court, before=new.before, after=one.name
    )


def custody(one: Kin) -> list[Entry]:
    """Who of the parents has parental authority since they parted."""
    if (held := one.custody) is None:
        return []
    reported = held.reported.isoformat()
    return [Entry("친권", held.day.isoformat(), reported=reported, other=held.parent, office=held.office)]


def married(one: Kin, made: Marriage) -> list[Entry]:
    """A marriage, and how it ended."""
    spouse = made.other(one)
    who = {"other": spouse.name, "other_number": spouse.number}
    found = [Entry("혼인", reported=made.since.isoformat(), office=made.office, **who)]
    if made.divorced is not None:
        found.append(Entry("이혼", reported=made.divorced.isoformat(), office=made.office, **who))
    elif spouse.died is not None:
        found.append(Entry("배우자 사망", date=spouse.died.isoformat(), other=spouse.name))
    return found


def adopted(one: Kin, made: Adoption) -> list[Entry]:
    """An adoption as the child's or as the parents' record has it, and how it ended."""
    who = (
        {"other": made.father.name, "also": made.mother.name}
        if one is made.child
        else {"before": made.child.name, "other_number": made.child.number}
    )
    found = [Entry("입양", reported=made.since.isoformat(), office=made.office, **who)]
    if made.dissolved is not None:
        found.append(Entry("파양", reported=made.dissolved.isoformat(), office=made.office, **who))
    return found


def died(one: Kin) -> Entry:
    """Death, reported by the family."""
    assert one.died is not None
    return Entry("사망", date=one.died.isoformat(), by="가족", office=HERE)
