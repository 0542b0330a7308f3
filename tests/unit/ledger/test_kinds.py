"""Every kind of row that the machine's code can write has its meaning in a rebuilt ledger, or none on purpose."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import kiosk
from central.fleet import interpret
from kiosk.health.power import Power
from kiosk.ledger.claims import CASE_RESOLVED
from kiosk.ledger.day import _COUNTS
from kiosk.ledger.kinds import BOOKS_ONLY, CHANGES_NOTHING, MOVES, ONLY_POSITIONS
from kiosk.ledger.rebuild import BESIDES, RebuildError
from kiosk.ledger.replay import KINDS
from kiosk.order.counters import What
from kiosk.order.saga import Record
from tests.unit.ledger.lost import Machine

CODE = Path(kiosk.__file__).parent
# What makes a row of the kind that is its first argument; the last two only in their own files.
WRITERS = {"Record", "issue_record", "card_record"}
WRITERS_OF = {"core/hoppers.py": {"_keep"}, "core/power_keeper.py": {"_commit"}}
# Kinds that stand in no literal: what the code writes there, from where it takes it.
FROM_ELSEWHERE = {
    "finding.what.value": {what.value for what in What},
    "CASE_RESOLVED": {CASE_RESOLVED},
    "f\"power-{state.value or 'good'}\"": {f"power-{state.value or 'good'}" for state in Power},
}
# Where a row is made once more, of the kind that it had: its file, and the function.
AGAIN = {("ledger/days.py", "_commit"): "record.kind", ("ledger/step.py", "with_kept"): "last.kind"}
# Measurements, not the machine.
NOT_THE_MACHINE = {"bench"}


def written() -> dict[str, set[str]]:
    """Each kind that can be written, and where."""
    found: dict[str, set[str]] = {}
    for file in sorted(CODE.rglob("*.py")):
        if NOT_THE_MACHINE & set(file.parts):
            continue
        where = str(file.relative_to(CODE))
        for kind in written_in(file.read_text("utf-8"), where):
            found.setdefault(kind, set()).add(where)
    return found


def written_in(text: str, where: str) -> Iterator[str]:
    for call, function in calls(ast.parse(text)):
        if called(call) in WRITERS | WRITERS_OF.get(where, set()):
            yield from kinds_in(call, function, where)


def calls(
    node: ast.AST, function: ast.FunctionDef | None = None
) -> Iterator[tuple[ast.Call, ast.FunctionDef | None]]:
    """Every call, and the innermost function that it stands in; None: it stands in none."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, function
        yield from calls(child, child if isinstance(child, ast.FunctionDef) else function)


