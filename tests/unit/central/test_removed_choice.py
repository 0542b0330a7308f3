"""Which of somebody's old registers it is about: central asks, issues the one that was named, and no other's."""

import msgspec
import pytest

from central.registers.refusal import RefusedError, WhichError
from central.registers.residents import known
from central.services import Services
from kiosk.protocol.central import Choice, Draft, DraftRequest, IssueReply
from kiosk.protocol.identity import AskedLine
from tests.unit.central.citizen import identified
from tests.unit.central.office import KIOSK, ORDER, Office, Worker

CODE, OPTIONS = "removed-family", {"digits": "no"}
LINES = (AskedLine(1, CODE, {}, OPTIONS),)


async def request_of(services: Services, card: str, order: str = ORDER) -> tuple[Worker, DraftRequest]:
    """The holder of a card is identified and asks for the copy of an old register."""
    worker = Worker(services.keys.trust.sealing_key, KIOSK, order)
    token = (await identified(services, worker, card, LINES)).token
    return worker, worker.draft_request(type_code=CODE, subject={}, options=OPTIONS, token=token)


async def choice_for(services: Services, request: DraftRequest) -> Choice:
    answer = await services.desk.answer(request, services.clock())
    assert isinstance(answer, Choice)
    return answer


def test_there_is_no_draft_before_it_is_said_which(office: Office) -> None:
    async def tell(services: Services) -> None:
        _, request = await request_of(services, known.LARGE)
        choice = await choice_for(services, request)
        assert choice.what == "removed-register"
        assert len(choice.offered) >= 2
        assert all(one.label and one.detail for one in choice.offered)
        person = await services.residents.holder(known.LARGE)
        assert person is not None
        assert choice.subject == services.identities.pseudonym(person.person.id)

    office.story(tell)


def test_the_document_is_about_the_register_that_was_named(office: Office) -> None:
    async def tell(services: Services) -> None:
        worker, request = await request_of(services, known.LARGE)
        for copy, one in enumerate((await choice_for(services, request)).offered, 1):
            named = msgspec.structs.replace(request, which=one.key)
            draft = await services.desk.answer(named, services.clock())
            assert isinstance(draft, Draft)
            assert (draft.data["head"], draft.data["seat"]) == (one.label, one.detail)
            call = worker.issue_call(
                draft,
                key=f"{ORDER}-1-{copy}",
                copy=copy,
                subject={},
                options=OPTIONS,
                token=request.token,
                which=one.key,
            )
            reply = msgspec.json.decode(await services.issuer.issue(call), type=IssueReply)
            assert worker.open_document(reply, call).data == draft.data

    office.story(tell)


def test_nothing_is_issued_where_it_was_not_said_which(office: Office) -> None:
    async def tell(services: Services) -> None:
        _, request = await request_of(services, known.LARGE)
        with pytest.raises(WhichError):
            await services.desk.draft(request, services.clock())

    office.story(tell)


def test_another_persons_register_cannot_be_named(office: Office) -> None:
    async def tell(services: Services) -> None:
        _, request = await request_of(services, known.FAMILY)
        _, of_others = await request_of(services, known.LARGE, "ORDER-2")
        assert isinstance(await services.desk.answer(request, services.clock()), Draft)
        for one in (await choice_for(services, of_others)).offered:
            with pytest.raises(RefusedError, match="choice-unknown"):
                await services.desk.draft(msgspec.structs.replace(request, which=one.key), services.clock())

    office.story(tell)
