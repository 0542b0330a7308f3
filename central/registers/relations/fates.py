"""What happened to the residents before they came, and to kin elsewhere: parents, earlier marriages, adoptions, names.

Nothing here contradicts the resident register: parents are invented for those who have none in it, children are those
who live elsewhere, and nobody is divorced from whom they live with.
"""

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from central.registers.relations.clans import surname_of
from central.registers.relations.kin import (
    NEW_LAW,
    Adoption,
    Correction,
    Custody,
    Kin,
    Renaming,
    adopt,
    beget,
    wed,
)
from central.registers.relations.places import HERE, draw_place
from central.registers.relations.strangers import Strangers
from central.registers.residents import known
from central.registers.residents.living import after
from central.registers.residents.names import draw_name
from central.registers.residents.town import LAST_DAY

_COURTS = ("서울가정법원", "서울남부지방법원", "인천가정법원")
_REASONS = ("신고 착오", "기재 착오")
_APART = timedelta(days=300)  # no two children of a mother are born closer together
_REPORTED = 40  # days after which a birth is reported for certain
_GROWN = 19
_CHILD_UNTIL = 15  # 민법 제908조의2 as it stood in 2008: who is fully adopted is younger

Fate = Callable[[random.Random, Kin, Strangers], None]


def orphaned(rng: random.Random, one: Kin, strangers: Strangers) -> None:
    """Parents for somebody who has none in the resident register."""
    father, mother = strangers.parents(rng, one, one.born + _APART)
    _join(rng, father, mother, one.born)
    beget(one, father, mother)


def raised_alone(rng: random.Random, one: Kin, strangers: Strangers) -> None:
    """The other parent of somebody of whom the resident register knows one; divorced soon after the last child."""
    known = one.mother or one.father
    assert known is not None
    other = next((parent_beside(child, known) for child in known.children if child.father), None)
    if other is None:
        name = surname_of(one.name) if known.female else ""
        born = after(known.born, rng.uniform(-2, 3))
        other = (
            strangers.one(
                rng,
                born,
                female=False,
                surname=name,
                clan=one.clan,
                alive_until=one.born + _APART,
            )
            if known.female
            else strangers.spouse(rng, known, born, one.born + _APART)
        )
        husband, wife = (other, known) if known.female else (known, other)
        _join(rng, husband, wife, one.born)
    father, mother = (other, known) if known.female else (known, other)
    marriage = father.marriages[-1]
    marriage.divorced = min(max(after(one.born, 1), marriage.divorced or date.min), LAST_DAY)
    beget(one, father, mother)


def parent_beside(child: Kin, one: Kin) -> Kin | None:
    """A child's other parent."""
    return child.mother if child.father is one else child.father


def once_divorced(rng: random.Random, one: Kin, strangers: Strangers) -> None:
    """A marriage that ended before today's began, in half of the cases with a child."""
    since = after(one.born, rng.uniform(21, 26))
    divorced = after(since, rng.uniform(2, 6))
    today = one.marriage.since if one.marriage is not None else LAST_DAY
    if divorced + _APART > today or any(made.divorced for made in one.marriages):
        return
    other = strangers.spouse(rng, one, after(one.born, rng.uniform(-2, 2)), divorced)
    husband, wife = (other, one) if one.female else (one, other)
    wed(husband, wife, since, HERE).divorced = divorced
    for each in (husband, wife):
        each.marriages.sort(key=lambda made: made.since)
    if rng.random() < 0.5:
        _child(rng, husband, wife, since + _APART, strangers)


def children_elsewhere(rng: random.Random, one: Kin, strangers: Strangers) -> None:
    """Grown children of an older wife who never lived in the district; some of them died."""
    if one.marriage is None or not one.female or one.born.year >= 1956:
        return
    day = one.marriage.since + _APART
    for _ in range(rng.randint(1, 3)):
        near = [child for child in one.children if abs(child.born - day) < _APART]
        if day > after(one.born, 42) or near or _over(one, day):
            return
        _child(rng, one.marriage.husband, one, day, strangers, lost=rng.random() < 0.12)
        day = after(day, rng.uniform(1.5, 3.5))


def child_lost(rng: random.Random, one: Kin, strangers: Strangers) -> None:
    """A child that died small."""
    if one.marriage is not None:
        day = one.marriage.since + _APART
        if all(abs(child.born - day) > _APART for child in one.children):
            _child(rng, one.marriage.husband, one.marriage.wife, day, strangers, lost=True)


def adopted(rng: random.Random, one: Kin, strangers: Strangers) -> None:
    """Another couple's child since small."""
    _adopted(rng, one, strangers, full=False)


def once_adopted(rng: random.Random, one: Kin, strangers: Strangers) -> None:
    """An adoption that was dissolved (파양)."""
    made = _adopted(rng, one, strangers, full=False)
    if made is not None:
        made.dissolved = min(after(made.since, rng.uniform(6, 15)), LAST_DAY)


def fully_adopted(rng: random.Random, one: Kin, strangers: Strangers) -> None:
    """친양자, since the law knows them."""
    _adopted(rng, one, strangers, full=True)


