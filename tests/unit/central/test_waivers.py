"""Who need not pay is not asked to: looked up in the registers at draft and issue, told where it can't be looked up."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import create_engine

from central.authority.waivers import Waivers
from central.registers.hours import WELFARE_REGISTER, add_outage, end_outages
from central.registers.records import book
from central.registers.records.book import write_records
from central.registers.records.record import Record, RecordState
from central.registers.records.town import REGISTERS, records
from central.registers.residents import known
from central.registers.town import SEED
from central.services import Services
from central.store.schema import event, issue
from kiosk.protocol.central import WAIVER_UNKNOWN, Draft, IssueReply, Quote
from kiosk.protocol.certificates import Waiver
from kiosk.protocol.identity import AskedLine
from tests.unit.central.certificates import TYPES, whole_town
from tests.unit.central.citizen import (
    HOUSEHOLD,
    household_issue,
    household_request,
    identified,
)
from tests.unit.central.office import NOON, ORDER, Office, Worker, all_rows

ABSTRACT = "resident-abstract"
WAIVERS = TYPES[HOUSEHOLD].file.waiver


class Asking:
    """A citizen at a machine who is identified, and asks for their household's copy."""

    def __init__(self, services: Services, order: str = ORDER) -> None:
        self.services = services
        self.worker = Worker(services.keys.trust.sealing_key, order=order)
        self.token = b""

    async def draft(self, card: str) -> Draft:
        self.token = (await identified(self.services, self.worker, card)).token
        request = household_request(self.worker, self.token)
        return (await self.services.desk.draft(request, self.services.clock())).draft

    async def issue(self, draft: Draft, **other: Any) -> IssueReply:
        call = household_issue(self.worker, draft, self.token, **other)
        return msgspec.json.decode(await self.services.issuer.issue(call), type=IssueReply)


