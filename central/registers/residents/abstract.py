"""The abstract of one person's record (주민등록표 초본): who they are and where they have lived.

Form: 주민등록법 시행령 제47조. What the citizen did not choose is not in the data at all, so no page can show it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from central.registers.district import OFFICE
from central.registers.residents.copy import TITLE
from central.registers.residents.kinship import relation
from central.registers.residents.places import Place, past, places
from central.registers.residents.record import Household, Person


class Life(Struct, frozen=True):
    """A person, every household they have lived in, the heads of those, and whoever links them as kin.

    `guarded`: somebody whose address is protected lives in one of those households today.
    """

    person: Person
    homes: Mapping[int, Household]
    people: Mapping[int, Person]
    guarded: bool = False


def certificate_data(life: Life, options: Mapping[str, str], today: date) -> dict[str, Any]:
    """The data of the abstract, in the shape of the form's sample."""
    one = life.person
    lived = places(one, life.homes)
    now = _row(life, lived[-1])
    earlier = past(lived, options["history"], today)
    return {
        "title": TITLE,
        "office": OFFICE,
        "options": dict(options),
        "name": one.name,
        "name_hanja": one.hanja,
        "resident_number": one.number if options["digits"] == "yes" else one.masked_number,
        **now,
        "past_addresses": [{"no": str(no), **_row(life, place)} for no, place in enumerate(earlier, 1)],
    }


def _row(life: Life, place: Place) -> dict[str, str]:
    head = life.people[_head(life.homes[place.household], place.until)]
    return {
        "address": place.address,
        "moved_in": place.since,
        "reason": place.reason,
        "head": head.name,
        "relation": relation(head, life.person, life.people),
    }


def _head(home: Household, until: str) -> int:
    """Who was the head on the last day there: whoever follows on the day of leaving is another household's matter."""
    return [head for since, head in home.heads if not until or since < until][-1]