def adopter(rng: random.Random, one: Kin, strangers: Strangers) -> None:
    """A couple without children adopts one, who is grown by now and lives elsewhere."""
    made = one.marriage
    if made is None or made.husband.children or made.wife.children:
        return
    since = after(made.since, rng.uniform(4, 9))
    if since < after(LAST_DAY, -_GROWN) and not _over(made.husband, since) and not _over(made.wife, since):
        child = strangers.one(
            rng, after(since, -rng.uniform(1, 4)), female=rng.random() < 0.5, alive_until=since
        )
        adopt(Adoption(child, made.husband, made.wife, since, HERE))


def renamed(rng: random.Random, one: Kin, _: Strangers) -> None:
    """Another given name since a court allowed it; the resident register knows only the new one."""
    allowed = after(one.born, rng.uniform(20, 38))
    reported = allowed + timedelta(days=rng.randint(3, 30))
    before, hanja = draw_name(rng, surname_of(one.name))
    if reported <= LAST_DAY and before != one.name:
        one.renaming = Renaming(before, hanja, allowed, rng.choice(_COURTS), reported)


def corrected(rng: random.Random, one: Kin, _: Strangers) -> None:
    """The place of birth was written down wrongly."""
    day = max(after(one.born, rng.uniform(1, 40)), NEW_LAW + timedelta(days=rng.randint(30, 3_000)))
    if day <= LAST_DAY:
        one.correction = Correction(
            day, rng.choice(_REASONS), draw_place(rng).written, one.birthplace.written
        )


def parents_parted(rng: random.Random, one: Kin, _: Strangers) -> None:
    """The parents were divorced while somebody was a child, and one of them has parental authority since."""
    parents = one.father.marriage if one.father is not None else None
    day = after(one.born, rng.uniform(5, 16))
    if parents is None or day > LAST_DAY or _over(parents.husband, day) or _over(parents.wife, day):
        return
    parents.divorced = day
    one.custody = Custody(rng.choice(("부", "모")), day, day + timedelta(days=rng.randint(0, 20)), HERE)


KNOWN: Final[Mapping[str, tuple[Fate, ...]]] = {
    known.FAMILY: (corrected,),
    known.LARGE: (child_lost,),
    known.ALONE: (once_divorced, renamed),
    known.PROTECTED: (parents_parted,),
    known.MOVING: (adopted,),
    known.CHANGING: (once_adopted,),
    known.RARE: (fully_adopted,),
}
"""What happened to the well-known people, by their cards, whatever the seed."""

# Chances of the others.
_OF_ALL: Final[tuple[tuple[float, Fate], ...]] = (
    (1.0, children_elsewhere),
    (0.07, once_divorced),
    (0.08, adopter),
    (0.04, renamed),
    (0.03, corrected),
)
_OF_STRANGERS_CHILDREN: Final[tuple[tuple[float, Fate], ...]] = (
    (0.02, adopted),
    (0.008, once_adopted),
    (0.02, fully_adopted),
    (0.06, parents_parted),
)


def befall(seed: int, one: Kin, strangers: Strangers, fates: tuple[Fate, ...] | None) -> None:
    """Everything that happened to somebody: `fates`, or what chance had in mind."""
    rng = random.Random(f"{seed}:fates:{one.id}")
    alone = one.father is None
    if alone:
        orphaned(rng, one, strangers)
    if fates is None:
        chances = _OF_ALL + (_OF_STRANGERS_CHILDREN if alone else ())
        fates = tuple(fate for chance, fate in chances if rng.random() < chance)
    for fate in fates:
        fate(rng, one, strangers)


def _adopted(rng: random.Random, one: Kin, strangers: Strangers, *, full: bool) -> Adoption | None:
    since = after(one.born, rng.uniform(2, 12))
    if full:
        since = max(since, NEW_LAW + timedelta(days=rng.randint(30, 700)))
    if one.adoptions or since > LAST_DAY or (full and since >= after(one.born, _CHILD_UNTIL)):
        return None
    father, mother = strangers.parents(rng, one, since + _APART, "" if full else rng.choice("김이박최"))
    _join(rng, father, mother, one.born)
    made = Adoption(one, father, mother, since, HERE, full=full)
    adopt(made)
    return made


def _join(rng: random.Random, husband: Kin, wife: Kin, first_child: date) -> None:
    since = max(
        first_child - timedelta(days=rng.randint(300, 1_400)), after(max(husband.born, wife.born), 17)
    )
    wed(husband, wife, min(since, first_child - timedelta(days=1)), husband.birthplace.office)


def _child(
    rng: random.Random, husband: Kin, wife: Kin, born: date, strangers: Strangers, *, lost: bool = False
) -> None:
    """One more child of a couple, with the father's surname."""
    died = born + timedelta(days=rng.randint(_REPORTED, 1_800)) if lost else None
    if died is not None and died > LAST_DAY:
        return
    child = strangers.one(
        rng,
        born,
        female=rng.random() < 0.49,
        surname=surname_of(husband.name),
        clan=husband.clan,
        died=died,
    )
    beget(child, husband, wife)


def _over(one: Kin, day: date) -> bool:
    """Whether somebody was dead by then."""
    return one.died is not None and one.died <= day
