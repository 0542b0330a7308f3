"""A family of the old register (호적) under its head (호주): who stands in it, and who follows the head."""

from dataclasses import dataclass, field
from datetime import date

from central.registers.relations.entry import Entry
from central.registers.relations.kin import Kin


@dataclass(eq=False)
class OldRegister:
    """One family's register: at which seat, under whom, from when to when, and its people with their entries."""

    no: int
    seat: str
    head: Kin
    formed: date
    formation: str
    closed: date | None = None
    closing: str = ""
    entries: dict[Kin, list[Entry]] = field(default_factory=dict)
    present: list[Kin] = field(default_factory=list)


def relation(head: Kin, one: Kin) -> str:
    """Who somebody is to the head, in the old register's words."""
    if one is head:
        return "호주"
    if any(made.other(head) is one for made in head.marriages):
        return "부" if head.female else "처"
    if one is head.mother:
        return "모"
    return _as_younger(head, one)


def _as_younger(head: Kin, one: Kin) -> str:
    parents = {one.father, one.mother}
    if head in parents:
        return "녀" if one.female else "자"
    if any(made.child is one and head in (made.father, made.mother) for made in one.adoptions):
        return "양자"
    if one.female and any(made.husband.father is head for made in one.marriages):
        return "자부"
    if any(parent is not None and head in (parent.father, parent.mother) for parent in parents):
        return "손녀" if one.female else "손"
    return "형제자매" if one.father is not None and one.father is head.father else "가족"


def eldest_son(one: Kin, home: OldRegister) -> bool:
    """Whether he is the eldest of the head's sons in the register: he stays in it when he marries."""
    return one.father is home.head and one is heir_of(home.head, home.present)


def heir_of(head: Kin, present: list[Kin]) -> Kin | None:
    """Sons by age, then daughters, then the widow, then whoever is left."""
    own = [one for one in present if head in (one.father, one.mother)]
    children = sorted(own, key=lambda one: (one.female, one.born))
    wives = [one for one in present if any(made.other(head) is one for made in head.marriages)]
    return next(iter(children + wives + [one for one in present if one is not head]), None)
