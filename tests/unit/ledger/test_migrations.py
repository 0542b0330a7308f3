"""A ledger of any older schema is brought up at boot, whole or not at all; a newer one is refused and not touched."""

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from kiosk.ledger import migrations
from kiosk.ledger.chain_check import check_chain
from kiosk.ledger.ledger import Ledger, claim_code
from kiosk.ledger.migrations import MIGRATIONS, SCHEMA_VERSION, Migration
from kiosk.ledger.problems import LedgerError
from kiosk.ledger.schema import PRAGMAS
from kiosk.protocol.journal import CaseResolved
from tests.unit.ledger.cutting import Cut, connect, image
from tests.unit.ledger.trade import Clock, sell

OLD = Path(__file__).with_name("schema-1.db")
# What the program that made the old file said of it.
HEAD = (46, "8060a7840519103429b6315cd5d94042146c4bdb2204e91d3bfc20bdfcd96372")
TOTALS = {"orders": 5, "fee": 1500, "credit": 2400, "paid": 800, "claim": 100, "surplus": 500}
OPEN = "01KAN0000000000000000000A5"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copy(OLD, tmp_path / "ledger.db"))


def opened(file: Path, connection: sqlite3.Connection | None = None) -> Ledger:
    return Ledger(file, Clock().stamp, connection=connection)


def test_a_ledger_of_the_first_schema_is_brought_up_and_nothing_of_it_is_another(old: Path) -> None:
    ledger = opened(old)
    assert ledger.found_schema == 1
    assert ledger.head == HEAD
    assert ledger.totals() == TOTALS
    assert ledger.violations() == []
    assert check_chain(ledger.db.conn).broken == 0
    left = ledger.open_order()
    assert left is not None
    assert left.id == OPEN
    assert ledger.outbox_depth()[0] == 26
    ledger.close()
    again = opened(old)
    assert (again.found_schema, again.head, again.totals()) == (SCHEMA_VERSION, HEAD, TOTALS)
    again.close()


def test_when_an_order_ended_is_known_of_old_orders_too(old: Path) -> None:
    ledger = opened(old)
    ended = dict(ledger.db.execute("SELECT id, closed_seq FROM orders").fetchall())
    for order, seq in ended.items():
        row = ledger.db.execute("SELECT kind, body FROM journal WHERE seq = ?", (seq,)).fetchone()
        assert (row is None) == (order == OPEN)
        assert row is None or (row[0] == "order-closed" and order in row[1])
    ledger.close()


def test_a_migrated_ledger_and_a_new_one_have_the_same_tables(old: Path, tmp_path: Path) -> None:
    def tables(file: Path) -> list[tuple[str, str]]:
        ledger = opened(file)
        found = ledger.db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        ledger.close()
        return found

    assert tables(old) == tables(tmp_path / "new.db")


def test_torn_at_any_statement_a_migration_is_done_or_not_and_the_next_start_ends_it(
    old: Path, tmp_path: Path
) -> None:
    whole = connect(old, None)
    opened(shutil_copy(old, tmp_path / "count.db"), counted := connect(tmp_path / "count.db")).close()
    whole.close()
    statements = (1 << 60) - counted.left
    assert statements > 30
    seen = set()
    for cut in range(statements):
        file = shutil_copy(OLD, tmp_path / f"{cut}.db")
        connection = connect(file, cut)
        with pytest.raises(Cut):
            opened(file, connection).close()
        left = image(file, tmp_path / f"cut{cut}") if file.exists() else file
        seen.add(version_of(left))
        after = opened(left)
        assert (after.head, after.totals(), after.violations()) == (HEAD, TOTALS, []), f"cut at {cut}"
        after.close()
    assert seen == set(range(1, SCHEMA_VERSION + 1))


def shutil_copy(source: Path, target: Path) -> Path:
    return Path(shutil.copy(source, target))


def version_of(file: Path) -> int:
    """By a reader that takes the log beside the file into account."""
    with sqlite3.connect(file) as db:
        found: int = db.execute("PRAGMA user_version").fetchone()[0]
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    db.close()
    assert ("segments" in tables) == (found >= 2)
    assert "journal_of_2" not in tables
    return found


