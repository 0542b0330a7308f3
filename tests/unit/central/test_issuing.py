"""A document is issued once for one key, from the register as it stands, for the fee that was quoted, for ever."""

import asyncio
import contextlib
from datetime import datetime
from typing import Any

import msgspec
import pytest

from central.authority.numbers import is_number
from central.problems import ProblemError
from central.registers.lots import CHANGING, MISSING, ONE_SHEET
from central.registers.parcel import Lot
from central.registers.refusal import RefusedError
from central.services import Services
from central.store.schema import issue
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.central import Draft, IssueCall, IssueReply
from kiosk.protocol.seal import SealState, content_prefix, read_seal
from tests.unit.central.office import KIOSK, Journal, Office, Worker, all_rows, subject_of


async def draft_of(services: Services, lot: Lot = ONE_SHEET, line: int = 1) -> Draft:
    request = Worker(services.keys.trust.sealing_key).draft_request(lot, line=line)
    return (await services.desk.draft(request, services.clock())).draft


async def ask(services: Services, call: IssueCall) -> IssueReply:
    return msgspec.json.decode(await services.issuer.issue(call), type=IssueReply)


async def prepared(services: Services, **other: Any) -> tuple[Worker, IssueCall]:
    """A worker with a draft in hand, and its call."""
    worker = Worker(services.keys.trust.sealing_key)
    return worker, worker.issue_call(await draft_of(services), **other)


async def code_of(services: Services, call: IssueCall) -> str:
    """The code with which an issue is refused."""
    with pytest.raises(ProblemError) as refused:
        await services.issuer.issue(call)
    return f"{refused.value.status} {refused.value.code}"


def test_a_draft_names_its_hash_its_form_and_its_price(office: Office) -> None:
    async def tell(services: Services) -> None:
        found = await draft_of(services)
        assert found.draft_hash == content_hash(found.data)
        assert found.template == "land/1"
        assert [found.quote.fee(sheets) for sheets in (1, 20, 21, 23)] == [500, 500, 600, 800]

    office.story(tell)


def test_a_type_that_this_office_does_not_issue_is_refused(office: Office) -> None:
    async def tell(services: Services) -> None:
        request = Worker(services.keys.trust.sealing_key).draft_request(type_code="passport")
        with pytest.raises(RefusedError, match="type-unknown"):
            await services.desk.draft(request, services.clock())

    office.story(tell)


