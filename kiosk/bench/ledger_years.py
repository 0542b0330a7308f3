"""The ledger after years: a start and a step on two million rows; the copy beside the work.

The rows are laid in bulk, in the product's own schema and with a chain that holds; the steps are the product's own.
Empty and full take turns, since a disk's fsync drifts.
"""

import hashlib
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from drivers.contract import CoinPosition
from kiosk.bench.bar import Bar, percentile
from kiosk.ledger.chain_check import check_chain
from kiosk.ledger.copies import take_copy
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState
from kiosk.protocol.chain import GENESIS
from kiosk.protocol.journal import Credit

ROWS = 2_000_000
ROWS_PER_ORDER = 12
STEPS = 240
ROUNDS = 9
RATIO_LIMIT = 1.2
HELD_LIMIT_MS = 100.0
# A start of the machine takes about ten seconds before it sells; half of that may be the ledger's.
START_LIMIT_MS = 5_000.0
STARTS = 5
BOOT = "01HZY8M2T6W3V9XQ5R7N4K8B2D"
START_MS = 1_764_000_000_000


def measure() -> list[Bar]:
    """A start, the ratio of step times, and how long a step waits at most while the second copy is taken."""
    with tempfile.TemporaryDirectory(prefix="cg") as place:
        empty, full = Path(place) / "empty.db", Path(place) / "full.db"
        begun = time.perf_counter()
        fill(full, ROWS)
        built_s = time.perf_counter() - begun
        start = _start(full)
        new, old = _open(empty), _open(full)
        try:
            return [start, _steps(new, old, built_s), _beside_a_copy(old, Path(place) / "copy")]
        finally:
            new.close()
            old.close()


