"""Every kind of row that the machine's code can write has its meaning in a rebuilt ledger, or none on purpose."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import kiosk
from kiosk.health.power import Power
from kiosk.ledger.claims import CASE_RESOLVED
from kiosk.ledger.kinds import CHANGES_NOTHING, ONLY_POSITIONS
from kiosk.ledger.rebuild import BESIDES, RebuildError
from kiosk.ledger.replay import KINDS
from kiosk.order.counters import What
from kiosk.order.saga import Record
from tests.unit.ledger.lost import Machine

CODE = Path(kiosk.__file__).parent
# What makes a row of the kind that is its first argument; the last two only in their own files.
WRITERS = {"Record", "issue_record", "card_record"}
WRITERS_OF = {"apps/hoppers.py": {"_keep"}, "apps/power_keeper.py": {"_commit"}}
# Kinds that stand in no literal: what the code writes there, from where it takes it.
FROM_ELSEWHERE = {
    "finding.what.value": {what.value for what in What},
    "CASE_RESOLVED": {CASE_RESOLVED},
    "f\"power-{state.value or 'good'}\"": {f"power-{state.value or 'good'}" for state in Power},
}
# A kind that is handed on: whoever handed it in is a writer, too.
HANDED_ON = {"kind", "record.kind", "last.kind"}
# Measurements, not the machine.
NOT_THE_MACHINE = {"bench"}


def written() -> dict[str, set[str]]:
    """Each kind that can be written, and where."""
    found: dict[str, set[str]] = {}
    for file in sorted(CODE.rglob("*.py")):
        if NOT_THE_MACHINE & set(file.parts):
            continue
        where = str(file.relative_to(CODE))
        tree = ast.parse(file.read_text("utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for kind in kinds_in(function, where):
                    found.setdefault(kind, set()).add(where)
    return found


def kinds_in(function: ast.FunctionDef, where: str) -> Iterator[str]:
    named = {
        node.targets[0].id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for call in ast.walk(function):
        if (
            isinstance(call, ast.Call)
            and call.args
            and called(call) in WRITERS | WRITERS_OF.get(where, set())
        ):
            told = call.args[0]
            yield from kinds_of(named.get(told.id, told) if isinstance(told, ast.Name) else told, where)


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def kinds_of(told: ast.expr, where: str) -> Iterator[str]:
    match told:
        case ast.Constant(value=str(kind)):
            yield kind
        case ast.IfExp(body=one, orelse=other):
            yield from kinds_of(one, where)
            yield from kinds_of(other, where)
        case _:
            text = ast.unparse(told)
            assert text in FROM_ELSEWHERE or text in HANDED_ON, f"{where}: what kind of row is {text}?"
            yield from FROM_ELSEWHERE.get(text, ())


def test_every_kind_that_can_be_written_is_known_to_a_rebuild() -> None:
    unknown = {kind: where for kind, where in written().items() if kind not in KINDS | set(BESIDES)}
    assert unknown == {}


def test_no_kind_is_listed_that_nobody_writes() -> None:
    """A word that was mistyped in a list would hide one that is missing."""
    assert (KINDS | set(BESIDES)) - set(written()) == set()


def test_a_kind_stands_in_one_place() -> None:
    assert not ONLY_POSITIONS & CHANGES_NOTHING
    assert len(KINDS | set(BESIDES)) == len(KINDS) + len(BESIDES)


def test_a_row_of_a_kind_that_nobody_knows_is_refused(machine: Machine) -> None:
    machine.ledger.commit((Record("money-from-the-moon", {"order": "01A", "value": 100}),))
    machine.central.take(machine.ledger)
    with pytest.raises(RebuildError, match="money-from-the-moon") as refused:
        machine.rebuild(None)
    assert refused.value.code == "unknown-row"
