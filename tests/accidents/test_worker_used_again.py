"""A program that has served somebody and gets another one's order. Gov24, 1 April 2024: 646 school certificates of
other people, after the program that fetched them for all who ask at the same time had been "optimised".

Planted: a core that does not let go of a visit's worker, and begins the next visit with it; a printer's socket handed
to the worker that prepared another visit's page.
"""

import pytest

from central.registers.residents import known
from kiosk.protocol import worker as worker_messages
from tests.accidents.booth import HOME, LAND
from tests.accidents.conftest import MakeBooth
from tests.accidents.dialogue import ASK_FOR_LAND, Dialogue
from tests.accidents.sale import buy, delivered, refused
from tests.accidents.test_late_answer import hired


def test_a_worker_begins_one_visit_only(booth: MakeBooth) -> None:
    used = booth(order="O1")
    assert "여의도동" in delivered(buy(used, LAND))
    refused(used.tell(worker_messages.BeginVisit(used.kiosk, "O2")), "out-of-order")


def test_central_gives_nothing_to_a_worker_that_was_begun_for_another_order(booth: MakeBooth) -> None:
    used = booth(order="O1")
    delivered(buy(used, LAND))
    used.order = "O2"  # core carries it under the next order's name
    answer = used.ask(used.seal_draft(LAND))
    assert (answer.code, answer.sealed) == ("sealed-invalid", b"")


def test_the_identity_of_the_first_is_not_good_for_the_second_order(booth: MakeBooth) -> None:
    used = booth(order="O1")
    used.identify(known.FAMILY)
    delivered(buy(used, HOME))
    fresh = booth(order="O2")
    refused(fresh.draft(HOME), "not-identified")


def test_a_page_prepared_in_another_visit_is_not_written_for_this_ones_job(booth: MakeBooth) -> None:
    used = booth(order="O1")
    used.draft(LAND)
    prepared = used.issue(LAND)
    answer, got = used.print("O2-1-1")
    assert (answer.code, got) == ("not-drafted", b"")
    answer, got = used.print(prepared.key)  # the control: its own
    assert (answer.outcome, got[:4]) == ("done", b"POST")


def test_a_page_that_was_written_once_is_not_written_for_whoever_comes_next(booth: MakeBooth) -> None:
    used = booth(order="O1")
    sale = buy(used, LAND)
    delivered(sale)
    answer, got = used.print(used.key())
    assert (answer.code, got) == ("not-drafted", b"")


def test_core_lets_go_of_a_worker_that_says_it_has_served(
    booth: MakeBooth, capsys: pytest.CaptureFixture[str]
) -> None:
    dialogue = Dialogue(*hired(booth))
    dialogue.workers.fresh = False
    dialogue.press(*ASK_FOR_LAND)
    dialogue.deliver(dialogue.courier.waiting.popleft())
    assert dialogue.drafted is not None
    dialogue.leave()  # planted: the worker stays
    dialogue.workers.fresh = True
    dialogue.press(*ASK_FOR_LAND)
    assert '"event": "worker-used"' in capsys.readouterr().out
    dialogue.deliver(dialogue.courier.waiting.popleft())
    assert dialogue.drafted is not None
    assert dialogue.workers.dropped == 2


def test_with_a_fresh_worker_the_next_visit_needs_no_second_one(booth: MakeBooth) -> None:
    dialogue = Dialogue(*hired(booth))
    for visits in (1, 2):
        dialogue.press(*ASK_FOR_LAND)
        dialogue.deliver(dialogue.courier.waiting.popleft())
        assert dialogue.drafted is not None
        dialogue.leave()
        assert dialogue.workers.dropped == visits
