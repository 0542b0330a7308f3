"""What each certificate says of somebody, in the items of its form (법 제15조): `all_…` is 상세, its like without 일반.

친양자입양 is in none of them: whom it concerns, for them the new parents are simply the parents, and only an office's
counter certifies more (법 제14조제2항).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from central.registers.relations import entry
from central.registers.relations.kin import NUMBERS_SINCE, Adoption, Kin
from central.registers.relations.old_register import OldRegister, relation

DEAD = "사망"
Items = dict[str, Any]


def family_relation(one: Kin) -> Items:
    """가족관계증명서: parents, spouse, children."""
    marriage = one.marriage
    spouse = marriage.other(one) if marriage is not None else None
    alive = [child for child in _children(one) if child.died is None and _of_today(child, one, spouse)]
    return {
        **_self(one),
        "parents": _parents(one),
        "all_parents": _all_parents(one),
        "spouse": [_row("배우자", spouse)] if spouse is not None else [],
        "children": [_row("자녀", child) for child in alive],
        "all_children": [_row("자녀", child) for child in _children(one)],
    }


def basic(one: Kin) -> Items:
    """기본증명서: oneself."""
    return {
        **_self(one),
        "entries": entry.rows([*entry.made(one), entry.born(one)]),
        "changes": entry.rows(entry.changes(one)),
        "custody": entry.rows(entry.custody(one)),
    }


def marriage(one: Kin) -> Items:
    """혼인관계증명서: the spouse, and the entries of today's marriage or of all."""
    now = one.marriage
    return {
        **_self(one),
        "spouse": [_row("배우자", now.other(one))] if now is not None else [],
        "entries": entry.rows(entry.married(one, now)) if now is not None else [],
        "all_entries": entry.rows([line for made in one.marriages for line in entry.married(one, made)]),
    }


def adoption(one: Kin) -> Items:
    """입양관계증명서: adoptive parents or adopted children, and the entries of what stands or of all."""
    made = [each for each in one.adoptions if not each.full]
    now = [each for each in made if each.dissolved is None]
    return {
        **_self(one),
        "adoption": [row for each in now for row in _other_side(one, each)],
        "birth_parents": _born_of(one, "친생부", "친생모") if any(each.child is one for each in made) else [],
        "entries": entry.rows([line for each in now for line in entry.adopted(one, each)]),
        "all_entries": entry.rows([line for each in made for line in entry.adopted(one, each)]),
    }


PAPERS: Final[Mapping[str, Callable[[Kin], Items]]] = {
    "family-relation": family_relation,
    "basic": basic,
    "marriage": marriage,
    "adoption": adoption,
}


def old_register(register: OldRegister, whose: Kin | None = None) -> Items:
    """제적등본, and with `whose` 제적초본: the head's line and one's own. A row without a name is one more entry of the
    person above it.
    """
    shown = [one for one in register.entries if whose is None or one in (whose, register.head)]
    shown.sort(key=lambda one: one is not register.head)
    closed = register.closed
    assert closed is not None
    return {
        "register": str(register.no),
        "seat": register.seat,
        "head": _named(register.head, register)[0],
        "formed": register.formed.isoformat(),
        "formation": register.formation,
        "closed": closed.isoformat(),
        "closing": register.closing,
        "rows": [row for one in shown for row in _member(one, register)],
    }


def _self(one: Kin) -> Items:
    return {"seat": one.seat, "sex": _sex(one), "clan": one.clan}


def _row(word: str, one: Kin) -> dict[str, str]:
    return {
        "relation": word,
        "name": one.name,
        "hanja": one.hanja,
        "born": one.born.isoformat(),
        "resident_number": one.number,
        "sex": _sex(one),
        "clan": one.clan,
        "note": DEAD if one.died is not None else "",
    }


def _sex(one: Kin) -> str:
    return "여" if one.female else "남"


def _born_of(one: Kin, father: str, mother: str) -> list[dict[str, str]]:
    if one.father is None or one.mother is None:
        return []
    return [_row(father, one.father), _row(mother, one.mother)]


def _parents(one: Kin) -> list[dict[str, str]]:
    """Adoptive parents are the parents."""
    if (made := one.adopted) is None:
        return _born_of(one, "부", "모")
    return [_row("부", made.father), _row("모", made.mother)]


def _all_parents(one: Kin) -> list[dict[str, str]]:
    made = one.adopted
    if made is None or made.full:
        return _parents(one)
    return [*_born_of(one, "부", "모"), _row("양부", made.father), _row("양모", made.mother)]


def _children(one: Kin) -> list[Kin]:
    """By birth and by adoption; a child whom others have adopted fully is no more."""
    born = [child for child in one.children if child.adopted is None or not child.adopted.full]
    taken = [made.child for made in one.adoptions if made.child is not one and made.dissolved is None]
    return sorted(born + taken, key=lambda child: child.born)


def _of_today(child: Kin, one: Kin, spouse: Kin | None) -> bool:
    """Whether a child is of the marriage that stands."""
    made = child.adopted
    parents = (made.father, made.mother) if made is not None else (child.father, child.mother)
    return spouse in parents and one in parents


def _other_side(one: Kin, made: Adoption) -> list[dict[str, str]]:
    if made.child is one:
        return [_row("양부", made.father), _row("양모", made.mother)]
    return [_row("양자", made.child)]


def _named(one: Kin, register: OldRegister) -> tuple[str, str]:
    """As they were called when the register was closed."""
    assert register.closed is not None
    return one.called(register.closed)


def _member(one: Kin, register: OldRegister) -> list[dict[str, str]]:
    assert register.closed is not None
    name, hanja = _named(one, register)
    father, mother = one.parents_called(register.closed)
    person = {
        "relation": relation(register.head, one),
        "name": name,
        "hanja": hanja,
        "born": one.born.isoformat(),
        "resident_number": one.number if register.closed >= NUMBERS_SINCE else "",
        "father": father,
        "mother": mother,
        "sex": _sex(one),
        "clan": one.clan,
    }
    nobody = dict.fromkeys(person, "")
    lines = entry.rows(register.entries[one])
    return [{**(nobody if index else person), **line} for index, line in enumerate(lines)]
