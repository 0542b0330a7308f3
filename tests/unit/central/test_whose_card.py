"""Whose card counts: each that does not is refused with its reason."""

import pytest

from central.authority.keys import card_authority
from central.registers.residents import desk, known
from central.registers.residents.record import CardState
from central.services import Services
from central.store.schema import identity
from kiosk.protocol.identity import (
    NotIdentified,
)
from tests.unit.central.asked import a_worker, code_of, request_by
from tests.unit.central.citizen import (
    Chip,
    ask,
    identified,
    nonce_for,
    request_of,
)
from tests.unit.central.office import Office, all_rows


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (known.EXPIRED, "card-expired"),
        (known.LOST, "card-revoked"),
        (known.NOBODY, "card-unknown"),
        (known.SIXTEEN, "under-age"),
        (known.DEAD, "person-deceased"),
    ],
)
def test_each_card_that_does_not_count_is_refused_with_its_reason(
    office: Office, card: str, code: str
) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        assert await code_of(services, worker, await request_by(services, worker, card)) == code
        assert [row["token_hash"] for row in await all_rows(services, identity)] == [None]

    office.story(tell)


def test_a_staff_card_is_of_the_wrong_kind(office: Office) -> None:
    async def tell(services: Services) -> None:
        from central.authority.card_files import demonstration_cards

        cards = demonstration_cards(card_authority(services.folder), services.clock())
        staff = Chip(next(card for card in cards if card.kind == "staff"))
        worker = a_worker(services)
        request = request_of(worker, staff, await nonce_for(services, worker))
        assert await code_of(services, worker, request) == "card-wrong-kind"

    office.story(tell)


def test_the_card_that_replaced_a_lost_one_counts(office: Office) -> None:
    async def tell(services: Services) -> None:
        assert (await identified(services, a_worker(services), known.NEWER)).masked_name == "강*음"

    office.story(tell)


def test_seventeen_is_old_enough_from_the_birthday_on(office: Office) -> None:
    birthday = office.now.replace(year=office.now.year + 1, month=1, day=1)

    async def tell(services: Services) -> str:
        worker = a_worker(services)
        answer = await ask(
            services, worker, await request_by(services, worker, known.SIXTEEN), str(office.now)
        )
        return answer.code if isinstance(answer, NotIdentified) else answer.masked_name

    office.now = birthday.replace(year=birthday.year - 1, month=12, day=31)
    assert office.story(tell) == "under-age"
    office.now = birthday
    assert office.story(tell) == "임*싹"


def test_a_card_that_is_reported_lost_is_refused_from_then_on(office: Office) -> None:
    async def tell(services: Services) -> str:
        worker = a_worker(services)
        answer = await ask(services, worker, await request_by(services, worker), f"{office.now}")
        return answer.code if isinstance(answer, NotIdentified) else ""

    assert office.story(tell) == ""
    with office.residents() as connection:
        desk.report(connection, known.FAMILY, CardState.LOST)
    office.later(seconds=1)
    assert office.story(tell) == "card-revoked"
