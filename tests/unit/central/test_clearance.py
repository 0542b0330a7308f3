"""A clearance says that no local tax is overdue, for thirty days; what was given time for is listed on it."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from central.registers.records.garage import cars
from central.registers.records.local_tax import LOCAL_TAX, records
from central.registers.records.unpaid import CLEARANCE, DEFERRED, UNPAID, clearances
from central.registers.resident import Certificate
from central.registers.residents import known
from central.registers.town import SEED
from central.services import Services
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.central import Draft, IssueReply
from kiosk.protocol.identity import AskedLine
from tests.unit.central.certificates import asked, defaults, whole_town
from tests.unit.central.citizen import identified
from tests.unit.central.office import NOON, Office, Worker

PARCELS, PEOPLE = whole_town()
ASSESSED = {record.person: record for record in records(SEED, PEOPLE, PARCELS, cars(SEED, PEOPLE))}
CLEARANCES = {record.person: record for record in clearances(PEOPLE, ASSESSED.values())}


def states(person: int) -> list[str]:
    """How each tax that was assessed of somebody stands."""
    rows = ASSESSED[person].items.values() if person in ASSESSED else ()
    return [row["state"] for taxes in rows for row in taxes]


def test_every_grown_living_person_has_one_and_nobody_else() -> None:
    grown = {one.id for one in PEOPLE.people if not one.died and one.born < "2010"}
    assert set(CLEARANCES) == grown


def test_what_is_unpaid_on_the_assessment_is_what_stands_in_the_way() -> None:
    owing = 0
    for person, record in CLEARANCES.items():
        assert len(record.items["arrears"]) == states(person).count(UNPAID)
        assert len(record.items["deferrals"]) == states(person).count(DEFERRED)
        owing += bool(record.items["arrears"])
    assert 20 < owing < len(CLEARANCES) // 10


def test_time_is_given_for_what_is_not_over_yet_and_for_half_a_year_at_most() -> None:
    rows = [row for record in CLEARANCES.values() for row in record.items["deferrals"]]
    assert rows
    for row in rows:
        assert row["due"] < NOON.date().isoformat() < row["until"]
        assert (
            int(row["until"][:4]) * 12
            + int(row["until"][5:7])
            - int(row["due"][:4]) * 12
            - int(row["due"][5:7])
            == 6
        )


def paper(office: Office, card: str) -> dict[str, Any]:
    found = asked(office, CLEARANCE, card, defaults(CLEARANCE))
    assert isinstance(found, Certificate)
    return found.data


def test_who_owes_nothing_gets_it_until_thirty_days_from_today(office: Office) -> None:
    data = paper(office, known.FAMILY)
    assert (data["valid_until"], data["deferrals"]) == ("2026-12-23", [])
    assert "arrears" not in data


def test_a_deferral_is_listed_as_the_assessment_has_it(office: Office) -> None:
    row = paper(office, known.FOREIGN)["deferrals"][0]
    found = asked(office, LOCAL_TAX, known.FOREIGN, defaults(LOCAL_TAX))
    assert isinstance(found, Certificate)
    taxes = [tax for kind in ("property", "vehicle", "resident") for tax in found.data[kind]]
    assert {(tax["item"], tax["amount"]) for tax in taxes if tax["state"] == DEFERRED} == {
        (row["item"], row["amount"])
    }


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (known.RARE, "tax-arrears"),
        (known.SIXTEEN, "no-record"),
        (known.DEAD, "person-deceased"),
        (known.PROTECTED, "address-protected"),
    ],
)
def test_who_gets_none_is_told_why(office: Office, card: str, code: str) -> None:
    assert asked(office, CLEARANCE, card, defaults(CLEARANCE)) == code


def test_what_was_seen_before_midnight_is_issued_before_midnight_and_is_another_paper_after_it(
    office: Office,
) -> None:
    options = defaults(CLEARANCE)
    lines = (AskedLine(1, CLEARANCE, {}, options), AskedLine(2, CLEARANCE, {}, options))
    office.now = NOON.replace(hour=23, minute=58)

    async def story(services: Services) -> tuple[str, str]:
        worker = Worker(services.keys.trust.sealing_key)
        token = (await identified(services, worker, known.FAMILY, lines)).token
        drafts = [await drafted(services, worker, line, token) for line in (1, 2)]
        replies = []
        for draft, minutes in zip(drafts, (1, 2), strict=True):
            office.later(minutes=minutes)
            call = worker.issue_call(draft, subject={}, options=options, token=token)
            reply = msgspec.json.decode(await services.issuer.issue(call), type=IssueReply)
            replies.append(reply.status)
        return replies[0], replies[1]

    async def drafted(services: Services, worker: Worker, line: int, token: bytes) -> Draft:
        request = worker.draft_request(
            line=line, type_code=CLEARANCE, subject={}, options=options, token=token
        )
        draft = (await services.desk.draft(request, office.now)).draft
        assert draft.draft_hash == content_hash(draft.data)
        return draft

    assert office.story(story) == ("issued", "changed")


def test_the_day_is_the_one_in_seoul(office: Office) -> None:
    before = paper(office, known.FAMILY)["valid_until"]
    office.now = NOON + timedelta(hours=12)
    assert paper(office, known.FAMILY)["valid_until"] > before