def _open(file: Path) -> Ledger:
    return Ledger(file, lambda: Stamp(BOOT, time.time_ns() // 1_000_000, 1), machine="BENCH")


def fill(file: Path, rows: int) -> None:
    """Lay `rows` journal rows with their orders and issues, all acknowledged. The ledger is then closed."""
    ledger = _open(file)
    db = ledger.db.conn
    db.execute("PRAGMA synchronous=OFF")
    db.execute("PRAGMA cache_size=-200000")
    db.execute("BEGIN")
    db.executemany("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _chain(rows))
    count = rows // ROWS_PER_ORDER
    db.executemany(
        "INSERT INTO orders VALUES (?, ?, 'CLOSED', 500, 500, 0, 0, 'DELIVERED', ?, ?)", _orders(count)
    )
    db.executemany("INSERT INTO issues VALUES (?, ?, 1, 1, 'land', 500, 1, 'DELIVERED', ?)", _issues(count))
    db.execute("COMMIT")
    ledger.close()


def _chain(rows: int) -> Iterator[tuple[object, ...]]:
    """Rows in the journal's own form, spelt out: `check_chain` reads them with the product's code afterwards."""
    prev = GENESIS
    for seq in range(1, rows + 1):
        body = f'{{"credit":500,"order":"{_name(seq // ROWS_PER_ORDER)}","value":500}}'
        at_ms = START_MS + seq * 1_000
        row = f'{{"at_ms":{at_ms},"body":{body},"boot":"{BOOT}","kind":"credit","mono_ms":{seq},"seq":{seq}}}'
        hashed = hashlib.sha256((prev + row).encode()).hexdigest()
        yield seq, BOOT, at_ms, seq, "credit", body, prev, hashed
        prev = hashed


def _name(number: int) -> str:
    return f"01HZ{number:022}"


def _order(name: str, number: int) -> Order:
    issue = Issue(
        1, 1, f"{name}-1-1", "land", 500, 1, "h" * 64, state=IssueState.DELIVERED, number=f"{number:016}"
    )
    return Order(
        name, START_MS, (issue,), state=OrderState.CLOSED, credit=500, outcome=OrderOutcome.DELIVERED
    )


def _orders(count: int) -> Iterator[tuple[object, ...]]:
    body = msgspec.json.encode(_order("NAME", 0)).decode()
    for number in range(count):
        name = _name(number)
        yield name, START_MS, body.replace("NAME", name), number * ROWS_PER_ORDER + 1


def _issues(count: int) -> Iterator[tuple[object, ...]]:
    for number in range(count):
        name = _name(number)
        yield f"{name}-1-1", name, f"{number:016}"


def _start(full: Path) -> Bar:
    """Opened with every page of the file checked, and what core asks of it before it sells."""
    times = []
    for _ in range(STARTS):
        begun = time.perf_counter()
        ledger = _open(full)
        try:
            _read_back(ledger)
            times.append((time.perf_counter() - begun) * 1000)
        finally:
            ledger.close()
    size = full.stat().st_size / 1e6
    detail = f"median of {STARTS}, {min(times):.0f} to {max(times):.0f} ms; {size:.0f} MB, in the page cache"
    what = f"ledger opened and checked at a start, {ROWS:,} journal rows"
    return Bar(what, statistics.median(times), START_LIMIT_MS, "ms", detail)


def _read_back(ledger: Ledger) -> None:
    ledger.open_order()
    ledger.waiting_orders()
    ledger.last_order()
    ledger.counters()
    ledger.coin_position()
    ledger.outbox_depth()
    ledger.owed()
    ledger.totals()


class _Customers:
    """Orders of twelve steps, one after the other, as core stores them."""

    def __init__(self, ledger: Ledger, series: str) -> None:
        self._ledger, self._series, self._served = ledger, series, 0

    def steps(self, count: int) -> list[float]:
        """So many durable steps, a multiple of an order's; what each took, in ms."""
        taken: list[float] = []
        while len(taken) < count:
            taken += self._serve()
        return taken

    def _serve(self) -> list[float]:
        """One order from its first step to its last."""
        self._served += 1
        closed = _order(f"01Z{self._series}{self._served:022}", int(f"9{self._series}{self._served:09}"))
        under_way = msgspec.structs.replace(closed, state=OrderState.LINES, outcome=None)
        taken = []
        for step in range(ROWS_PER_ORDER):
            order = closed if step == ROWS_PER_ORDER - 1 else under_way
            fact = Credit(order.id, value=100, credit=step)
            begun = time.perf_counter()
            self._ledger.commit((fact,), order, CoinPosition("A1", step, step))
            taken.append((time.perf_counter() - begun) * 1000)
        self._ledger.acknowledge(self._ledger.head[0])
        return taken


def _steps(new: Ledger, old: Ledger, built_s: float) -> Bar:
    """The median over rounds of median step time, full over empty."""
    few, many = _Customers(new, "1"), _Customers(old, "2")
    few.steps(STEPS)
    many.steps(STEPS)
    ratios, times = [], []
    for _ in range(ROUNDS):
        empty_ms, full_ms = (statistics.fmean(sorted(c.steps(STEPS))[: STEPS - 10]) for c in (few, many))
        ratios.append(full_ms / empty_ms)
        times.append((empty_ms, full_ms))
    empty_ms, full_ms = (statistics.median(column) for column in zip(*times, strict=True))
    detail = (
        f"{empty_ms:.2f} and {full_ms:.2f} ms, {ROUNDS} rounds of {STEPS} steps, "
        f"{min(ratios):.2f} to {max(ratios):.2f}; rows laid in {built_s:.0f} s"
    )
    what = f"ledger step on {ROWS:,} journal rows / on an empty journal"
    return Bar(what, statistics.median(ratios), RATIO_LIMIT, "x", detail)


def _beside_a_copy(old: Ledger, folder: Path) -> Bar:
    """The slowest of many steps while a copy is taken, verified and carried; the ledger's own thread works on."""
    ended = threading.Event()
    said: list[str] = []

    def copy() -> None:
        try:
            begun = time.perf_counter()
            made = take_copy(old, folder, lambda: None)
            spent = time.perf_counter() - begun
            said.append(f"{made.size / 1e6:.0f} MB in {spent:.0f} s, {made.held_ms:.1f} ms a step at most")
        finally:
            ended.set()

    customers = _Customers(old, "3")
    alone = customers.steps(STEPS)
    thread = threading.Thread(target=copy)
    thread.start()
    beside: list[float] = []
    while not ended.is_set():
        beside += customers.steps(ROWS_PER_ORDER)
        time.sleep(0.01)  # customers have pauses between them, and the copy its turns
    thread.join()
    chain = check_chain(old.db.conn)
    if chain.broken:
        raise ValueError(f"row {chain.broken} does not follow")
    detail = (
        f"p99 of {len(beside)} steps, {percentile(alone, 0.99):.1f} ms without it, "
        f"slowest {max(beside):.0f} ms; {said[0] if said else 'no copy'}"
    )
    return Bar(
        "ledger step while the second copy is made", percentile(beside, 0.99), HELD_LIMIT_MS, "ms", detail
    )
