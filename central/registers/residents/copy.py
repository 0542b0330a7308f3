"""The certified copy of a household's record (주민등록표 등본): what the register holds, less what was not asked for.

Form: 주민등록법 시행령 제47조. What the citizen did not choose is not in the data at all, so no page can show it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from central.registers.district import OFFICE
from central.registers.residents.kinship import COHABITANT, rank, relation
from central.registers.residents.places import past, places
from central.registers.residents.record import Household, Person

TITLE = "주민등록표"


class HouseholdRecord(Struct, frozen=True):
    """A household with all who live in it, whoever links them as kin, and every household the head has lived in."""

    household: Household
    members: tuple[Person, ...]
    kin: Mapping[int, Person]
    homes: Mapping[int, Household]

    @property
    def head(self) -> Person:
        """The head's record."""
        return next(one for one in self.members if one.id == self.household.head)


def certificate_data(
    record: HouseholdRecord, requester: Person, options: Mapping[str, str], today: date
) -> dict[str, Any]:
    """The data of the copy for `requester`, in the shape of the form's sample."""
    head, home = record.head, record.household
    current = home.addresses[-1]
    formation = options["formation"] == "yes"
    rows = sorted(
        ((relation(head, one, record.kin), one) for one in record.members),
        key=lambda row: rank(row[0], row[1].born),
    )
    members = [(word, one) for word, one in rows if word != COHABITANT]
    cohabitants = [one for word, one in rows if word == COHABITANT]
    view = _View(home, requester.id, options)
    return {
        "title": TITLE,
        "office": OFFICE,
        "options": dict(options),
        "head": view.name(head),
        "formation_reason": home.formation_reason if formation else "",
        "formation_date": home.formed if formation else "",
        "address": current.dwelling.written(""),
        "address_since": current.since,
        "address_reason": current.reason,
        "past_addresses": _past(record, options["past_addresses"], today),
        "members": [view.member(no, word, one) for no, (word, one) in enumerate(members, 1)],
        "cohabitants": [view.cohabitant(no, one) for no, one in enumerate(cohabitants, 1)]
        if options["cohabitants"] == "yes"
        else [],
        "requester": requester.name,
    }


class _View(Struct, frozen=True):
    """What this citizen chose to show."""

    home: Household
    requester: int
    options: Mapping[str, str]

    def name(self, one: Person) -> str:
        return one.name if self._named(one) else ""

    def member(self, no: int, word: str, one: Person) -> dict[str, str]:
        row = self._row(no, one)
        relation = word if self.options["relation"] == "yes" else ""
        hanja = one.hanja if self._named(one) else ""
        return {
            "no": row.pop("no"),
            "relation": relation,
            "name": row.pop("name"),
            "name_hanja": hanja,
            **row,
        }

    def cohabitant(self, no: int, one: Person) -> dict[str, str]:
        return self._row(no, one)

    def _row(self, no: int, one: Person) -> dict[str, str]:
        since, reason = _came(self.home, one) if self.options["moved_in"] == "yes" else ("", "")
        return {
            "no": str(no),
            "name": self.name(one),
            "resident_number": self._number(one),
            "moved_in": since,
            "reason": reason,
        }

    def _named(self, one: Person) -> bool:
        return self.options["names"] == "yes" or one.id == self.requester

    def _number(self, one: Person) -> str:
        if not self._named(one):
            return ""
        digits = self.options["digits"]
        shown = digits == "all" or (digits == "own" and one.id == self.requester)
        return one.number if shown else one.masked_number


def _came(home: Household, one: Person) -> tuple[str, str]:
    """Since when somebody lives at this address, and how that began."""
    address, stay = home.addresses[-1], one.stays[-1]
    return (stay.since, stay.reason) if stay.since > address.since else (address.since, address.reason)


def _past(record: HouseholdRecord, choice: str, today: date) -> list[dict[str, str]]:
    """The head's earlier addresses, the oldest first."""
    return [
        {"address": place.address, "moved_in": place.since, "reason": place.reason}
        for place in past(places(record.head, record.homes), choice, today)
    ]