def kinds_in(call: ast.Call, function: ast.FunctionDef | None, where: str) -> Iterator[str]:
    told = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "kind")]
    assert len(told) == 1, f"{where}: what kind of row is {ast.unparse(call)}?"
    named = {
        node.targets[0].id: node.value
        for node in (ast.walk(function) if function is not None else ())
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    if not handed_on(told[0], function, where):
        yield from kinds_of(
            named.get(told[0].id, told[0]) if isinstance(told[0], ast.Name) else told[0], where
        )


def handed_on(told: ast.expr, function: ast.FunctionDef | None, where: str) -> bool:
    """Whether somebody else has said the kind, and is read for it: a call of a writer, or an earlier row."""
    if function is None:
        return False
    if function.name in WRITERS | WRITERS_OF.get(where, set()):
        given = [argument.arg for argument in function.args.args if argument.arg != "self"]
        return isinstance(told, ast.Name) and told.id == given[0]
    return AGAIN.get((where, function.name)) == ast.unparse(told)


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
            assert text in FROM_ELSEWHERE, f"{where}: what kind of row is {text}?"
            yield from FROM_ELSEWHERE[text]


@pytest.mark.parametrize(
    "text",
    [
        'SAID = Record("a-kind", {})',
        'def f(): return Record(kind="a-kind", body={})',
        'def f():\n    kind = "a-kind" if lucky() else "a-kind"\n    return Record(kind, {})',
        'f = lambda: commit((issue_record("a-kind", saga, issue),))',
    ],
)
def test_wherever_a_row_is_made_its_kind_is_read(text: str) -> None:
    assert set(written_in(text, "core/some.py")) == {"a-kind"}


@pytest.mark.parametrize(
    "text",
    [
        "def f(kind): return Record(kind, {})",
        "def f(record): return Record(record.kind, {})",
        "def card_record(kind, other): return Record(other, {})",
        "def f(told): return Record(*told)",
        "def f(told): return Record(**told)",
        "kind = 1\nSAID = Record(kind, {})",
    ],
)
def test_a_row_whose_kind_can_not_be_read_fails(text: str) -> None:
    with pytest.raises(AssertionError, match="what kind of row is"):
        list(written_in(text, "core/some.py"))


def test_whoever_makes_a_row_once_more_is_there() -> None:
    for (file, name), told in AGAIN.items():
        tree = ast.parse((CODE / file).read_text("utf-8"))
        (function,) = (
            node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name
        )
        assert any(ast.unparse(node) == told for node in ast.walk(function))


def test_every_kind_that_can_be_written_is_known_to_a_rebuild() -> None:
    unknown = {kind: where for kind, where in written().items() if kind not in KINDS | set(BESIDES)}
    assert unknown == {}


def test_no_kind_is_listed_that_nobody_writes() -> None:
    """A word that was mistyped in a list would hide one that is missing."""
    assert (KINDS | set(BESIDES)) - set(written()) == set()


def test_a_kind_stands_in_one_place() -> None:
    assert not ONLY_POSITIONS & CHANGES_NOTHING
    assert len(KINDS | set(BESIDES)) == len(KINDS) + len(BESIDES)


def test_of_every_kind_it_is_said_whether_money_or_paper_moved() -> None:
    """A new one that is in no list fails here, and not in the first close of a day that leaves it out."""
    lists = (MOVES, BOOKS_ONLY, ONLY_POSITIONS, CHANGES_NOTHING)
    assert KINDS | set(BESIDES) == frozenset().union(*lists)
    assert sum(map(len, lists)) == len(KINDS | set(BESIDES)), "a kind is in two of them"


def test_the_close_of_a_day_counts_every_kind_that_moves_money_or_paper_and_no_other() -> None:
    assert set(_COUNTS) == MOVES


# Central books an order by its end: what has come in and gone out on the way is in the sums of order-closed.
IN_THE_SUMS_OF_THE_END = {"credit", "coins-unknown", "note-credit", "notes-unknown", "paid"}


def test_central_takes_in_every_kind_that_moves_money_or_paper() -> None:
    assert set(interpret._KINDS) <= KINDS | set(BESIDES)
    assert MOVES - set(interpret._KINDS) == IN_THE_SUMS_OF_THE_END


def test_whoever_looks_for_a_kind_of_row_looks_for_one_that_there_is() -> None:
    """`kiosk reconcile`, for one. A word that was mistyped would find nothing, and say that all is well."""
    looked_for: dict[str, set[str]] = {}
    for file in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Compare) and ast.unparse(node.left) in ("row.kind", "record.kind"):
                words = (
                    one.value
                    for side in node.comparators
                    for one in ast.walk(side)
                    if isinstance(one, ast.Constant)
                )
                looked_for.setdefault(file.name, set()).update(map(str, words))
    assert {"issue-intent", "note-credit", "surplus"} == looked_for["reconcile.py"]
    assert set().union(*looked_for.values()) <= KINDS | set(BESIDES)


def test_a_row_of_a_kind_that_nobody_knows_is_refused(machine: Machine) -> None:
    machine.ledger.commit((Record("money-from-the-moon", {"order": "01A", "value": 100}),))
    machine.central.take(machine.ledger)
    with pytest.raises(RebuildError, match="money-from-the-moon") as refused:
        machine.rebuild(None)
    assert refused.value.code == "unknown-row"
