"""Only who is there now, at this machine, in this order, with this worker, gets what was asked for, and only theirs."""

import asyncio
from typing import Any

import msgspec
import pytest

from central.authority.verification import Verdict, Verifier
from central.problems import ProblemError
from central.registers.residents import known
from central.services import Services
from central.store.schema import alarm, challenge, event, identity, issue, orders
from kiosk.protocol.central import IssueReply
from kiosk.protocol.identity import (
    ChallengeCall,
    Identified,
)
from kiosk.protocol.seal import SealState, read_seal
from tests.unit.central.asked import a_worker, draft_of, request_by
from tests.unit.central.citizen import (
    ask,
    call_of,
    household_issue,
    identified,
    opened,
)
from tests.unit.central.office import KIOSK, Office, Worker, all_rows


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
