"""What a token is good for: its machine, order, worker and lines, for a quarter of an hour."""

from typing import Any

import msgspec
import pytest

from central.registers.residents import desk, known
from central.services import Services
from kiosk.protocol.central import IssueReply
from kiosk.protocol.identity import (
    AskedLine,
)
from tests.unit.central.asked import LESS, a_worker, draft_of, refusal
from tests.unit.central.citizen import (
    HOUSEHOLD,
    LINE,
    household_issue,
    household_request,
    identified,
)
from tests.unit.central.office import Office


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
