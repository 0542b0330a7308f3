"""Every type of the journal's is written by some run here, or by a test that is named beside it with its reason."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from kiosk.ledger.ledger import Ledger
from kiosk.order.model import Policy
from kiosk.protocol.journal import TYPES, kind_of
from tests.crash.lives.life import live, named
from tests.unit.ledger.lost import Machine
from tests.unit.order.any_story import story

ROOT = Path(__file__).resolve().parents[2]
# Lives in which something happens to the machine, not to an order alone.
LIVES = (
    "12:@5",
    "52:@5",
    "218:91@5",
    "218:63+40@5",
    "470:@5",
    "574:19+40@5",
    "684:@5",
    "815:@5",
    "971:@5",
    "971:52@5",
)
STORIES = 2_000
# What the helper above a ledger enters itself, where core would.
BY_HAND = {"boot", "acceptor-known", "hopper-filled", "credit", "surplus", "bundle-proved"}
ELSEWHERE = {
    # no publisher is in these runs
    "bundle-proved": "tests/unit/core/test_active_bundle.py",
    "bundle-activated": "tests/unit/core/test_active_bundle.py",
    "bundle-refused": "tests/unit/core/test_active_bundle.py",
    "bundle-not-taken": "tests/unit/core/test_active_bundle.py",
    # central always takes what these machines send
    "chain-refused": "tests/unit/core/test_outbox_sender.py",
    # no night passes
    "copy-made": "tests/unit/core/test_ledger_upkeep.py",
    "copy-failed": "tests/unit/core/test_ledger_upkeep.py",
    "segment-dropped": "tests/unit/core/test_ledger_upkeep.py",
    # counters of these devices neither run wild, nor move for nobody, nor are forgotten between orders
    "surplus": "tests/unit/core/test_idle_watch.py",
    "counter-implausible": "tests/unit/core/test_idle_watch.py",
    "hopper-forgot": "tests/unit/core/test_hoppers.py",
    "hopper-known": "tests/unit/core/test_hoppers.py",
    # nobody answers the question
    "survey": "tests/e2e/test_nothing_left.py",
}


@contextmanager
def kinds_written() -> Iterator[set[str]]:
    """The kinds of all rows that any ledger writes meanwhile."""
    found, append = set[str](), Ledger._append

    def noted(self: Ledger, seq: int, prev: str, fact: Any, stamp: Any) -> str:
        found.add(kind_of(fact))
        return append(self, seq, prev, fact, stamp)

    with mock.patch.object(Ledger, "_append", noted):
        yield found


@pytest.mark.timeout(240)
def test_every_type_is_written_by_a_run_or_by_the_test_that_is_named_for_it(tmp_path: Path) -> None:
    with kinds_written() as found:
        machine = Machine(tmp_path)
        machine.more()
        rebuilt, _ = machine.rebuild(None)
        rebuilt.close()
        machine.ledger.close()
        found.difference_update(BY_HAND)
        for life in LIVES:
            assert live(named(life)).wrongs == ()
    rng = random.Random(1)
    for _ in range(STORIES):
        for _before, move, _boot in story(rng, Policy(cards=True)):
            found.update(map(kind_of, move.records))
    assert set(TYPES) - found == set(ELSEWHERE), "let a run write it, or name the test that does in ELSEWHERE"


@pytest.mark.parametrize(("kind", "where"), ELSEWHERE.items())
def test_the_file_that_is_named_for_a_type_speaks_of_it(kind: str, where: str) -> None:
    text = (ROOT / where).read_text("utf-8")
    assert f'"{kind}"' in text or TYPES[kind].__name__ in text