def test_a_newer_schema_is_refused_with_code_cause_and_next_step_and_not_a_byte_is_touched(old: Path) -> None:
    with sqlite3.connect(old) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")  # so that taking it into use would show
        raw.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    raw.close()
    before = old.read_bytes()
    with pytest.raises(
        LedgerError, match=rf"schema {SCHEMA_VERSION + 1}, .* knows {SCHEMA_VERSION}; update first"
    ) as no:
        opened(old)
    assert no.value.code == "schema-newer"
    assert old.read_bytes() == before
    assert [file.name for file in old.parent.iterdir()] == [old.name]


def test_a_migration_that_fits_no_ledger_like_this_changes_nothing(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that forgets a row that another table refers to."""
    forgetful = MIGRATIONS[1].script.replace(
        "FROM journal ORDER BY seq", "FROM journal WHERE seq < 40 ORDER BY seq"
    )
    assert forgetful != MIGRATIONS[1].script
    monkeypatch.setattr(migrations, "MIGRATIONS", (MIGRATIONS[0], Migration(2, forgetful)))
    with pytest.raises(LedgerError, match="nothing was changed"):
        opened(old)
    monkeypatch.undo()
    ledger = opened(old)
    assert (ledger.found_schema, ledger.head) == (1, HEAD)
    ledger.close()


def test_without_room_for_the_tables_twice_nothing_is_begun(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(old.parent)._replace(free=old.stat().st_size)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(LedgerError, match="make room, then start again") as no:
        opened(old)
    assert no.value.code == "no-room"
    assert version_of(old) == 1


def test_after_a_migration_every_setting_reads_back_as_it_must(old: Path) -> None:
    ledger = opened(old)
    for name, (_value, expected) in PRAGMAS.items():
        assert ledger.db.execute(f"PRAGMA {name}").fetchone()[0] == expected
    ledger.close()


def test_a_ledger_belongs_to_the_machine_that_opened_it_first(tmp_path: Path) -> None:
    Ledger(tmp_path / "l.db", Clock().stamp, machine="YDP-0063").close()
    with pytest.raises(LedgerError, match="the ledger of YDP-0063, and this machine is YDP-0064") as no:
        Ledger(tmp_path / "l.db", Clock().stamp, machine="YDP-0064")
    assert no.value.code == "foreign"


def test_old_claims_keep_their_code(old: Path) -> None:
    ledger = opened(old)
    assert ledger.db.execute("SELECT order_id, code, amount FROM claims").fetchall() == [
        ("01KAN0000000000000000000A3", claim_code("01KAN0000000000000000000A3"), 100)
    ]
    ledger.close()


def test_what_was_decided_before_the_claims_knew_of_it_is_taken_from_the_journal(tmp_path: Path) -> None:
    def ledger_of(steps: tuple[Migration, ...]) -> Ledger:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(migrations, "MIGRATIONS", steps)
            return opened(tmp_path / "ledger.db")

    third = ledger_of(MIGRATIONS[:3])
    for name in ("01A", "01B", "01C"):
        sell(third, name, coins=(100, 100, 500), pays_at_most=1)
    for name, verdict, amount in (("01A", "claim", 100), ("01B", "void", 100), ("01C", "paid", 0)):
        third.commit((CaseResolved(1, name, verdict, amount),))
    third.close()
    now = ledger_of(MIGRATIONS)
    still_open = "SELECT order_id FROM claims WHERE settled_seq IS NULL"
    assert now.db.execute(still_open).fetchall() == [("01A",)]
    now.close()


def test_a_file_whose_very_tables_are_noise_is_refused_as_damaged(tmp_path: Path) -> None:
    """Whatever the noise: SQLite's own words about it may be no text."""
    whole = OLD.read_bytes()
    refused = 0
    for seed in range(60):
        rng = random.Random(seed)
        content = bytearray(whole)
        at = rng.randrange(100, 4096 - 512)
        content[at : at + 512] = rng.randbytes(512)
        file = tmp_path / f"{seed}.db"
        file.write_bytes(content)
        try:
            opened(file).close()
        except LedgerError as error:
            refused += error.code == "damaged"
    assert refused > 30
