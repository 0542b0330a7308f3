"""After the visit of somebody with an identity card nothing of them is left: in no file, in no memory, in no log.

However the visit ends, all that the machine's programs have in memory and have written is searched for the citizen's
name, number, address and PIN, and for the masked name that the screen shows. While the visit lives the same look finds
them where they may be: all of them in its worker, which dies with it; the PIN in the ui, until it is handed over.

Not searched: central and the simulators (the register, the card, the printed paper), which own what they hold. Skipped,
with the reason, where no card service can run.
"""

import os
import re
import signal
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from kiosk.bundles.catalogue_files import load_catalogue
from simulators.reader_daemon import why_not
from tests.rig.canary import Find
from tests.rig.memory import may_look_into_hardened_ones
from tests.rig.remains import MACHINES, MASKED, PINS, Remains, group_of, visited_desk
from tests.rig.visitor import Person

reason = why_not()
pytestmark = [
    pytest.mark.skipif(reason is not None, reason=f"no card service: {reason}"),
    pytest.mark.timeout(180),
]
# By then whoever held anything has let go.
GONE_WITHIN_S = 5.0


class Sold(NamedTuple):
    """A visit in which a household's register and a lot's were bought: who knew what, and what was left."""

    typed: dict[str, set[str]]
    shown: dict[str, set[str]]
    worker: int | None
    left: list[Find]
    order: str
    receipt: list[str]
    person: Person


@pytest.fixture(scope="module", autouse=True)
def programs_of_one_parent() -> None:
    """None here: what stands in a program's memory is looked for where production makes it, by exec."""


@pytest.fixture(scope="module")
def machine() -> Iterator[Remains]:
    with visited_desk() as machine:
        yield machine


@pytest.fixture(scope="module")
def before(machine: Remains) -> list[Find]:
    """What is found before anybody has come."""
    return machine.left()


@pytest.fixture(scope="module")
def sold(machine: Remains, before: list[Find]) -> Sold:
    visitor = machine.visitor
    visitor.choose("past_addresses:all", "digits:all")
    visitor.add_lot()
    visitor.show_card()
    typed = known(machine)
    visitor.hand_over()
    shown, worker = known(machine), machine.serving()
    visitor.take_card()
    visitor.to_payment()
    order = machine.scene.open_order()
    visitor.pay(500, 100, 100)
    machine.scene.take_paper()
    machine.scene.take_paper()
    visitor.leave()
    machine.at_rest()
    receipts = machine.scene.until(lambda: machine.rig.sim(do="truth")["truth"]["receipts"], "the receipt")
    return Sold(
        typed, shown, worker, machine.gone(GONE_WITHIN_S), order, receipts[-1]["lines"], visitor.person
    )


def known(machine: Remains) -> dict[str, set[str]]:
    """What core, courier and ui know now, as far as it can be found."""
    pids = machine.programs()
    return {name: machine.known_to(pids[name]) for name in ("core", "courier", "ui")}


def test_nothing_is_found_before_anybody_has_come(before: list[Find]) -> None:
    assert before == []


def test_a_pin_that_is_being_typed_is_in_the_ui_alone(sold: Sold) -> None:
    assert sold.typed == {"core": set(), "courier": set(), "ui": {PINS}}


def test_while_the_visit_lives_the_screen_has_the_masked_name_and_no_more(sold: Sold) -> None:
    assert sold.shown == {"core": {MASKED}, "courier": set(), "ui": {MASKED}}


@pytest.mark.skipif(not may_look_into_hardened_ones(), reason="a worker lets its own user not look into it")
def test_while_the_visit_lives_its_worker_has_name_number_and_address(sold: Sold) -> None:
    assert sold.worker is not None


def test_nothing_is_left_of_a_visit_whose_papers_were_taken(sold: Sold) -> None:
    assert sold.left == []


def test_the_ledger_has_types_copies_and_a_pseudonym_and_not_what_was_asked(
    sold: Sold, machine: Remains
) -> None:
    scene = machine.scene
    opened = next(row["body"] for row in scene.journal() if row["body"].get("order") == sold.order)
    assert re.fullmatch("[0-9a-f]{32,64}", opened["holder"])
    # Copy, type, sheets and fee of each line, and nothing else.
    assert [line[1:] for line in opened.pop("lines")] == [
        [1, "resident-household", 2, 200],
        [1, "land", 1, 500],
    ]
    assert opened == {"order": sold.order, "fee": 700, "holder": opened["holder"]}
    files = {file.name: file.read_bytes() for file in (machine.rig.run / "ledger").iterdir()}
    assert [(name, word) for name, data in files.items() for word in asked() if word.encode() in data] == []


