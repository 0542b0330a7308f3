"""Who is there now: a nonce is good once, for a minute, at one machine; and only for what was signed."""

from typing import Any

import msgspec
import pytest

from central.authority.nonces import MOST
from central.problems import ProblemError
from central.registers.residents import known
from central.services import Services
from central.store.schema import challenge
from kiosk.protocol.identity import (
    AskedLine,
    Identified,
    NotIdentified,
)
from tests.unit.central.asked import LESS, a_worker, code_of, request_by
from tests.unit.central.citizen import (
    FULL,
    HOUSEHOLD,
    LINE,
    ask,
    call_of,
    chip_of,
    nonce_for,
    request_of,
)
from tests.unit.central.office import Office, all_rows


def test_a_replayed_nonce_identifies_nobody(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        request = await request_by(services, worker)
        assert isinstance(await ask(services, worker, request), Identified)
        assert await code_of(services, worker, request, "identity-2") == "presence-expired"

    office.story(tell)


def test_a_nonce_is_used_up_by_a_card_that_is_refused(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        nonce = await nonce_for(services, worker)
        lost = request_of(worker, chip_of(services.folder, known.LOST, services.clock()), nonce)
        good = request_of(worker, chip_of(services.folder, known.FAMILY, services.clock()), nonce)
        assert await code_of(services, worker, lost) == "card-revoked"
        assert await code_of(services, worker, good, "identity-2") == "presence-expired"

    office.story(tell)


@pytest.mark.parametrize(("seconds", "there"), [(59, True), (60, False), (3_600, False)])
def test_presence_lasts_a_minute(office: Office, seconds: int, there: bool) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        request = await request_by(services, worker)
        office.later(seconds=seconds)
        answer = await ask(services, worker, request)
        assert isinstance(answer, Identified) == there
        assert there or answer == NotIdentified("presence-expired")

    office.story(tell)


def test_a_nonce_of_our_own_making_is_none(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        chip = chip_of(services.folder, known.FAMILY, services.clock())
        assert await code_of(services, worker, request_of(worker, chip, bytes(32))) == "presence-expired"
        short = msgspec.structs.replace(request_of(worker, chip, bytes(32)), nonce=b"short")
        assert await code_of(services, worker, short, "identity-2") == "presence-expired"

    office.story(tell)


@pytest.mark.parametrize("other", [{"kiosk": "YDP-0002"}, {"order": "ANOTHER"}])
def test_the_nonce_of_another_machine_or_order_is_none_and_stays_good_there(
    office: Office, other: dict[str, str]
) -> None:
    async def tell(services: Services) -> None:
        mine, theirs = a_worker(services), a_worker(services, **other)
        nonce = await nonce_for(services, theirs)
        chip = chip_of(services.folder, known.FAMILY, services.clock())
        assert await code_of(services, mine, request_of(mine, chip, nonce)) == "presence-expired"
        assert isinstance(await ask(services, theirs, request_of(theirs, chip, nonce), "k"), Identified)

    office.story(tell)


def test_nonces_that_nobody_used_are_forgotten(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        for _ in range(3):
            await nonce_for(services, worker)
        office.later(seconds=61)
        await nonce_for(services, worker)
        assert len(await all_rows(services, challenge)) == 1

    office.story(tell)


def test_of_one_machine_only_the_newest_nonces_are_kept_and_of_another_none_goes_for_them(
    office: Office,
) -> None:
    async def tell(services: Services) -> None:
        mine, theirs = a_worker(services), a_worker(services, kiosk="YDP-0002")
        other = await nonce_for(services, theirs)
        given = [await nonce_for(services, mine) for _ in range(MOST * 3)]
        kept = {row["nonce"] for row in await all_rows(services, challenge)}
        assert kept == {nonce.hex() for nonce in (other, *given[-MOST:])}
        chip = chip_of(services.folder, known.FAMILY, services.clock())
        assert await code_of(services, mine, request_of(mine, chip, given[0])) == "presence-expired"
        assert isinstance(await ask(services, mine, request_of(mine, chip, given[-1]), "k"), Identified)

    office.story(tell)


@pytest.mark.parametrize(
    "changed",
    [
        {"lines": (AskedLine(1, HOUSEHOLD, {}, LESS),)},
        {"lines": (LINE, AskedLine(2, HOUSEHOLD, {}, FULL))},
        {"lines": (AskedLine(2, HOUSEHOLD, {}, FULL),)},
        {"lines": (AskedLine(1, "resident-abstract", {}, FULL),)},
        {"signature": b""},
        {"certificate": b""},
    ],
    ids=["options", "one-more", "line-number", "type", "no-signature", "no-certificate"],
)
def test_lines_that_were_swapped_after_signing_are_refused(office: Office, changed: dict[str, Any]) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        request = msgspec.structs.replace(await request_by(services, worker), **changed)
        assert await code_of(services, worker, request) == "card-invalid"

    office.story(tell)


def test_another_workers_key_under_the_signature_is_refused(office: Office) -> None:
    async def tell(services: Services) -> None:
        citizen, thief = a_worker(services), a_worker(services)
        request = msgspec.structs.replace(await request_by(services, citizen), worker_key=thief.public)
        assert await code_of(services, thief, request) == "card-invalid"

    office.story(tell)


@pytest.mark.parametrize("name", ["kiosk", "order"])
def test_a_request_sealed_for_another_machine_or_order_does_not_open(office: Office, name: str) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        call = call_of(worker, await request_by(services, worker))
        moved = msgspec.structs.replace(call, **{name: "ANOTHER"})
        with pytest.raises(ProblemError, match="400 sealed-invalid"):
            await services.identities.identify(moved, "identity-1")

    office.story(tell)


def test_a_request_that_names_another_order_than_its_envelope_is_refused(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        request = msgspec.structs.replace(await request_by(services, worker), order="ANOTHER")
        with pytest.raises(ProblemError, match="400 envelope-mismatch"):
            await services.identities.identify(call_of(worker, request), "identity-1")

    office.story(tell)


@pytest.mark.parametrize(
    "lines", [(), (LINE, LINE), tuple(AskedLine(number, HOUSEHOLD, {}, FULL) for number in range(21))]
)
def test_no_line_a_line_twice_or_too_many_are_no_request(
    office: Office, lines: tuple[AskedLine, ...]
) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        chip = chip_of(services.folder, known.FAMILY, services.clock())
        request = request_of(worker, chip, await nonce_for(services, worker), lines)
        with pytest.raises(ProblemError, match="400 body-invalid"):
            await services.identities.identify(call_of(worker, request), "identity-1")
        assert len(await all_rows(services, challenge)) == 1

    office.story(tell)
