"""One desk machine that is struck again and again, and the accounts that must agree after each blow."""

import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from kiosk.books import accounts
from kiosk.books.reconcile import read_central, read_ledger, read_truth
from kiosk.desk.desk_machine import DeskMachine
from kiosk.desk.ui_client import Errand, UiClient, controls
from kiosk.ipc.link import LinkError
from kiosk.protocol.screen import ScreenName, Snapshot

PATIENCE_S = 40.0
POLL_S = 0.02
LEDGER_FILES = ("ledger.db", "ledger.db-wal")
# The kernel stamps a file with the last tick of its clock, so two writes may have one time; not so far apart.
SETTLED_NS = 100_000_000
INTENTS = {
    "paying": ("order-opened", ("issue-intent", "order-closed")),
    "printing": ("print-intent", ("issue-delivered", "issue-void", "issue-disputed", "present-intent")),
    "paying out": ("pay-intent", ("paid", "payout-disputed")),
}

T = TypeVar("T")


class Read(NamedTuple):
    """The journal's rows, and the state of the files in which they stood; None when one was just being written."""

    written: tuple[tuple[int, int], ...] | None
    rows: list[dict[str, Any]]


class Scene:
    """The rig, a hand on its screen, and what ledger, truth and central say."""

    def __init__(self, rig: DeskMachine) -> None:
        self.rig = rig
        self._hand: UiClient | None = None
        self._read: Read | None = None

    @property
    def hand(self) -> UiClient:
        """A hand on the present core; core serves one screen at a time, and a new core wants a new hand."""
        if self._hand is None or self._hand.gone.is_set():
            self._hand = self.until(self._take_hand, "core's screen")
        return self._hand

    def _take_hand(self) -> UiClient | None:
        try:
            return UiClient(self.rig.run)
        except LinkError:
            return None

    def until(self, condition: Callable[[], T | None], what: str, within_s: float = PATIENCE_S) -> T:
        """The first true value of `condition`. Fails naming what did not come."""
        end = time.monotonic() + within_s
        while not (value := condition()):
            assert time.monotonic() < end, f"{what} did not come within {within_s:.0f} s\n{self.rig.notes()}"
            time.sleep(POLL_S)  # real programs, devices and disks do not tell a test that it has come
        return value

    # --- the citizen --------------------------------------------------------------------------------------------------

    def at_rest(self) -> None:
        """Back to the first screen, pressing whatever ends the last visit."""

        def rested() -> bool:
            snapshot = self.hand.wait(lambda _: True, "any screen")
            if snapshot.screen is ScreenName.ATTRACT:
                return True
            self._press_away(snapshot)
            return False

        try:
            self.until(rested, "the first screen")
        except AssertionError as error:
            snapshot = self.hand.wait(lambda _: True, "any screen")
            raise AssertionError(
                f"{error}; there was {snapshot.screen} «{snapshot.title}» {snapshot.code}"
            ) from error

    def _press_away(self, snapshot: Snapshot) -> None:
        for name in ("done", "skip", "later", "cancel"):
            if any(control.id == name and control.enabled for control in controls(snapshot)):
                self.hand.press(name)
                return

    def to_payment(self, *errands: Errand) -> None:
        """From the first screen to the first coin."""
        self.at_rest()
        checked = self.hand.ask_for(*errands)
        assert checked.screen is ScreenName.CHECK, f"{checked.title} {checked.code}"
        self.hand.press("pay")
        self.hand.wait(lambda s: s.screen is ScreenName.PAY and s.money is not None, "the payment screen")
        self.until(self.statuses_allow_coins, "the open coin slot")

    def statuses_allow_coins(self) -> bool:
        """The acceptor lets coins in (its own lamp)."""
        return bool(self.rig.sim(do="state")["coin"]["accepting"])

    def drop(self, *values: int) -> None:
        """Drop coins; each must be accepted."""
        for value in values:
            self.until(partial(self._dropped, value), f"{value} KRW taken")

    def _dropped(self, value: int) -> bool:
        return bool(self.rig.sim(do="coin", value=value)["coin"] == "accepted")

    def take_paper(self) -> int:
        """Take what sticks out, as soon as it does; how many sheets it was."""
        return len(self.until(self.take_paper_now, "paper at the mouth"))

    def take_paper_now(self) -> list[Any]:
        """Take what sticks out now, if anything does; its sheets."""
        sheets: list[Any] = self.rig.sim(do="take")["sheets"]
        return sheets

    # --- the accounts -------------------------------------------------------------------------------------------------

    def journal(self) -> list[dict[str, Any]]:
        """The journal as it is on the disk now, from a copy of ledger and WAL: core holds the file for itself.

        Copied again only when it was written: whoever waits for a row asks fifty times a second.
        """
        written = self._written()
        if self._read is None or self._read.written != written:
            begun_ns = time.time_ns()
            rows = self.until(self._rows_of_a_copy, "a copy that is of one moment")
            found = [{"seq": s, "mono_ms": m, "kind": k, "body": json.loads(b)} for s, m, k, b in rows]
            settled = all(begun_ns - moment_ns > SETTLED_NS for moment_ns, _size in written)
            self._read = Read(written if settled else None, found)
        return self._read.rows

    def _written(self) -> tuple[tuple[int, int], ...]:
        """When each of the files was last written, and how large it is."""
        found = []
        for name in LEDGER_FILES:
            with suppress(FileNotFoundError):  # a core that ends in order takes its WAL along
                stat = (self.rig.run / "ledger" / name).stat()
                found.append((stat.st_mtime_ns, stat.st_size))
        return tuple(found)

    def _rows_of_a_copy(self) -> list[tuple[int, int, str, str]]:
        """Nothing where the copy is none: core was writing the file in that moment."""
        with (
            self.ledger_copy() as copy,
            closing(sqlite3.connect(copy)) as db,
            suppress(sqlite3.DatabaseError),
        ):
            return db.execute("SELECT seq, mono_ms, kind, body FROM journal ORDER BY seq").fetchall()
        return []

    @contextmanager
    def ledger_copy(self) -> Iterator[Path]:
        """The ledger as it is on the disk now, to be read."""
        with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as place:
            self.until(lambda: self._copied(Path(place)), "a copy that is of one moment")
            db = sqlite3.connect(Path(place) / "ledger.db")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            db.close()
            yield Path(place) / "ledger.db"

    def _copied(self, place: Path) -> bool:
        """Whether ledger and WAL are of one moment: core folded none of the WAL into the ledger meanwhile."""
        ledger, wal = (self.rig.run / "ledger" / name for name in LEDGER_FILES)
        if not ledger.exists():  # core has only just begun
            return False
        before = ledger.stat()
        shutil.copy(ledger, place)
        (place / wal.name).unlink(missing_ok=True)
        with suppress(FileNotFoundError):  # core ended in order, and took it along
            shutil.copy(wal, place)
        after = ledger.stat()
        return (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)

    def differences(self) -> list[str]:
        """What ledger, physical truth and central do not agree on now."""
        with self.ledger_copy() as copy:
            ledger = read_ledger(copy)
        told = accounts.Books(
            ledger, read_truth(self.rig.sim(do="truth")["truth"]), read_central(self.rig.central_export())
        )
        return [
            f"{line.what}: {line.ledger} / {line.truth} / {line.central}"
            for line in accounts.compare(told)
            if not line.equal
        ]

    def books_meet(self) -> None:
        """Every order closed, central told, all accounts equal, within patience."""
        end = time.monotonic() + PATIENCE_S
        while found := self.differences():
            assert time.monotonic() < end, "\n".join(found)
            time.sleep(POLL_S * 10)  # central tells nobody; each look starts its export

    def last_closed(self, order: str, within_s: float = PATIENCE_S) -> dict[str, Any]:
        """The order-closed record of an order, when it comes."""

        def closed() -> dict[str, Any] | None:
            return next(
                (
                    r["body"]
                    for r in self.journal()
                    if r["kind"] == "order-closed" and r["body"]["order"] == order
                ),
                None,
            )

        return self.until(closed, f"the end of order {order}", within_s)

    def open_order(self) -> str:
        """The id of the last order opened."""
        return str(next(r for r in reversed(self.journal()) if r["kind"] == "order-opened")["body"]["order"])

    def was_open(self, moment: str, order: str, struck_ms: float) -> bool:
        """The moment's intent was durable before the blow, and its outcome came after it."""
        intent, outcomes = INTENTS[moment]
        rows = [r for r in self.journal() if r["body"].get("order") == order]
        before = [r for r in rows if r["kind"] == intent and r["mono_ms"] <= struck_ms]
        ended = [r for r in rows if r["kind"] in outcomes and r["mono_ms"] <= struck_ms]
        return bool(before) and len(ended) < len(before)