def silence(office: Office, *, silent: bool = True) -> None:
    """The welfare register stops answering, or begins again."""
    engine = create_engine(f"sqlite:///{office.folder.records}")
    with engine.begin() as connection:
        end_outages(connection, WELFARE_REGISTER)
        if silent:
            add_outage(connection, WELFARE_REGISTER, NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    engine.dispose()


def close(office: Office, kind: str, person: int) -> None:
    """The welfare office closes somebody's record."""
    engine = create_engine(f"sqlite:///{office.folder.records}")
    with engine.begin() as connection:
        assert book.set_state(connection, kind, person, RecordState.CLOSED) == 1
    engine.dispose()


@pytest.mark.parametrize(
    ("card", "waiver", "fee"),
    [
        (known.ALONE, "livelihood", 0),
        (known.RARE, "single-parent", 0),
        (known.NEWER, "national-merit", 0),
        (known.FAMILY, "", 200),
    ],
)
def test_a_draft_says_who_pays_nothing_and_why(office: Office, card: str, waiver: str, fee: int) -> None:
    async def tell(services: Services) -> None:
        draft = await Asking(services).draft(card)
        assert (draft.quote.waiver, draft.quote.fee(1), draft.notes) == (waiver, fee, ())
        assert draft.quote.base == 200

    office.story(tell)


def test_what_was_waived_is_issued_for_nothing_and_central_alone_keeps_why(office: Office) -> None:
    async def tell(services: Services) -> None:
        citizen = Asking(services)
        reply = await citizen.issue(await citizen.draft(known.ALONE))
        assert reply.status == "issued"
        [row] = await all_rows(services, issue)
        assert (row["waiver"], row["fee"]) == ("livelihood", 0)
        assert await all_rows(services, event) == []

    office.story(tell)


def test_whoever_is_entitled_is_not_charged_whatever_the_machine_says(office: Office) -> None:
    async def tell(services: Services) -> None:
        citizen = Asking(services)
        reply = await citizen.issue(await citizen.draft(known.ALONE), fee=200)
        assert (reply.status, reply.code) == ("refused", "fee-mismatch")

    office.story(tell)


def test_where_it_can_not_be_looked_up_the_fee_is_asked_with_a_note_and_that_is_what_is_paid(
    office: Office,
) -> None:
    silence(office)

    async def tell(services: Services) -> None:
        citizen = Asking(services)
        draft = await citizen.draft(known.ALONE)
        assert (draft.quote.waiver, draft.quote.fee(1), draft.notes) == ("", 200, (WAIVER_UNKNOWN,))
        assert (await citizen.issue(draft)).status == "issued"

    office.story(tell)


def test_once_it_can_be_looked_up_again_nobody_entitled_pays_for_what_was_drafted_before(
    office: Office,
) -> None:
    silence(office)

    async def tell(services: Services) -> None:
        citizen = Asking(services)
        draft = await citizen.draft(known.ALONE)
        silence(office, silent=False)
        reply = await citizen.issue(draft)
        assert (reply.status, reply.code) == ("refused", "fee-mismatch")
        again = Asking(services, order="01JD0000000000000000000002")
        assert (await again.draft(known.ALONE)).quote.fee(1) == 0

    office.story(tell)


def test_who_pays_anyway_gets_theirs_although_it_could_not_be_looked_up_before(office: Office) -> None:
    silence(office)

    async def tell(services: Services) -> None:
        citizen = Asking(services)
        draft = await citizen.draft(known.FAMILY)
        silence(office, silent=False)
        assert (await citizen.issue(draft)).status == "issued"

    office.story(tell)


def test_a_waiver_that_can_not_be_looked_up_any_more_ends_the_issue_and_costs_nothing(office: Office) -> None:
    async def tell(services: Services) -> None:
        citizen = Asking(services)
        draft = await citizen.draft(known.ALONE)
        silence(office)
        reply = await citizen.issue(draft)
        assert (reply.status, reply.code) == ("refused", "register-down")

    office.story(tell)


def test_a_record_that_was_closed_meanwhile_waives_nothing(office: Office) -> None:
    async def tell(services: Services) -> None:
        citizen = Asking(services)
        draft = await citizen.draft(known.ALONE)
        holder = await services.residents.holder(known.ALONE)
        assert holder is not None
        close(office, "livelihood", holder.person.id)
        reply = await citizen.issue(draft)
        assert (reply.status, reply.code) == ("refused", "fee-mismatch")

    office.story(tell)


def test_the_first_of_several_that_hold_is_named_and_each_from_its_day_on(office: Office) -> None:
    both = [Record(kind, {}, person=7) for kind in ("veteran", "may18")]
    write_records(office.folder.records, REGISTERS, both)
    name = WAIVERS[0].name
    rows = tuple(
        Waiver(kind, date(2026, 11, day), WELFARE_REGISTER, kind, "law", name)
        for kind, day in (("may18", 24), ("veteran", 23), ("defoliant", 1))
    )
    kind = msgspec.structs.replace(TYPES[HOUSEHOLD].file, waiver=rows)

    async def told(services: Services) -> tuple[str, str, str]:
        desk = Waivers(services.records)
        quotes = [
            (await desk.apply(kind, Quote(200), person, moment))[0].waiver
            for person, moment in ((7, NOON), (7, NOON + timedelta(days=1)), (8, NOON))
        ]
        return quotes[0], quotes[1], quotes[2]

    assert office.story(told) == ("veteran", "may18", "")


def test_nobody_is_looked_up_for_what_costs_nothing(office: Office) -> None:
    silence(office)

    async def told(services: Services) -> tuple[Quote, tuple[str, ...]]:
        kind = TYPES[HOUSEHOLD].file
        return await Waivers(services.records).apply(kind, Quote(0), 15, NOON)

    assert office.story(told) == (Quote(0), ())


def test_the_abstract_waives_what_the_household_waives_and_the_town_has_somebody_of_each() -> None:
    assert TYPES[ABSTRACT].file.waiver == WAIVERS
    lots, people = whole_town()
    held = {(WELFARE_REGISTER, record.kind) for record in records(SEED, people, lots)}
    assert {(row.register, row.record) for row in WAIVERS} <= held
    assert len(WAIVERS) == 8


def test_the_abstract_is_free_for_them_too(office: Office) -> None:
    async def tell(services: Services) -> None:
        citizen = Asking(services)
        options = {option.code: option.default for option in TYPES[ABSTRACT].file.option}
        line = AskedLine(1, ABSTRACT, {}, options)
        token = (await identified(services, citizen.worker, known.ALONE, (line,))).token
        request = msgspec.structs.replace(
            household_request(citizen.worker, token), type_code=ABSTRACT, options=options
        )
        draft = (await services.desk.draft(request, services.clock())).draft
        assert (draft.quote.waiver, draft.quote.fee(1)) == ("livelihood", 0)

    office.story(tell)
