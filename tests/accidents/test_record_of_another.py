"""Another person's record behind the right request. Gov24, 1 April 2024: simultaneous users got each other's school
certificates, because what was read for one was put where another's answer was made. Masked, many names are alike.

Planted inside central: a register that gives the record it read before; one that reads the household of another of the
same name; an answer made for one request and put into another's envelope.
"""

from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from central.authority.drafting import Drafting, Found
from central.registers.residents import desk as clerk
from central.registers.residents import known
from central.registers.residents.book import ResidentBook, find_holder, rewrite_person
from kiosk.protocol.central import DraftRequest, IssueRequest
from tests.accidents.booth import HOME, LAND
from tests.accidents.centre import Centre
from tests.accidents.conftest import MakeBooth
from tests.accidents.sale import Sale, buy, delivered, ended, refused
from tests.unit.central.office import Office


def rename(office: Office, card: str, name: str) -> None:
    """The register's office enters another name for a card's holder."""
    with office.residents() as connection:
        holder = find_holder(connection, card)
        assert holder is not None
        rewrite_person(connection, replace(holder.person, name=name))


class Sticky:
    """Planted: the register gives what it read for whoever came before."""

    def __init__(self, book: ResidentBook) -> None:
        self._read = book.read
        self._before: Any = None

    async def read(self, person: int, now: datetime) -> Any:
        """The reading before, if there was one."""
        self._before, given = await self._read(person, now), self._before
        return given or self._before


def test_the_record_read_before_is_refused_though_its_name_fits_the_mask(
    booth: MakeBooth, centre: Centre, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(office, known.ALONE, "홍판동")  # 홍*동, as the first is
    first, second = booth(order="O1"), booth(order="O2")
    names = {one.identify(card).masked_name for one, card in ((first, known.FAMILY), (second, known.ALONE))}
    assert names == {"홍*동"}
    residents = centre.services.residents
    monkeypatch.setattr(residents, "read", Sticky(residents).read)
    assert first.draft(HOME).sheets == 1
    refused(second.draft(HOME), "subject-mismatch")


def test_two_people_of_one_masked_name_each_get_their_own(booth: MakeBooth, office: Office) -> None:
    rename(office, known.ALONE, "홍판동")
    for order, card, name in (("O1", known.FAMILY, "홍길동"), ("O2", known.ALONE, "홍판동")):
        one = booth(order=order)
        one.identify(card)
        assert name in delivered(buy(one, HOME))


@pytest.mark.logs_errors
def test_the_household_of_another_of_the_same_name_is_refused(
    booth: MakeBooth, centre: Centre, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(office, known.ALONE, "홍길동")
    one = booth()
    one.identify(known.ALONE)
    residents = centre.services.residents
    straight = residents.read

    async def crossed(person: int, now: datetime) -> Any:
        return replace(await straight(person, now), record=(await straight(1, now)).record)

    monkeypatch.setattr(residents, "read", crossed)
    refused(one.draft(HOME), "internal")


def one_variable_for_all(monkeypatch: pytest.MonkeyPatch, *, of: type) -> None:
    """Planted: what was made for the first request of this kind is answered to every later one."""
    straight = Drafting.draft
    kept: list[Found] = []

    async def shared(self: Drafting, request: DraftRequest | IssueRequest, now: datetime) -> Found:
        found = await straight(self, request, now)
        if not isinstance(request, of):
            return found
        kept.append(found)
        return kept[0]

    monkeypatch.setattr(Drafting, "draft", shared)


def test_a_draft_made_from_another_request_is_refused_even_about_the_same_parcel(
    booth: MakeBooth, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_variable_for_all(monkeypatch, of=DraftRequest)
    assert "여의도동" in delivered(buy(booth(order="O1"), LAND))
    refused(booth(order="O2").draft(LAND), "answer-mismatch")


def test_a_document_made_from_another_persons_record_gets_no_number(
    booth: MakeBooth, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_variable_for_all(monkeypatch, of=IssueRequest)
    first, second = booth(order="O1"), booth(order="O2")
    first.identify(known.FAMILY)
    second.identify(known.ALONE)
    assert "홍길동" in delivered(buy(first, HOME))
    ended(buy(second, HOME), "changed")


def test_a_record_that_changed_between_draft_and_issue_is_not_printed(
    booth: MakeBooth, office: Office
) -> None:
    """Niigata, Saitama, Kumamoto 2020-23: certificates of what had been cancelled. The register is read anew."""
    one = booth()
    one.identify(known.FAMILY)
    ready = one.draft(HOME)
    with office.residents() as connection:
        clerk.mark(connection, known.FAMILY, "moving", f"{office.now:%Y-%m-%d}")
    sale = Sale(one, HOME, ready)
    sale.serve()
    ended(sale, "record-moving")
