"""Money that is owed goes to its payer, identified again, at one machine, once; whatever happens to that machine."""

import asyncio

import pytest

from central.claims.cases import Verdict, resolve, untold
from central.clock import to_ms
from central.problems import ProblemError
from central.registers.residents import known
from central.services import Services
from central.store.database import Database
from central.store.schema import alarm
from kiosk.protocol.claims import ClaimsAnswer, Owed, Resolution
from tests.unit.central.office import KIOSK, Office, all_rows
from tests.unit.central.till import OTHER, Machine, asks, at, comes, desk_of, states

OWING, FIRST, SECOND = "01OWING", "01FIRST", "01SECOND"


def payer(services: Services) -> str:
    """The pseudonym of who paid: person 1 holds the card known.FAMILY."""
    return services.identities.pseudonym(1)


def test_the_payer_gets_it_at_any_machine(office: Office) -> None:
    async def tell(services: Services) -> None:
        await Machine(services).owes(OWING, 700, payer(services))
        answer = await asks(services, known.FAMILY, FIRST, OTHER)
        assert answer == ClaimsAnswer((Owed(KIOSK, OWING, 700),))
        await Machine(services, OTHER).redeemed(FIRST, 700)
        assert await states(services) == [("paid", 700)]
        assert (await asks(services, known.FAMILY, SECOND)).code == "no-claim"

    office.story(tell)


def test_the_machine_that_owes_it_is_told_that_another_has_paid(office: Office) -> None:
    async def tell(services: Services) -> None:
        origin = Machine(services)
        await origin.owes(OWING, 700, payer(services))
        await asks(services, known.FAMILY, FIRST, OTHER)
        assert await news(services, KIOSK) == ()
        await Machine(services, OTHER).redeemed(FIRST, 700)
        paid = Resolution(1, OWING, "redeemed", 0)
        assert (await news(services, KIOSK), await news(services, OTHER)) == ((paid,), ())
        await origin.tell("case-resolved", case=1, order=OWING, verdict="redeemed", amount=0)
        assert await news(services, KIOSK) == ()

    office.story(tell)


def test_an_old_word_that_the_machine_enters_late_does_not_hide_that_it_was_paid(office: Office) -> None:
    async def tell(services: Services) -> None:
        origin = Machine(services)
        await origin.owes(OWING, 700, payer(services), "DISPUTED")
        async with services.database.writing() as connection:
            await resolve(connection, 1, Verdict.CLAIM, "coins found", to_ms(services.clock()))
        assert await news(services, KIOSK) == (Resolution(1, OWING, "claim", 700),)
        await asks(services, known.FAMILY, FIRST, OTHER)
        await Machine(services, OTHER).redeemed(FIRST, 700)
        await origin.tell("case-resolved", case=1, order=OWING, verdict="claim", amount=700)
        assert await news(services, KIOSK) == (Resolution(1, OWING, "redeemed", 0),)

    office.story(tell)


async def news(services: Services, kiosk: str) -> tuple[Resolution, ...]:
    """What that machine is told with its next heartbeat."""
    async with services.database.reading() as connection:
        return await untold(connection, kiosk)


def test_a_stranger_gets_nothing(office: Office) -> None:
    async def tell(services: Services) -> None:
        await Machine(services).owes(OWING, 700, payer(services))
        assert await asks(services, known.ALONE, FIRST) == ClaimsAnswer(code="no-claim")
        assert await states(services) == [("open", 0)]

    office.story(tell)


def test_who_was_not_identified_for_this_gets_nothing(office: Office) -> None:
    async def tell(services: Services) -> None:
        await Machine(services).owes(OWING, 700, payer(services))
        good = await comes(services, known.FAMILY, FIRST)
        for wrong in (
            at(good, token=bytes(32)),
            at(good, order=SECOND),
            at(good, kiosk=OTHER),
            at(good, worker_key=bytes(32)),
            at(good, line=2),
        ):
            assert (await services.claims.hold(wrong)).code == "not-identified"
        office.later(minutes=16)
        assert (await services.claims.hold(good)).code == "not-identified"

    office.story(tell)


def test_of_two_machines_that_ask_at_once_one_gets_it(office: Office) -> None:
    async def tell(services: Services) -> None:
        machine = Machine(services)
        elsewhere = Database(office.folder.database)
        await elsewhere.start()
        try:
            for turn in range(12):
                await machine.owes(f"{OWING}{turn:02}", 500, payer(services))
                here = await comes(services, known.FAMILY, f"{FIRST}{turn:02}")
                there = await comes(services, known.FAMILY, f"{SECOND}{turn:02}", OTHER)
                answers = await asyncio.gather(
                    services.claims.hold(here), desk_of(services, elsewhere).hold(there)
                )
                assert sorted(sum(owed.amount for owed in one.held) for one in answers) == [0, 500]
                assert {one.code for one in answers} == {"", "claim-reserved"}
        finally:
            await elsewhere.close()

    office.story(tell)


def test_the_same_question_again_gets_the_same_answer(office: Office) -> None:
    async def tell(services: Services) -> None:
        await Machine(services).owes(OWING, 700, payer(services))
        question = await comes(services, known.FAMILY, FIRST)
        first = await services.claims.hold(question)
        await Machine(services, OTHER).owes("01LATER", 100, payer(services))
        again = await services.claims.hold(question)
        assert first.held == again.held == (Owed(KIOSK, OWING, 700),)

    office.story(tell)


