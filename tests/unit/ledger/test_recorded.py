"""Recorded bytes: whole ledgers of before the journal had types, a row of each kind, rows of machines that wrote less.

Each is read; the first two are written again as they were; a ledger chains and comes back.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.ledger.rebuild import rebuild
from kiosk.order.model import Order, Policy
from kiosk.protocol import journal
from kiosk.protocol.central import JournalReply
from kiosk.protocol.chain import GENESIS, row_hash
from kiosk.protocol.courier import JournalRow
from tests.crash.lives.core import TERMS
from tests.rebuilt import told

FOLDER = Path(__file__).parent / "recorded"
LEDGERS = [json.loads(line) for line in (FOLDER / "ledgers.jsonl").read_text("utf-8").splitlines()]
ROWS = [json.loads(line) for line in (FOLDER / "rows.jsonl").read_text("utf-8").splitlines()]
OLDER = [json.loads(line) for line in (FOLDER / "older.jsonl").read_text("utf-8").splitlines()]
DAY = "a day of trade"


def rows_of(ledger: dict[str, Any]) -> tuple[JournalRow, ...]:
    return tuple(
        JournalRow(seq, boot, at_ms, mono_ms, kind, msgspec.Raw(body.encode()), prev, digest)
        for seq, boot, at_ms, mono_ms, kind, body, prev, digest in ledger["rows"]
    )


def test_every_kind_is_among_the_recorded_rows() -> None:
    assert {kind for kind, _ in ROWS} == set(journal.TYPES), (
        'a line ["kind", "body as a string"] in rows.jsonl'
    )


@pytest.mark.parametrize(("kind", "text"), ROWS)
def test_a_recorded_row_is_read_and_written_again_byte_for_byte(kind: str, text: str) -> None:
    assert journal.text_of(journal.decode(kind, text)) == text


@pytest.mark.parametrize(("kind", "text"), OLDER)
def test_a_row_of_a_machine_that_wrote_less_is_read(kind: str, text: str) -> None:
    said = journal.body_of(journal.decode(kind, text))
    assert {
        name: said[name] for name in json.loads(text) if name not in ("money", "lines")
    }.items() <= json.loads(text).items()


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda one: one["life"])
def test_what_is_written_today_has_the_hash_that_it_had(ledger: dict[str, Any]) -> None:
    prev = GENESIS
    for row in rows_of(ledger):
        body = journal.body_of(journal.decode(row.kind, row.body))
        names = ("seq", "boot", "at_ms", "mono_ms", "kind")
        prev = row_hash(prev, body=body, **{name: getattr(row, name) for name in names})
        assert prev == row.hash


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda one: one["life"])
def test_a_recorded_journal_gives_back_the_orders_and_positions_of_its_ledger(
    ledger: dict[str, Any], tmp_path: Path
) -> None:
    rows = rows_of(ledger)
    policy = Policy() if ledger["life"] == DAY else TERMS

    def fetch(after: int) -> JournalReply:
        return JournalReply(rows[after : after + 50], rows[-1].seq, rows[-1].hash, rows[-1].seq)

    part = tmp_path / "ledger.part"
    rebuilt = rebuild(part, None, fetch, "K", lambda: Stamp("rebuilt", 0, 0), policy)
    found = Ledger(part, lambda: Stamp("rebuilt", 0, 0))
    orders = {order.id: order for order in found.orders()}
    for body in ledger["orders"]:
        lived = msgspec.json.decode(body, type=Order)
        if lived.id not in rebuilt.unproved:
            opened_ms = orders[
                lived.id
            ].opened_ms  # the clock of the trade's world is another one than its ledger's
            assert told(orders[lived.id]) == told(replace(lived, opened_ms=opened_ms))
    positions = {name: json.loads(body) for name, body in found.db.execute("SELECT * FROM positions")}
    assert positions == {name: json.loads(body) for name, body in ledger["positions"]}
    found.close()
