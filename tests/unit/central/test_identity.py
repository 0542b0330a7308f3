"""Only who is there now, at this machine, in this order, with this worker, gets what was asked for, and only theirs."""

import asyncio
from typing import Any

import msgspec
import pytest

from central.authority.keys import card_authority
from central.authority.verification import Verdict, Verifier
from central.problems import ProblemError
from central.registers.refusal import RefusedError
from central.registers.residents import desk, known
from central.registers.residents.record import CardState
from central.services import Services
from central.store.schema import alarm, challenge, event, identity, issue, orders
from kiosk.protocol.central import Draft, IssueReply
from kiosk.protocol.identity import (
    REFUSALS,
    AskedLine,
    ChallengeCall,
    Identified,
    IdentityRequest,
    NotIdentified,
)
from kiosk.protocol.seal import SealState, read_seal
from tests.unit.central.citizen import (
    FULL,
    HOUSEHOLD,
    LINE,
    Chip,
    ask,
    call_of,
    chip_of,
    household_issue,
    household_request,
    identified,
    nonce_for,
    opened,
    request_of,
)
from tests.unit.central.office import KIOSK, ORDER, Office, Worker, all_rows

LESS = {**FULL, "digits": "none"}


def a_worker(services: Services, kiosk: str = KIOSK, order: str = ORDER) -> Worker:
    return Worker(services.keys.trust.sealing_key, kiosk, order)


async def request_by(services: Services, worker: Worker, card: str = known.FAMILY) -> IdentityRequest:
    chip = chip_of(services.folder, card, services.clock())
    return request_of(worker, chip, await nonce_for(services, worker))


async def code_of(
    services: Services, worker: Worker, request: IdentityRequest, key: str = "identity-1"
) -> str:
    answer = await ask(services, worker, request, key)
    assert isinstance(answer, NotIdentified)
    assert answer.code in REFUSALS
    return answer.code


async def draft_of(services: Services, worker: Worker, token: bytes) -> Draft:
    return (await services.desk.draft(household_request(worker, token), services.clock())).draft


async def refusal(services: Services, worker: Worker, token: bytes, **other: Any) -> str:
    request = msgspec.structs.replace(household_request(worker, token), **other)
    with pytest.raises(RefusedError) as refused:
        await services.desk.draft(request, services.clock())
    return refused.value.code