def test_a_machine_that_says_nothing_keeps_it_from_everybody_for_ever(office: Office) -> None:
    async def tell(services: Services) -> None:
        await Machine(services).owes(OWING, 700, payer(services))
        await asks(services, known.FAMILY, FIRST)
        office.later(days=30)
        assert (await asks(services, known.FAMILY, SECOND, OTHER)).code == "claim-reserved"
        assert await states(services) == [("reserved", 0)]

    office.story(tell)


def test_a_redemption_that_paid_nothing_leaves_it_owed(office: Office) -> None:
    async def tell(services: Services) -> None:
        machine = Machine(services)
        await machine.owes(OWING, 700, payer(services))
        await asks(services, known.FAMILY, FIRST)
        await machine.redeemed(FIRST, 0)
        assert (await asks(services, known.FAMILY, SECOND, OTHER)).held == (Owed(KIOSK, OWING, 700),)

    office.story(tell)


def test_a_redemption_that_paid_short_leaves_the_rest_owed(office: Office) -> None:
    async def tell(services: Services) -> None:
        machine = Machine(services)
        await machine.owes(OWING, 700, payer(services))
        await machine.owes("01MORE", 300, payer(services))
        assert sum(owed.amount for owed in (await asks(services, known.FAMILY, FIRST)).held) == 1_000
        await machine.redeemed(FIRST, 800, "CLAIM")
        assert await states(services) == [("paid", 700), ("open", 100)]
        assert (await asks(services, known.FAMILY, SECOND)).held == (Owed(KIOSK, "01MORE", 200),)

    office.story(tell)


def test_a_payout_that_nobody_can_prove_is_a_case_and_is_not_paid_again(office: Office) -> None:
    async def tell(services: Services) -> None:
        machine = Machine(services)
        await machine.owes(OWING, 700, payer(services))
        await asks(services, known.FAMILY, FIRST)
        await machine.redeemed(FIRST, 100, "DISPUTED")
        assert await states(services) == [("case", 100)]
        assert (await asks(services, known.FAMILY, SECOND, OTHER)).code == "no-claim"

    office.story(tell)


def test_a_request_that_comes_after_its_redemption_is_over_holds_nothing(office: Office) -> None:
    async def tell(services: Services) -> None:
        machine = Machine(services)
        await machine.owes(OWING, 700, payer(services))
        late = await comes(services, known.FAMILY, FIRST)
        await machine.redeemed(FIRST, 0)
        with pytest.raises(ProblemError) as gone:
            await services.claims.hold(late)
        assert (gone.value.status, gone.value.code) == (410, "redemption-closed")
        assert await states(services) == [("open", 0)]

    office.story(tell)


def test_what_the_hopper_can_not_pay_stays_open(office: Office) -> None:
    async def tell(services: Services) -> None:
        machine = Machine(services)
        await machine.owes(OWING, 700, payer(services))
        await machine.owes("01MORE", 300, payer(services))
        answer = await asks(services, known.FAMILY, FIRST, most=400)
        assert (answer.held, answer.elsewhere) == ((Owed(KIOSK, "01MORE", 300),), 700)
        await machine.redeemed(FIRST, 300)
        assert (await asks(services, known.FAMILY, SECOND, most=0)).code == "claim-too-large"

    office.story(tell)


@pytest.mark.parametrize("wrong", [{"credit": 600}, {"credit": 150_000, "claim": 150_000}])
def test_a_claim_that_does_not_add_up_or_is_a_fortune_is_paid_by_no_machine(
    office: Office, wrong: dict[str, int]
) -> None:
    async def tell(services: Services) -> None:
        sums = {"fee": 0, "credit": 700, "paid": 0, "claim": 700, **wrong}
        who = {"order": OWING, "outcome": "CLAIM", "reason": "", "holder": payer(services)}
        await Machine(services).tell("order-closed", **who, **sums)
        assert await states(services) == [("case", 0)]
        assert (await asks(services, known.FAMILY, FIRST)).code == "no-claim"

    office.story(tell)


def test_an_order_that_was_paid_by_payment_card_leaves_nothing_for_anybody_to_decide(office: Office) -> None:
    async def tell(services: Services) -> None:
        sums = {"fee": 500, "credit": 0, "paid": 0, "claim": 0, "captured": 500, "reversed": 0}
        machine = Machine(services)
        await machine.tell("order-closed", order="01CARD", outcome="DELIVERED", reason="", **sums)
        mixed = {**sums, "credit": 700, "claim": 700}
        who = {"order": OWING, "outcome": "CLAIM", "reason": "", "holder": payer(services)}
        await machine.tell("order-closed", **who, **mixed)
        assert await states(services) == [("open", 0)]

    office.story(tell)


def test_more_paid_than_was_held_raises_an_alarm(office: Office) -> None:
    async def tell(services: Services) -> None:
        machine = Machine(services)
        await machine.owes(OWING, 700, payer(services))
        await asks(services, known.FAMILY, FIRST)
        await machine.redeemed(FIRST, 800)
        await machine.redeemed("01NEVER-ASKED", 100)
        raised = {(row["code"], row["subject"]) for row in await all_rows(services, alarm)}
        assert raised == {("redeemed-too-much", FIRST), ("redeemed-too-much", "01NEVER-ASKED")}

    office.story(tell)


def test_an_end_told_twice_is_written_off_once(office: Office) -> None:
    async def tell(services: Services) -> None:
        machine = Machine(services)
        await machine.owes(OWING, 700, payer(services))
        await asks(services, known.FAMILY, FIRST)
        await machine.redeemed(FIRST, 200, "CLAIM")
        await machine.redeemed(FIRST, 200, "CLAIM")
        assert await states(services) == [("open", 200)]

    office.story(tell)
