"""What the machine could not prove a person decides, once, with a reason; each document ends with it exactly once."""

import json

import pytest
from typer.testing import CliRunner

from central.claims.cases import (
    CaseError,
    Verdict,
    all_cases,
    case_of,
    evidence_of,
    open_cases,
    resolve,
    untold,
)
from central.claims.claim_service import HOLD_S
from central.cli import app
from central.clock import to_ms
from central.registers.residents import known
from central.services import Services
from central.store.schema import issue
from kiosk.protocol.claims import Resolution
from kiosk.protocol.spoken import spoken
from tests.unit.central.office import KIOSK, ORDER, Office, Worker, all_rows
from tests.unit.central.till import OTHER, Machine, asks, states

OWING, FIRST = "01OWING", "01FIRST"


async def decide(
    services: Services, number: int, verdict: Verdict, why: str = "looked at the bin"
) -> Resolution:
    async with services.database.writing() as connection:
        return await resolve(connection, number, verdict, why, to_ms(services.clock()))


async def waiting(services: Services) -> list[tuple[str, int]]:
    async with services.database.reading() as connection:
        found = await open_cases(connection, to_ms(services.clock()))
    return [(case.state, case.owed) for case in found]


async def disputed(services: Services, holder: str = "") -> Machine:
    """A document whose end nobody knows, 1,000 won put in for it."""
    worker = Worker(services.keys.trust.sealing_key)
    made = (await services.desk.draft(worker.draft_request(), services.clock())).draft
    call = worker.issue_call(made)
    await services.issuer.issue(call)
    machine = Machine(services)
    await machine.tell("order-opened", order=ORDER, fee=500, lines=())
    copy = {"order": ORDER, "line": 1, "copy": 1, "key": call.key, "type_code": "land", "number": ""}
    await machine.tell("issue-disputed", **copy, reason="interrupted")
    await machine.owes(ORDER, 1_000, holder, "DISPUTED")
    return machine


async def finals(services: Services) -> list[str]:
    return [str(row["final"]) for row in await all_rows(services, issue)]


def test_a_disputed_order_waits_for_a_person_with_its_evidence(office: Office) -> None:
    async def tell(services: Services) -> None:
        await disputed(services)
        assert await waiting(services) == [("case", 1_000)]
        async with services.database.reading() as connection:
            case = await case_of(connection, 1)
            evidence = await evidence_of(connection, case)
        assert (case.kiosk, case.order, case.known) == (KIOSK, ORDER, False)
        assert [row[2] for row in evidence.rows] == ["order-opened", "issue-disputed", "order-closed"]
        assert evidence.money == {"credit": 1_000, "fee": 0, "paid": 0, "claim": 1_000}
        assert [final for _key, _number, final in evidence.documents] == [""]

    office.story(tell)


@pytest.mark.parametrize(
    ("verdict", "final", "after"),
    [
        (Verdict.KEPT, "delivered", [("open", 0)]),  # the fee was 500 of 1,000
        (Verdict.CLAIM, "void", [("open", 0)]),
        (Verdict.PAID, "void", [("paid", 1_000)]),
        (Verdict.VOID, "void", [("void", 0)]),
    ],
)
def test_a_decision_ends_the_document_once(
    office: Office, verdict: Verdict, final: str, after: list[tuple[str, int]]
) -> None:
    async def tell(services: Services) -> None:
        await disputed(services, services.identities.pseudonym(1))
        await decide(services, 1, verdict)
        assert await finals(services) == [final]
        assert await states(services) == after
        for other in set(Verdict) - {Verdict.PAID}:
            with pytest.raises(CaseError):
                await decide(services, 1, other)
        assert await finals(services) == [final]

    office.story(tell)


def test_what_was_put_in_besides_a_kept_fee_is_owed(office: Office) -> None:
    async def tell(services: Services) -> None:
        await disputed(services, services.identities.pseudonym(1))
        resolution = await decide(services, 1, Verdict.KEPT)
        assert (resolution.verdict, resolution.amount) == ("kept", 500)
        held = (await asks(services, known.FAMILY, FIRST, OTHER)).held
        assert [owed.amount for owed in held] == [500]

    office.story(tell)


