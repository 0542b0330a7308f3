"""The welfare office's records of single-parent families (한부모가족지원법 제5조): a parent alone with children.

Who qualifies follows from the resident register: the head has no living spouse, and children under age live with them.
The income that the law asks for too is not known here; all of them have little.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from central.registers.records.record import Record
from central.registers.residents.living import after
from central.registers.residents.record import Household, Person, Population
from central.registers.residents.town import LAST_DAY

SINGLE_PARENT = "single-parent"
MOTHER, FATHER, YOUNG = "모자가족", "부자가족", "청소년한부모가족"
_CHILD_YEARS, _YOUNG_YEARS = 18, 25  # 법 제4조 제5호, 제1호의2: younger than this
_FIRST_DAY = date(2008, 1, 18)  # the law's present name is from that day


def records(seed: int, people: Population) -> Iterator[Record]:
    """A record for the parent and for each child, of every such family."""
    by_id = {one.id: one for one in people.people}
    homes: dict[int, list[Person]] = {}
    for one in people.people:
        homes.setdefault(one.household, []).append(one)
    for home in people.households:
        if home.ended:
            continue
        head = by_id[home.head]
        children = [one for one in homes[home.id] if head.id in (one.father, one.mother) and _is_child(one)]
        if children and not _has_partner(head, by_id):
            rng = random.Random(f"{seed}:single-parent:{home.id}")
            items = _items(rng, head, _alone_since(home, head, children, by_id))
            yield from (Record(SINGLE_PARENT, items, person=one.id) for one in (head, *children))


def _is_child(one: Person) -> bool:
    return after(date.fromisoformat(one.born), _CHILD_YEARS) > LAST_DAY


def _has_partner(head: Person, by_id: dict[int, Person]) -> bool:
    return head.spouse != 0 and not by_id[head.spouse].died


def _alone_since(home: Household, head: Person, children: list[Person], by_id: dict[int, Person]) -> date:
    """The last of: the eldest child's birth, the other parent's death, the household's forming, the law."""
    lost = [by_id[head.spouse].died] if head.spouse else []
    days = [home.formed, min(one.born for one in children), *lost]
    return max(_FIRST_DAY, *map(date.fromisoformat, days))


def _items(rng: random.Random, head: Person, alone: date) -> dict[str, str]:
    """They applied within half a year."""
    young = after(date.fromisoformat(head.born), _YOUNG_YEARS) > LAST_DAY
    kind = YOUNG if young else MOTHER if head.female else FATHER
    since = min(alone + timedelta(days=rng.randint(30, 180)), LAST_DAY)
    return {"family": kind, "since": since.isoformat()}