def test_the_document_carries_the_drafts_data_a_number_and_a_seal_that_proves_it(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker, call = await prepared(services)
        reply = await ask(services, call)
        document = worker.open_document(reply, call)
        assert is_number(reply.number)
        assert document.number == reply.number
        assert content_hash(document.data) == (await draft_of(services)).draft_hash
        assert document.issued_at == "2026-11-23T12:00:00+09:00"
        assert document.verify_until == "2027-02-21T12:00:00+09:00"
        verdict = read_seal(document.seal, services.keys.trust, int(office.now.timestamp()))
        assert verdict.state is SealState.GENUINE
        assert verdict.payload is not None
        assert verdict.payload.number == reply.number
        assert verdict.payload.content == content_prefix(content_hash(document.data))
        assert verdict.payload.subject == ("서울특별시 영등포구 여의도동", "60")

    office.story(tell)


def test_the_same_key_and_body_give_the_same_bytes_also_after_a_restart(office: Office) -> None:
    async def first(services: Services) -> tuple[IssueCall, bytes]:
        _, call = await prepared(services)
        return call, await services.issuer.issue(call)

    call, answer = office.story(first)
    office.new_owner()
    office.later(days=3)
    assert office.story(lambda services: services.issuer.issue(call)) == answer


def test_the_same_key_with_another_body_is_refused(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker, call = await prepared(services)
        await ask(services, call)
        again = worker.issue_call(await draft_of(services))
        assert again.key == call.key
        assert again.sealed != call.sealed
        assert await code_of(services, again) == "422 key-reused"

    office.story(tell)


def test_two_calls_at_once_with_one_key_make_one_document(office: Office) -> None:
    async def tell(services: Services) -> None:
        _, call = await prepared(services)
        results = await asyncio.gather(
            *(services.issuer.issue(call) for _ in range(5)), return_exceptions=True
        )
        answers = {result for result in results if isinstance(result, bytes)}
        refusals = [result for result in results if isinstance(result, ProblemError)]
        assert len(answers) == 1
        assert {(problem.status, problem.code) for problem in refusals} == {(409, "in-progress")}
        assert len(await all_rows(services, issue)) == 1
        assert await services.issuer.issue(call) in answers

    office.story(tell)


def test_a_key_that_was_declared_void_never_issues(office: Office) -> None:
    async def tell(services: Services) -> None:
        _, call = await prepared(services)
        await services.journals.take(KIOSK, (Journal().void(call.key),))
        assert await code_of(services, call) == "410 voided"
        assert await code_of(services, call) == "410 voided"
        assert [row["number"] for row in await all_rows(services, issue)] == [None]

    office.story(tell)


def test_a_request_that_comes_after_its_void_makes_no_living_document(office: Office) -> None:
    """M4, on central's own rows: whatever the late request is answered."""

    async def tell(services: Services) -> None:
        _, call = await prepared(services)
        await services.journals.take(KIOSK, (Journal().void(call.key),))
        with contextlib.suppress(ProblemError):
            await services.issuer.issue(call)
        living = [row["number"] for row in await all_rows(services, issue) if row["final"] != "void"]
        assert living == [], "a living number that nobody has"

    office.story(tell)


def test_void_that_arrives_while_the_register_is_read_wins(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tell(services: Services) -> None:
        _, call = await prepared(services)
        reading, void_stored = asyncio.Event(), asyncio.Event()
        read = services.book.read

        async def slow_read(register: str, lot: Lot, now: datetime) -> Any:
            reading.set()
            await void_stored.wait()
            return await read(register, lot, now)

        monkeypatch.setattr(services.book, "read", slow_read)
        issuing = asyncio.create_task(services.issuer.issue(call))
        await reading.wait()
        await services.journals.take(KIOSK, (Journal().void(call.key),))
        void_stored.set()
        with pytest.raises(ProblemError, match="410 voided"):
            await issuing

    office.story(tell)


def test_after_void_the_issued_answer_is_not_given_again(office: Office) -> None:
    async def tell(services: Services) -> None:
        _, call = await prepared(services)
        number = (await ask(services, call)).number
        await services.journals.take(KIOSK, (Journal().void(call.key, number),))
        assert await code_of(services, call) == "410 voided"

    office.story(tell)


def test_a_register_that_changed_since_the_draft_says_so(office: Office) -> None:
    async def tell(services: Services) -> None:
        _, call = await prepared(services)
        office.new_owner()
        reply = await ask(services, call)
        assert (reply.status, reply.number, reply.sealed) == ("changed", "", b"")
        assert await ask(services, call) == reply

    office.story(tell)


def test_a_record_taken_out_for_amendment_after_the_draft_is_refused(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker = Worker(services.keys.trust.sealing_key)
        call = worker.issue_call(await draft_of(services), CHANGING, subject=subject_of(CHANGING))
        reply = await ask(services, call)
        assert (reply.status, reply.code) == ("refused", "record-under-change")

    office.story(tell)


@pytest.mark.parametrize(
    "wrong", [{"fee": 0}, {"fee": 600}, {"sheets": 0}, {"sheets": 21}, {"sheets": 9_999}]
)
def test_a_fee_that_does_not_follow_from_quote_and_sheets_is_refused(
    office: Office, wrong: dict[str, int]
) -> None:
    async def tell(services: Services) -> None:
        _, call = await prepared(services, **wrong)
        reply = await ask(services, call)
        assert (reply.status, reply.code) == ("refused", "fee-mismatch")

    office.story(tell)


def test_a_copy_has_one_living_document_whatever_the_key(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker, call = await prepared(services)
        number = (await ask(services, call)).number
        second = worker.issue_call(await draft_of(services), key="another-key")
        assert await code_of(services, second) == "409 already-issued"
        await services.journals.take(KIOSK, (Journal().void(call.key, number),))
        assert (await ask(services, second)).number not in ("", number)

    office.story(tell)


@pytest.mark.parametrize("name", ["kiosk", "order", "line", "copy", "key", "type_code"])
def test_a_sealed_request_about_something_else_than_its_envelope_is_refused(
    office: Office, name: str
) -> None:
    async def tell(services: Services) -> None:
        _, call = await prepared(services)
        other: Any = 2 if name in ("line", "copy") else "forest" if name == "type_code" else "another"
        wrong = msgspec.structs.replace(call, **{name: other})
        assert await code_of(services, wrong) in ("400 sealed-invalid", "400 envelope-mismatch")
        assert await all_rows(services, issue) == []

    office.story(tell)


@pytest.mark.parametrize("key", [b"", b"\0" * 32, b"short", b"\1" * 33])
def test_a_worker_key_that_nothing_can_be_sealed_to_is_refused(office: Office, key: bytes) -> None:
    async def tell(services: Services) -> None:
        _, call = await prepared(services, worker_key=key)
        assert await code_of(services, call) == "400 worker-key-invalid"
        assert await all_rows(services, issue) == []

    office.story(tell)


def test_a_number_that_was_given_before_is_drawn_again(office: Office) -> None:
    async def tell(services: Services) -> None:
        drawn = iter([7, 7, 7, 8])
        services.issuer._below = lambda _span: next(drawn)
        worker, call = await prepared(services)
        first = await ask(services, call)
        await services.journals.take(KIOSK, (Journal().void(call.key, first.number),))
        second = await ask(services, worker.issue_call(await draft_of(services), key="second"))
        assert first.number != second.number
        assert next(drawn, None) is None

    office.story(tell)


def test_a_lot_that_is_not_there_gives_no_document(office: Office) -> None:
    async def tell(services: Services) -> None:
        _, call = await prepared(services, subject=subject_of(MISSING))
        reply = await ask(services, call)
        assert (reply.status, reply.code) == ("refused", "parcel-not-found")

    office.story(tell)