def test_who_was_identified_gets_a_decided_claim_at_a_machine_and_others_at_the_counter(
    office: Office,
) -> None:
    async def tell(services: Services) -> None:
        machine = await disputed(services)
        await decide(services, 1, Verdict.CLAIM)
        assert await states(services) == [("counter", 0)]
        assert await waiting(services) == [("counter", 1_000)]
        await machine.owes("01KNOWN", 300, services.identities.pseudonym(1), "DISPUTED")
        await decide(services, 2, Verdict.CLAIM)
        assert [owed.amount for owed in (await asks(services, known.FAMILY, FIRST)).held] == [300]

    office.story(tell)


def test_money_of_nobody_identified_is_paid_by_the_office_once(office: Office) -> None:
    async def tell(services: Services) -> None:
        await Machine(services).owes(OWING, 700)
        assert await waiting(services) == [("counter", 700)]
        await decide(services, 1, Verdict.PAID, "slip and time of day fit")
        assert await waiting(services) == []
        with pytest.raises(CaseError, match="over"):
            await decide(services, 1, Verdict.PAID)

    office.story(tell)


def test_the_office_pays_nothing_that_a_machine_may_be_paying(office: Office) -> None:
    async def tell(services: Services) -> None:
        await Machine(services).owes(OWING, 700, services.identities.pseudonym(1))
        await asks(services, known.FAMILY, FIRST)
        with pytest.raises(CaseError, match="this moment"):
            await decide(services, 1, Verdict.PAID)
        assert await waiting(services) == []
        office.later(seconds=HOLD_S + 1)
        assert await waiting(services) == [("reserved", 700)]

    office.story(tell)


def test_a_decision_needs_a_reason(office: Office) -> None:
    async def tell(services: Services) -> None:
        await disputed(services)
        for why in ("", "  ", "x" * 500):
            with pytest.raises(CaseError, match="say why"):
                await decide(services, 1, Verdict.VOID, why)
        assert await finals(services) == [""]

    office.story(tell)


def test_the_machine_is_told_until_its_journal_says_that_it_knows(office: Office) -> None:
    async def tell(services: Services) -> None:
        machine = await disputed(services)
        await decide(services, 1, Verdict.VOID)

        async def still_to_tell(kiosk: str) -> tuple[Resolution, ...]:
            async with services.database.reading() as connection:
                return await untold(connection, kiosk)

        told = Resolution(1, ORDER, "void", 0)
        assert await still_to_tell(KIOSK) == await still_to_tell(KIOSK) == (told,)
        assert await still_to_tell(OTHER) == ()
        await machine.tell("case-resolved", case=1, order=ORDER, verdict="void", amount=0)
        assert await still_to_tell(KIOSK) == ()

    office.story(tell)


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


def test_the_commands_list_show_and_resolve(office: Office) -> None:
    async def prepare(services: Services) -> None:
        await disputed(services)

    office.story(prepare)
    data = ("--data", office.folder.data)
    code, listed = run("cases", "list", *data)
    assert (code, ORDER in listed, "1,000 KRW" in listed, "1 case" in listed) == (0, True, True, True)
    code, shown = run("cases", "show", 1, *data)
    assert (code, "order-closed" in shown, "not ended" in shown) == (0, True, True)
    assert run("cases", "resolve", 1, *data, "--as", "guess", "--why", "x")[0] == 2
    assert run("cases", "resolve", 1, *data, "--as", "kept", "--why", "paper seen in the hand")[0] == 0
    code, again = run("cases", "resolve", 1, *data, "--as", "void", "--why", "second thoughts")
    assert (code, "owed" in again) == (2, True)
    code, listed = run("cases", "list", "--all", *data)
    assert "1 case" in listed
    assert run("cases", "show", 7, *data)[0] == 2
    code, found = run("cases", "list", "--number", spoken(ORDER).lower(), *data)
    assert (code, ORDER in found, spoken(ORDER) in found, "1 case" in found) == (0, True, True, True)
    code, found = run("cases", "list", "--number", "222-222", *data)
    assert (code, "0 cases" in found) == (0, True)


def test_nothing_in_a_case_says_who_it_is(office: Office) -> None:
    async def tell(services: Services) -> None:
        await disputed(services, services.identities.pseudonym(1))
        async with services.database.reading() as connection:
            case = (await all_cases(connection, to_ms(services.clock())))[0]
        assert "홍길동" not in json.dumps([str(case)], ensure_ascii=False)
        assert services.identities.pseudonym(1) not in str(case)

    office.story(tell)
