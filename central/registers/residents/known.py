"""People whom demos and tests can rely on, whatever the seed; their cards are 000000000001 and so on.

1 a family of four, one sheet; 2 nine members, a lodger and twelve past addresses; 3 lives alone and has no passport;
4 sixteen years old; 5 died; 6 protected address (가정폭력); 7 moving away is reported (전출 신고 중); 8 the record is
under change; 9 a name of 40 letters; 10 a name with a rare hanja, and a child to raise alone; 11 whose card has
expired; 12 lost this card and has 13 instead.
"""

import random
from datetime import date

import msgspec

from central.registers.district import DISTRICT, PROVINCE
from central.registers.residents.life import Register
from central.registers.residents.living import Home, Living
from central.registers.residents.number import Numbers
from central.registers.residents.record import (
    CardEntry,
    CardState,
    Dwelling,
    Household,
    Person,
    Population,
    RecordState,
)
from central.registers.residents.roads import dwelling_at

FAMILY, LARGE, ALONE, SIXTEEN, DEAD, PROTECTED, MOVING, CHANGING, FOREIGN, RARE, EXPIRED, LOST, NEWER = (
    f"{number:012d}" for number in range(1, 14)
)
ALL = tuple(f"{number:012d}" for number in range(1, 14))
NOBODY = "999999999999"
LAST_ID = 999  # the well-known people's ids are below, everybody else's above
_PLACE = f"{PROVINCE} {DISTRICT} "
_HOME = Dwelling(f"{_PLACE}국제금융로 10, 101동 1203호 (여의도동)", f"{_PLACE}여의도동 23")
_WANDERINGS = (
    ("1994-05-12", "신길동 114-7"), ("1996-03-02", "대림동 902-11"), ("1998-09-21", "문래동2가 35"),
    ("2000-02-26", "당산동4가 78-2"), ("2002-11-15", "양평동3가 51"), ("2004-08-30", "영등포동7가 92-8"),
    ("2006-06-17", "도림동 143"), ("2009-01-05", "신길동 4720"), ("2011-12-23", "대림동 1027-4"),
    ("2014-04-11", "문래동5가 22"), ("2017-07-28", "당산동 121-30"), ("2020-10-06", "양평동5가 17"),
    ("2023-02-14", "여의도동 38-1"),
)  # fmt: skip

_CHILDREN = (("김마루", "1997-01-13", False), ("김나래", "1999-12-07", True), ("김두레", "2003-07-31", False))


def well_known(numbers: Numbers, today: date) -> Population:
    """Them, their households and their cards. `today` fixes who is sixteen."""
    register = Register(random.Random(0), numbers, 1, today, restless=False)
    family, large = _family(register), _large(register)
    alone = _single(register, ("한여름", ""), date(1991, 8, 8), True, "영등포동4가 12")
    sixteen = _sixteen(register, date(today.year - 16, 1, 1))
    dead = _single(register, ("오세월", "吳歲月"), date(1941, 2, 11), False, "도림동 77")
    register.die(dead, date(2026, 3, 9))
    singles = [
        _single(register, *facts)
        for facts in (
            (("문지킴", ""), date(1987, 5, 23), True, "신길동 88-2"),
            (("이사랑", ""), date(1979, 12, 3), False, "양평동1가 40"),
            (("정고침", ""), date(1983, 7, 14), True, "당산동5가 9-1"),
            (("CHRISTODOULOPOULOU ALEXANDRA MAXIMILIANA", ""), date(1976, 10, 30), True, "대림동 1101"),
            (("한결", "韓㛃"), date(1995, 4, 2), True, "문래동6가 3"),
            (("나오래", "羅五來"), date(1966, 6, 6), False, "양화동 25"),
            (("강잃음", ""), date(1972, 9, 19), False, "여의도동 50"),
        )
    ]
    rare = singles[4]
    _child(register, _of(rare), ("한이룸", ""), date(2019, 4, 20), female=False, parents=(None, rare))
    people, households = register.written()
    holders = [family, large, alone, sixteen, dead, *singles, singles[-1]]
    cards = (CardEntry(f"{index:012d}", holder.id) for index, holder in enumerate(holders, 1))
    states = {LOST: CardState.LOST}
    return Population(
        tuple(msgspec.structs.replace(one, protected=one.id == singles[0].id) for one in people),
        _marked(households, people, {singles[1].id: RecordState.MOVING, singles[2].id: RecordState.CHANGING}),
        tuple(msgspec.structs.replace(card, state=states.get(card.number, card.state)) for card in cards),
    )