def test_who_is_identified_gets_their_own_copy(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        answer = await identified(services, worker, known.FAMILY)
        assert (len(answer.token), answer.masked_name) == (32, "홍*동")
        assert answer.until_s == int(office.now.timestamp()) + 15 * 60
        draft = await draft_of(services, worker, answer.token)
        assert (draft.data["requester"], draft.template) == ("홍길동", "resident-household/1")
        assert [draft.quote.fee(sheets) for sheets in (1, 4)] == [200, 200]

    office.story(tell)


def test_the_document_is_sealed_with_the_name_and_birth_of_who_asked(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        token = (await identified(services, worker, known.FAMILY)).token
        draft = await draft_of(services, worker, token)
        call = household_issue(worker, draft, token)
        reply = msgspec.json.decode(await services.issuer.issue(call), type=IssueReply)
        document = worker.open_document(reply, call)
        assert document.data == draft.data
        verdict = read_seal(document.seal, services.keys.trust, int(office.now.timestamp()))
        assert verdict.state is SealState.GENUINE
        assert verdict.payload is not None
        assert verdict.payload.subject == ("홍길동", "800101-1")

    office.story(tell)


def test_the_pseudonym_is_the_same_for_a_person_and_another_for_others(office: Office) -> None:
    async def tell(services: Services) -> None:
        cards = (known.FAMILY, known.FAMILY, known.ALONE)
        orders_of = (f"ORDER-{number}" for number in range(3))
        found = [
            (await identified(services, a_worker(services, order=order), card)).subject
            for order, card in zip(orders_of, cards, strict=True)
        ]
        assert found[0] == found[1] != found[2]
        assert all(len(bytes.fromhex(subject)) == 32 for subject in found)
        assert found[0] == services.identities.pseudonym(1)

    office.story(tell)


def test_another_municipalitys_key_gives_another_pseudonym(office: Office) -> None:
    async def pseudonym(services: Services) -> str:
        return services.identities.pseudonym(1)

    first = office.story(pseudonym)
    office.folder.key("subject.key").write_bytes(bytes(32))
    assert office.story(pseudonym) != first


# --- presence ---


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


# --- what was signed ---


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


# --- whose card ---


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


# --- what a token is good for ---


def test_without_a_token_a_persons_certificate_is_refused(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        await identified(services, worker, known.FAMILY)
        for token in (b"", bytes(32), b"x" * 31):
            assert await refusal(services, worker, token) == "not-identified"

    office.story(tell)


@pytest.mark.parametrize(
    "other",
    [
        {"kiosk": "YDP-0002"},
        {"order": "ANOTHER"},
        {"worker_key": b"k" * 32},
        {"line": 2},
        {"options": LESS},
    ],
    ids=["machine", "order", "worker", "line", "options"],
)
def test_a_token_is_good_for_its_machine_order_worker_and_lines_only(
    office: Office, other: dict[str, Any]
) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        token = (await identified(services, worker, known.FAMILY)).token
        assert await refusal(services, worker, token, **other) == "not-identified"
        assert (await draft_of(services, worker, token)).data["requester"] == "홍길동"

    office.story(tell)


def test_a_request_that_names_somebody_else_is_refused_though_the_token_is_good(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        token = (await identified(services, worker, known.FAMILY)).token
        assert await refusal(services, worker, token, subject={"person": "5"}) == "subject-invalid"

    office.story(tell)


def test_two_lines_in_one_statement_are_both_good_and_a_third_is_not(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        lines = (
            LINE,
            AskedLine(2, HOUSEHOLD, {}, LESS),
            AskedLine(3, "land", {"dong": "1"}, {"history": "all"}),
        )
        token = (await identified(services, worker, known.FAMILY, lines)).token
        second = household_request(worker, token, LESS)
        second = msgspec.structs.replace(second, line=2)
        found = (await services.desk.draft(second, services.clock())).draft
        assert found.data["members"][0]["resident_number"] == "800101-1******"
        assert await refusal(services, worker, token, line=3) == "not-identified"

    office.story(tell)


def test_a_token_ends_after_a_quarter_of_an_hour(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        token = (await identified(services, worker, known.FAMILY)).token
        office.later(minutes=14, seconds=59)
        assert (await draft_of(services, worker, token)).data["requester"] == "홍길동"
        office.later(seconds=1)
        assert await refusal(services, worker, token) == "not-identified"

    office.story(tell)


def test_the_next_citizens_token_gives_the_next_citizens_paper(office: Office) -> None:
    async def tell(services: Services) -> None:
        first, second = a_worker(services), a_worker(services, order="NEXT")
        tokens = [
            (await identified(services, first, known.FAMILY)).token,
            (await identified(services, second, known.ALONE)).token,
        ]
        assert (await draft_of(services, second, tokens[1])).data["requester"] == "한여름"
        assert await refusal(services, second, tokens[0]) == "not-identified"
        assert await refusal(services, first, tokens[1]) == "not-identified"

    office.story(tell)


@pytest.mark.parametrize(
    ("state", "code"), [("deceased", "person-deceased"), ("changing", "record-under-change")]
)
def test_what_changed_since_the_identification_counts_at_the_issue(
    office: Office, state: str, code: str
) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        token = (await identified(services, worker, known.FAMILY)).token
        call = household_issue(worker, await draft_of(services, worker, token), token)
        with office.residents() as connection:
            desk.mark(connection, known.FAMILY, state, "2026-11-23")
        reply = msgspec.json.decode(await services.issuer.issue(call), type=IssueReply)
        assert (reply.status, reply.code) == ("refused", code)

    office.story(tell)


@pytest.mark.parametrize("wrong", [{"token": b""}, {"options": LESS}, {"token": bytes(32)}])
def test_an_issue_without_a_good_token_is_refused(office: Office, wrong: dict[str, Any]) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        token = (await identified(services, worker, known.FAMILY)).token
        draft = await draft_of(services, worker, token)
        call = household_issue(worker, draft, wrong.pop("token", token), **wrong)
        reply = msgspec.json.decode(await services.issuer.issue(call), type=IssueReply)
        assert (reply.status, reply.code) == ("refused", "not-identified")

    office.story(tell)


def test_an_issue_of_somebody_elses_draft_is_changed_and_never_printed(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker, other = a_worker(services), a_worker(services, order="OTHER")
        token = (await identified(services, worker, known.FAMILY)).token
        theirs = (await identified(services, other, known.ALONE)).token
        strange = await draft_of(services, other, theirs)
        call = household_issue(worker, strange, token)
        reply = msgspec.json.decode(await services.issuer.issue(call), type=IssueReply)
        assert (reply.status, reply.sealed) == ("changed", b"")

    office.story(tell)


# --- asked again ---


def test_the_same_key_and_call_give_the_same_bytes_also_after_a_restart(office: Office) -> None:
    async def first(services: Services) -> tuple[Any, Worker, bytes]:
        worker = a_worker(services)
        call = call_of(worker, await request_by(services, worker))
        return call, worker, await services.identities.identify(call, "identity-1")

    call, worker, reply = office.story(first)
    office.later(minutes=5)
    assert office.story(lambda services: services.identities.identify(call, "identity-1")) == reply
    assert isinstance(opened(worker, call, reply), Identified)


def test_the_same_key_with_another_call_is_refused(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        await ask(services, worker, await request_by(services, worker))
        with pytest.raises(ProblemError, match="422 key-reused"):
            await ask(services, worker, await request_by(services, worker))

    office.story(tell)


def test_of_one_call_sent_five_times_at_once_one_identifies(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        call = call_of(worker, await request_by(services, worker))
        keys = ("a", "a", "a", "b", "c")
        results = await asyncio.gather(
            *(services.identities.identify(call, key) for key in keys), return_exceptions=True
        )
        problems = [result.code for result in results if isinstance(result, ProblemError)]
        answers = [opened(worker, call, result) for result in results if isinstance(result, bytes)]
        assert problems == ["in-progress", "in-progress"]
        assert sorted(isinstance(answer, Identified) for answer in answers) == [False, False, True]

    office.story(tell)


def test_what_is_over_is_forgotten(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        await ask(services, worker, await request_by(services, worker), "first")
        office.later(minutes=15, seconds=1)
        later = a_worker(services, order="LATER")
        await ask(services, later, await request_by(services, later), "second")
        assert [row["key"] for row in await all_rows(services, identity)] == ["second"]

    office.story(tell)


@pytest.mark.parametrize("order", ["", "a b", "x" * 101, "가"])
def test_an_order_that_is_no_name_gets_no_nonce(office: Office, order: str) -> None:
    async def tell(services: Services) -> None:
        with pytest.raises(ProblemError, match="400 body-invalid"):
            await services.identities.challenge(ChallengeCall(KIOSK, order))

    office.story(tell)


def test_a_worker_key_that_nothing_can_be_sealed_to_leaves_the_nonce_good(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        worker.public = bytes(32)
        with pytest.raises(ProblemError, match="400 worker-key-invalid"):
            await ask(services, worker, await request_by(services, worker))
        assert len(await all_rows(services, challenge)) == 1
        assert await all_rows(services, identity) == []

    office.story(tell)


# --- what is left ---


def test_central_keeps_no_name_number_address_option_or_token_in_clear(office: Office) -> None:
    async def tell(services: Services) -> tuple[bytes, str]:
        worker = a_worker(services)
        answer = await identified(services, worker, known.FAMILY)
        draft = await draft_of(services, worker, answer.token)
        call = household_issue(worker, draft, answer.token)
        number = msgspec.json.decode(await services.issuer.issue(call), type=IssueReply).number
        rows = {
            table.name: await all_rows(services, table) for table in (issue, identity, orders, event, alarm)
        }
        assert rows["issue"][0]["subject"] == answer.subject
        assert rows["issue"][0]["seal"] == ""
        text = repr(rows)
        assert number in text
        assert not any(word in text for word in ("홍길동", "800101", "국제금융로", "past_addresses"))
        return answer.token, number

    token, number = office.story(tell)
    files = b"".join(file.read_bytes() for file in office.folder.data.glob("central.db*"))
    assert number.encode() in files
    for secret in ("홍길동", "성춘향", "800101-1", "국제금융로", "past_addresses"):
        assert secret.encode() not in files
    assert token not in files
    assert token.hex().encode() not in files


def test_a_number_alone_shows_no_name_and_the_code_what_is_on_the_paper(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = a_worker(services)
        token = (await identified(services, worker, known.FAMILY)).token
        call = household_issue(worker, await draft_of(services, worker, token), token, sheets=1)
        reply = msgspec.json.decode(await services.issuer.issue(call), type=IssueReply)
        document = worker.open_document(reply, call)
        verifier = Verifier(services.database, services.keys.lists, services.clock, services.repertoire)
        by_number = await verifier.by_number(reply.number)
        by_seal = await verifier.by_seal(document.seal)
        assert by_number.verdict is by_seal.verdict is Verdict.GENUINE
        assert by_number.fields is not None
        assert by_seal.fields is not None
        assert (by_number.fields.title, by_number.fields.sheets) == ("주민등록표 등본", 1)
        assert by_number.fields.about == ()
        assert [one.value for one in by_seal.fields.about] == ["홍길동", "800101-1"]

    office.story(tell)