def test_no_log_says_what_was_asked(sold: Sold, machine: Remains) -> None:
    logs = {file.name: file.read_text("utf-8") for file in (machine.rig.run / "log").iterdir()}
    assert sold.order in logs["core.log"]
    assert [(name, word) for name, text in logs.items() for word in asked() if word in text] == []


def test_the_answer_to_the_question_names_no_order(sold: Sold, machine: Remains) -> None:
    answers = [row["body"] for row in machine.scene.journal() if row["kind"] == "survey"]
    assert {"score": 5} in answers
    assert {frozenset(answer) for answer in answers} == {frozenset({"score"})}


def test_the_receipt_names_no_person_and_no_lot(sold: Sold) -> None:
    said = " ".join(sold.receipt)
    assert "주민등록표 등본" in said
    person = sold.person
    private = (person.name, person.masked_name, person.number[7:], "여의나루로", "여의도동")
    assert [word for word in private if word in said] == []


def asked() -> tuple[str, ...]:
    """What would tell what somebody wanted on their paper, or for which lot."""
    kinds = load_catalogue(card_reader=True).types
    return ("1156011000", "여의도동", *{f'"{option.code}"' for kind in kinds for option in kind.option})


def cancelled(machine: Remains) -> None:
    """With money in, which goes back."""
    machine.visitor.to_payment()
    machine.visitor.pay(100)
    machine.visitor.pilot.press("cancel")
    machine.visitor.pilot.press("leave")
    machine.visitor.leave()


def worker_killed(machine: Remains) -> None:
    """The one that waits takes its place and knows nobody: the card is asked for again, and the person goes."""
    serving, _waiting = machine.rig.worker_pids()
    os.killpg(serving, signal.SIGKILL)
    # The card is read anew before its PIN is asked for, and a finger that lands between the two screens is not heard.
    machine.visitor.wait(screen="identify", control="pin:1")
    machine.visitor.pilot.press("cancel")
    machine.visitor.leave()


def core_killed_while_a_pin_is_typed(machine: Remains) -> None:
    """The PIN for one more certificate, on top of all that the first one has brought."""
    machine.visitor.add_another()
    assert PINS in machine.known_to(machine.programs()["ui"])
    machine.new_core()


@pytest.mark.parametrize("end", [cancelled, worker_killed, core_killed_while_a_pin_is_typed])
def test_nothing_is_left_of_a_visit_that_was(end: Callable[[Remains], None], machine: Remains) -> None:
    machine.at_rest()
    machine.visitor.choose("digits:all")
    machine.visitor.show_card()
    machine.visitor.hand_over()
    worker = machine.serving()
    assert worker is not None
    end(machine)
    machine.at_rest()
    # The screen is back before the kernel has ended the last of them.
    machine.scene.until(lambda: not group_of(worker), "the end of worker and typesetter", GONE_WITHIN_S)
    assert machine.gone(GONE_WITHIN_S) == []


def test_what_there_is_to_choose_from_is_known_while_it_is_shown_and_left_nowhere(machine: Remains) -> None:
    machine.at_rest()
    assert len(machine.visitor.person.machines) == 2
    machine.visitor.choose_machine()
    machine.visitor.show_card()
    machine.visitor.hand_over_to_pick()
    both = {MASKED, MACHINES}
    assert known(machine) == {"core": both, "courier": set(), "ui": both}
    machine.visitor.pick(1)
    machine.visitor.pilot.press("cancel")
    machine.visitor.leave()
    machine.at_rest()
    assert machine.gone(GONE_WITHIN_S) == []


def test_nothing_is_left_of_a_visit_whose_time_ran_out(machine: Remains) -> None:
    machine.at_rest()
    with machine.hasty():
        machine.visitor.choose()
        machine.visitor.show_card()
        machine.visitor.hand_over()
        machine.at_rest()
        assert machine.gone(GONE_WITHIN_S) == []
