"""A rebuild from rows of another program: an older one's are read, what nobody knows is refused, nothing is guessed."""

from typing import Any

import pytest

from kiosk.ledger.rebuild import RebuildError
from kiosk.ledger.segments import segments
from kiosk.protocol.journal import Fact
from tests.unit.ledger.lost import Machine, same_books, story
from tests.unit.ledger.rechained import Change, rechained


class OfTomorrow(Fact, frozen=True):
    """What no program of today knows."""

    kind = "money-from-the-moon"
    value: int


def without(kind: str, *names: str) -> Change:
    """Rows of this kind have no such fields; of lines in them neither."""

    def change(of: str, body: dict[str, Any]) -> dict[str, Any]:
        if of == kind:
            for part in (body, body.get("money", {}), *body.get("lines", ())):
                for name in names:
                    if isinstance(part, dict):
                        part.pop(name, None)
        return body

    return change


def saying(kind: str, **fields: Any) -> Change:
    """Rows of this kind say this."""
    return lambda of, body: {**body, **fields} if of == kind else body


@pytest.mark.parametrize(
    "older",
    [
        without("print-intent", "printer", "presenter", "job"),
        without("print-intent", "job"),
        without("issue-void", "retracted"),
        without("day-closed", "card", "nobodys"),
        without("hopper-filled", "hopper"),
    ],
    ids=["before serials", "before the job", "before retracts", "before cards", "before a second hopper"],
)
def test_what_an_older_machine_did_not_write_yet_hinders_no_rebuild(machine: Machine, older: Change) -> None:
    machine.more()
    machine.central.rows = rechained(machine.central.rows, older)
    found, done = machine.rebuild(None)
    assert (done.unproved, done.missing, done.violations) == ((), 0, ())
    assert found.totals() == machine.ledger.totals()
    found.close()


def test_a_segment_whose_time_was_not_written_was_closed_when_its_row_was(machine: Machine) -> None:
    machine.more()
    row = next(row for row in machine.central.rows if row.kind == "segment-closed")
    machine.central.rows = rechained(machine.central.rows, without("segment-closed", "closed_ms"))
    found, _ = machine.rebuild(None)
    assert [segment.closed_ms for segment in segments(found)] == [row.at_ms]
    found.close()


def test_what_a_later_machine_writes_besides_is_passed_over(machine: Machine) -> None:
    def later(kind: str, body: dict[str, Any]) -> dict[str, Any]:
        lines = {"lines": [[*line, "new"] for line in body["lines"]]} if kind == "order-opened" else {}
        return {**body, **lines, "of-tomorrow": [1], "kind": "another"}

    machine.more()
    machine.central.rows = rechained(machine.central.rows, later)
    found, done = machine.rebuild(None)
    assert (done.unproved, done.missing, done.violations) == ((), 0, ())
    assert list(map(story, found.orders())) == list(map(story, machine.ledger.orders()))
    found.close()


def test_a_row_of_a_kind_that_nobody_knows_is_refused(machine: Machine) -> None:
    machine.ledger.commit((OfTomorrow(100),))  # type: ignore[arg-type]  # that is what is tried
    machine.central.take(machine.ledger)
    with pytest.raises(RebuildError, match="money-from-the-moon") as refused:
        machine.rebuild(None)
    assert refused.value.code == "unknown-row"


@pytest.mark.parametrize(
    "wrong",
    [
        saying("credit", value="a hundred"),
        without("order-closed", "claim"),
        saying("order-closed", outcome="BETTER"),
        saying("print-intent", pages_before=None),
    ],
    ids=["a sum that is none", "a field that is not there", "an end that nobody knows", "null"],
)
def test_a_row_that_does_not_say_what_it_must_is_refused(machine: Machine, wrong: Change) -> None:
    machine.more()
    machine.central.rows = rechained(machine.central.rows, wrong)
    with pytest.raises(RebuildError, match="does not say what this program expects") as refused:
        machine.rebuild(None)
    assert refused.value.code == "unknown-row"


def test_whatever_central_names_a_decision_by_the_machine_can_read_its_own_row_back(machine: Machine) -> None:
    """Its case, sum and order come over the wire; a row that could not be read would end every rebuild."""
    from kiosk.core.case_file import CaseFile
    from kiosk.protocol.claims import Resolution

    far = Resolution(2**53 - 1, "x" * 5_000, "v" * 5_000, 2**53 - 1)
    CaseFile(machine.ledger, lambda: None).heard((far,))
    machine.more()
    found, _ = machine.rebuild(None)
    same_books(machine.ledger, found)
    found.close()
