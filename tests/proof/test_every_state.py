"""Every state that an order can come into keeps the rules, and the search sees what breaks them.

The larger searches are `make proof`; two that take long are in `make campaign`.
"""

import pytest
from msgspec.structs import replace

from drivers.contract import PaperReading
from kiosk.order import evidence
from kiosk.order.evidence import Verdict
from kiosk.order.model import Issue, IssueState, Order
from kiosk.order.saga import Hurry
from tests.proof import heart, table
from tests.proof.explorer import Found, Search
from tests.proof.plan import CHEAPER, QUICK, TABLE, UPS, WITHOUT, Part
from tests.proof.world import COIN, World

STAYS_RESERVED = "M1: the order is closed, and money stays reserved on the card"
LACK = {
    "a lasting accept count": "M1: the citizen has lost 100 KRW",
    "the wait after closing the acceptor": "M8: the order is closed, and coins still fall",
    "a lasting payout count": "M1: 100 KRW came out, 0 are booked",
    "a lasting sheet count": "M2: the fee goes back, and 1 sheets are in the citizen's hand",
    "tombstones at central": "M4: a living number that nobody has",
    "redemptions that central knows to be over": "M1: 200 KRW are held for a redemption that is over",
    "the rule that nothing leaves after boot": "M5: coins are paid, and the payer's visit is over",
    "sensors read after the sheets are counted": (
        "M2: the fee is kept, and 0 of 1 sheets are in the citizen's hand"
    ),
    '"still paying" while a payout is on its way': "M8: the order is closed, and the hopper is still to pay",
    "a lasting count of stacked notes": "M1: the citizen has lost 200 KRW",
    "NOTE? before the order to stack": "M1: the citizen has lost 200 KRW",
    'the event "stacked", the answer to the order for it': (
        "M1: 200 KRW are given back that were never put in"
    ),
    "a validator that clears its path before it answers": "M1: the citizen has lost 200 KRW",
    "coins inhibited while a note is on its way": "M8: 500 KRW are in, and the hopper can surely pay 400",
    "change planned before it is owed": "M8: 500 KRW are in, and the hopper can surely pay 400",
    "CARD? before the terminal is asked": STAYS_RESERVED,
    "the terminal's list of open reservations": STAYS_RESERVED,
    '"busy" from a terminal that is at it': STAYS_RESERVED,
    "a second look at a terminal at rest": STAYS_RESERVED,
    "what was open before CARD?": "M1: another's reservation is touched",
    "the charge after delivery": "M2: 100 KRW are charged, and paper for 0 is delivered",
}
NO_PROOF = ("mouth_sensor", "closed_tray")


def nobody_loses(found: Found) -> None:
    wrong = "\n".join(str(story) for story in found.stories + found.stuck)
    assert not wrong, wrong


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", QUICK, ids=lambda part: part.name)
def test_in_every_state_nobody_loses_and_every_order_can_end(part: Part) -> None:
    found = table.searched()[0][part.name] if part in TABLE else Search(part.setting).run()
    print(f"{part.name}: {found}")
    nobody_loses(found)
    # A search that finds few has gone blind somewhere; the smallest with a fee has 4,168.
    assert found.states > (4_000 if part.setting.fees else 500)


@pytest.mark.campaign
@pytest.mark.timeout(300)
def test_nothing_that_is_promised_depends_on_a_word_of_the_ups() -> None:
    """It flaps, is silent, lies, says "low" with the mains there, and nothing before the power fails."""
    search = Search(UPS.setting)
    found = search.run()
    print(f"{UPS.name}: {found}")
    nobody_loses(found)
    hurries = {world.core.saga.hurry for world in search.worlds if world.core.saga is not None}
    assert hurries == set(Hurry)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", CHEAPER, ids=lambda part: part.name)
def test_what_a_cheaper_device_can_not_prove_is_one_coin_or_note_of_a_disputed_order(part: Part) -> None:
    search = Search(replace(part.setting, purse=min(1, part.setting.purse)))
    found = search.run()
    print(f"{part.name}: {found}")
    nobody_loses(found)
    orders = [world.core.stored for world in search.worlds if world.core.stored is not None]
    doubts = {order.in_doubt for order in orders}
    assert doubts == ({0, part.setting.note * COIN} if part.setting.bills else {0})


@pytest.mark.timeout(120)
@pytest.mark.parametrize("part", WITHOUT, ids=lambda part: part.name)
def test_without_a_piece_of_evidence_the_search_finds_who_loses(part: Part) -> None:
    found = Search(part.setting).run()
    assert [story.rule for story in found.stories] == [LACK[part.name]]
    assert 2 < len(found.stories[0].steps) < 40


@pytest.mark.timeout(120)
@pytest.mark.parametrize("lack", NO_PROOF)
def test_a_machine_that_can_prove_no_delivery_delivers_nothing_and_owes_everything(lack: str) -> None:
    """Nobody loses there, and nothing is sold there either."""
    search = Search(replace(QUICK[0].setting, purse=1, **{lack: False}))
    nobody_loses(search.run())
    assert not any(delivered(world) for world in search.worlds)


def delivered(world: World) -> bool:
    order = world.core.stored
    return order is not None and any(issue.state is IssueState.DELIVERED for issue in order.issues)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("lack", NO_PROOF)
def test_with_the_page_count_alone_for_proof_the_fee_is_kept_for_paper_that_nobody_has(
    lack: str, planted: pytest.MonkeyPatch
) -> None:
    def by_pages(issue: Issue, reading: PaperReading) -> Verdict:
        out = evidence.sheets_out(issue, reading)
        return Verdict.DELIVERED if out == issue.sheets else Verdict.UNDELIVERED

    planted.setattr(evidence, "verdict", by_pages)
    found = Search(replace(QUICK[0].setting, purse=1, **{lack: False})).run()
    assert [story.rule for story in found.stories] == [LACK["sensors read after the sheets are counted"]]


@pytest.mark.campaign
@pytest.mark.timeout(120)
def test_what_is_left_out_of_the_state_changes_nothing_that_can_be_reached() -> None:
    """Words, times and the number of the last sheet are not looked at by any rule of an order."""
    setting = replace(QUICK[0].setting, purse=1, losses=0)
    lean, full = Search(setting), Search(replace(setting, words_kept=True))
    lean.run()
    full.run()
    assert {plain(world) for world in full.worlds} == {plain(world) for world in lean.worlds}


def plain(world: World) -> tuple[object, ...]:
    saga, stored = world.core.saga, world.core.stored
    if saga is not None:
        saga = heart.without_words(saga)
    return saga, stored_plainly(stored), world.cash, world.paper, world.far


def stored_plainly(order: Order | None) -> Order | None:
    return heart.stored_without_words(order) if order is not None else None


@pytest.mark.timeout(120)
def test_the_table_of_states_in_the_documents_is_what_the_code_does() -> None:
    page = table.PAGE.read_text("utf-8")
    made = table.page_with(table.table(table.searched()[1]), page)
    assert page == made, "python -m tests.proof.table --write"