def _family(register: Register) -> Living:
    """Parents and two children, in their third home."""
    head = register.person(("홍길동", "洪吉童"), date(1980, 1, 1), female=False)
    wife = register.person(("성춘향", "成春香"), date(1982, 5, 5), female=True)
    _settle(register, head, "2006-03-11", "당산동2가 45-3")
    home = _settle(register, wife, "2007-01-20", "문래동1가 19")
    register.move(home, date(2007, 11, 2), _at("문래동3가 71"))
    register.marry(head, wife, date(2009, 10, 10))
    home = _of(head)
    register.move(home, date(2011, 5, 6), _at("당산동6가 330-1"))
    _child(register, home, ("홍가람", ""), date(2012, 8, 15), female=True, parents=(head, wife))
    _child(register, home, ("홍한솔", ""), date(2015, 2, 3), female=False, parents=(head, wife))
    register.found(head, date(2019, 3, 4), "전입", _HOME)
    for one in tuple(home.members):
        register.come(one, _of(head), date(2019, 3, 4), "전입")
    return head


def _large(register: Register) -> Living:
    """Four generations and a lodger, after twelve moves."""
    head = register.person(("김온누리", ""), date(1968, 3, 1), female=False)
    wife = register.person(("박초롱", ""), date(1970, 6, 24), female=True)
    parents = (
        register.person(("김터전", ""), date(1941, 1, 20), female=False),
        register.person(("최샘물", ""), date(1943, 9, 9), female=True),
    )
    head.father, head.mother = parents
    home = _settle(register, head, *_WANDERINGS[0])
    _settle(register, wife, "1994-06-01", "신길동 260")
    register.marry(head, wife, date(1995, 4, 29))
    for day, place in _WANDERINGS[1:]:
        register.move(home, date.fromisoformat(day), _at(place))
    for name, born, female in _CHILDREN:
        _child(register, home, (name, ""), date.fromisoformat(born), female=female, parents=(head, wife))
    _generations(register, home, parents)
    return head


def _generations(register: Register, home: Home, parents: tuple[Living, Living]) -> None:
    """The head's parents, a daughter-in-law, a grandchild and a lodger join."""
    father, mother = parents
    _settle(register, father, "1990-03-03", "도림동 12")
    _settle(register, mother, "1990-03-04", "도림동 13")
    register.marry(father, mother, date(1990, 3, 5))
    for elder in parents:
        register.come(elder, home, date(2023, 4, 1), "합가")
    eldest = next(one for one in home.members if one.name == "김마루")
    bride = register.person(("윤슬비", ""), date(1998, 11, 11), female=True)
    _settle(register, bride, "2022-08-01", "양평동2가 8")
    bride.spouse, eldest.spouse = eldest, bride
    register.come(bride, home, date(2024, 5, 18), "혼인")
    _child(register, home, ("김이든", ""), date(2025, 9, 27), female=False, parents=(eldest, bride))
    lodger = register.person(("서나그네", ""), date(1990, 12, 12), female=False)
    _settle(register, lodger, "2021-02-02", "대림동 55")
    register.come(lodger, home, date(2025, 1, 6), "전입")


def _sixteen(register: Register, born: date) -> Living:
    """A pupil who lives with the mother."""
    mother = register.person(("류다정", ""), date(1981, 4, 18), female=True)
    father = register.person(("임바름", ""), date(1978, 2, 2), female=False)
    home = _settle(register, mother, "2005-10-01", "신길동 1340")
    _settle(register, father, "2005-11-01", "신길동 1350")
    register.marry(mother, father, date(2007, 6, 6))
    return _child(register, home, ("임새싹", ""), born, female=False, parents=(father, mother))


def _single(register: Register, name: tuple[str, str], born: date, female: bool, place: str) -> Living:
    one = register.person(name, born, female=female)
    home = _settle(register, one, f"{born.year + 22}-09-01", "영등포동 618-9")
    register.move(home, date(2021, 6, 30), _at(place))
    return one


def _settle(register: Register, one: Living, day: str, place: str) -> Home:
    return register.found(one, date.fromisoformat(day), "전입", _at(place))


def _child(
    register: Register,
    home: Home,
    name: tuple[str, str],
    born: date,
    *,
    female: bool,
    parents: tuple[Living | None, Living],
) -> Living:
    child = register.person(name, born, female=female, parents=parents)
    register.born(child, home, born)
    return child


def _at(place: str) -> Dwelling:
    found = dwelling_at(_PLACE + place)
    if found is None:
        raise ValueError(f"{place} is no lot of the district")
    return found


def _of(one: Living) -> Home:
    if one.home is None:
        raise ValueError(f"{one.name} lives nowhere")
    return one.home


def _marked(
    households: tuple[Household, ...], people: tuple[Person, ...], states: dict[int, RecordState]
) -> tuple[Household, ...]:
    """The households of these people are in these states."""
    homes = {one.household: states[one.id] for one in people if one.id in states}
    return tuple(msgspec.structs.replace(home, state=homes.get(home.id, home.state)) for home in households)
