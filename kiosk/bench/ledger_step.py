"""One durable ledger step against a raw sqlite3 commit of the same rows, in the same run and the same folder."""

import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

from drivers.contract import CoinPosition
from kiosk.bench.bar import Bar
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.ledger.migrations import MIGRATIONS
from kiosk.ledger.schema import PRAGMAS
from kiosk.order.model import Issue, Order
from kiosk.protocol.journal import Credit, OrderOpened

STEPS = 300
ROUNDS = 5
LIMIT = 1.5


def measure(folder: Path) -> Bar:
    """Median over rounds of (ledger step / raw commit); rounds alternate, since a disk's fsync drifts."""
    ratios = []
    for number in range(ROUNDS):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            ours = _ours(Path(place) / f"ours{number}.db")
            raw = _raw(Path(place) / f"raw{number}.db", Path(place) / f"ours{number}.db")
            ratios.append(ours / raw)
    detail = f"median of {ROUNDS} rounds of {STEPS} steps, {min(ratios):.2f} to {max(ratios):.2f}"
    what = "durable ledger step / raw sqlite3 commit of the same rows"
    return Bar(what, statistics.median(ratios), LIMIT, "x", detail)


def _order(credit: int) -> Order:
    return Order(
        "01HZY8M2T6W3V9XQ5R7N4K8B2C", 1, (Issue(1, 1, "k", "land", 500, 1, "h" * 64),), credit=credit
    )


def _ours(file: Path) -> float:
    ledger = Ledger(file, lambda: Stamp("01HZY8M2T6W3V9XQ5R7N4K8B2D", time.time_ns() // 1_000_000, 1))
    ledger.commit((OrderOpened("01HZY8M2T6W3V9XQ5R7N4K8B2C", fee=500, lines=()),), _order(0))
    start = time.perf_counter()
    for step in range(STEPS):
        fact = Credit("01HZY8M2T6W3V9XQ5R7N4K8B2C", value=100, credit=step)
        ledger.commit((fact,), _order(step), CoinPosition("A1", step, step))
    spent = time.perf_counter() - start
    ledger.close()
    return spent


def _raw(file: Path, model: Path) -> float:
    """The very rows that the ledger wrote, prepared beforehand: only SQL and commit are timed."""
    with sqlite3.connect(model) as source:
        journal = source.execute("SELECT * FROM journal WHERE seq > 1 ORDER BY seq").fetchall()
    source.close()
    db = sqlite3.connect(file, isolation_level=None)
    for name, (value, _expected) in PRAGMAS.items():
        db.execute(f"PRAGMA {name}={value}").fetchone()
    for version in MIGRATIONS:
        db.executescript(version.script)
    db.execute("INSERT INTO orders VALUES ('o', 1, 'COLLECT', 0, 0, 0, 0, NULL, '{}', NULL)")
    db.execute("INSERT INTO positions VALUES ('coin', '{}')")
    bodies = [msgspec.json.encode(_order(step)).decode() for step in range(STEPS)]
    positions = [msgspec.json.encode(CoinPosition("A1", step, step)).decode() for step in range(STEPS)]
    start = time.perf_counter()
    for step in range(STEPS):
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)", journal[step])
        db.execute("INSERT INTO outbox VALUES (?)", (journal[step][0],))
        db.execute("UPDATE orders SET credit = ?, body = ? WHERE id = 'o'", (step, bodies[step]))
        db.execute("UPDATE positions SET body = ? WHERE device = 'coin'", (positions[step],))
        db.execute("COMMIT")
    spent = time.perf_counter() - start
    db.close()
    return spent
