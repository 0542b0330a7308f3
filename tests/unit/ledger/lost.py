"""A machine whose ledger is going to be lost, central beside it, and what must be the same afterwards."""

from pathlib import Path

import msgspec

from drivers.contract import CoinPosition
from kiosk.core.case_file import CaseFile
from kiosk.ledger.chain_check import check_chain
from kiosk.ledger.copies import COPY, name_copy, take_copy
from kiosk.ledger.days import close_day, last_day, open_days
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.rebuild import Rebuilt, rebuild
from kiosk.ledger.segments import close_segment, segments
from kiosk.ledger.step import BundlePointer, Surplus
from kiosk.order import collecting
from kiosk.order.model import Issue, Order, Policy
from kiosk.protocol import journal
from kiosk.protocol.central import JournalReply
from kiosk.protocol.chain import GENESIS
from kiosk.protocol.claims import Resolution
from kiosk.protocol.courier import JournalRow
from tests.unit.ledger.trade import MORNING_MS, Clock, open_shop, sell

MACHINE = "YDP-0063"


class Central:
    """What central holds of one machine."""

    def __init__(self) -> None:
        self.rows: list[JournalRow] = []
        self.told = 0
        self.page = 7

    def take(self, ledger: Ledger) -> None:
        """Everything in the outbox arrives."""
        self.rows += ledger.outbox(10_000)
        self.told = max(self.told, ledger.head[0])
        ledger.acknowledge(self.rows[-1].seq)

    def fetch(self, after: int) -> JournalReply:
        rows = [row for row in self.rows if row.seq > after][: self.page]
        last = self.rows[-1] if self.rows else None
        return JournalReply(tuple(rows), last.seq if last else 0, last.hash if last else GENESIS, self.told)


class Machine:
    """A machine with a day of trade, central beside it, a second copy of noon."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.central = Central()
        self.ledger = Ledger(place / "ledger.db", Clock().stamp, machine=MACHINE)
        open_shop(self.ledger)
        open_days(self.ledger, "2025-11-25", MORNING_MS, {})
        sell(self.ledger, "01A", coins=(100, 100, 500))
        sell(self.ledger, "01B", copies=2, sheets=2, coins=(500, 500))

    def copy(self) -> Path:
        folder = self.place / "copy"
        name_copy(self.ledger, folder, take_copy(self.ledger, folder, lambda: None), MORNING_MS)
        return folder / COPY

    def more(self) -> None:
        """The afternoon: every way in which an order can end, coins of nobody, the close of the day."""
        ledger = self.ledger
        sell(ledger, "01C", sheets=3, jam_at=2)
        sell(ledger, "01D", collected=False)
        sell(ledger, "01E", coins=(100, 100, 500), pays_at_most=1)
        sell(ledger, "01K", coins=(100, 100, 500), pays_at_most=1)
        CaseFile(ledger, lambda: None).heard((Resolution(7, "01K", "redeemed", 0),))
        sell(ledger, "01F", central="refuses")
        sell(ledger, "01G", coins=(1_000,), hopper_of_500=20)
        sell(ledger, "01H", coins=(1_000,), note_fate="jams")
        ledger.commit((journal.BundleProved("k2"),), bundle=BundlePointer("k2", "k1", 2, "", proved=True))
        surplus, position = Surplus("coin", 100), CoinPosition("A1", 40, 40)
        ledger.commit((journal.Surplus("coin", value=100),), position=position, surplus=surplus)
        close_day(ledger, "2025-11-25", MORNING_MS, {}, "hour")
        close_segment(ledger, MORNING_MS)
        self.central.take(ledger)

    def leave_open(self, name: str = "01Z") -> Order:
        """Somebody has put 500 KRW in when the disk dies."""
        issue = Issue(1, 1, f"{name}-1-1", "land", 500, 1, "h")
        move = collecting.begin(name, (issue,), CoinPosition("A1", 40, 40), Policy(), 0, MORNING_MS)
        self.ledger.commit(move.records, move.saga.order)
        paid = msgspec.structs.replace(move.saga.order, credit=100, coins=1)
        credit = journal.Credit(name, value=100, credit=100)
        self.ledger.commit((credit,), paid, CoinPosition("A1", 41, 41))
        return paid

    def rebuild(self, copy: Path | None) -> tuple[Ledger, Rebuilt]:
        part = self.place / "rebuilt" / "ledger.part"
        part.parent.mkdir(exist_ok=True)
        done = rebuild(part, copy, self.central.fetch, MACHINE, Clock(MORNING_MS + 10**9).stamp, Policy())
        return Ledger(part, Clock(MORNING_MS + 2 * 10**9).stamp, machine=MACHINE), done


def story(order: Order) -> tuple[object, ...]:
    """What an order's rows tell of it."""
    issues = tuple((i.key, i.state, i.number, i.fee, i.sheets, i.spoiled) for i in order.issues)
    sums = (order.credit, order.earned, order.paid, order.claim, order.coins)
    return order.id, order.state, order.outcome, sums, issues


def same_books(lost: Ledger, found: Ledger) -> None:
    assert [story(order) for order in found.orders()] == [story(order) for order in lost.orders()]
    assert found.totals() == lost.totals()
    assert found.coin_position() == lost.coin_position()
    assert found.note_position() == lost.note_position()
    assert found.hopper_fill() == lost.hopper_fill()
    assert found.counters() == lost.counters()
    assert found.bundle_pointer() == lost.bundle_pointer()
    assert last_day(found) == last_day(lost)
    assert segments(found) == segments(lost)
    claims = "SELECT * FROM claims ORDER BY order_id"
    assert found.db.execute(claims).fetchall() == lost.db.execute(claims).fetchall()
    assert found.violations() == []
    assert check_chain(found.db.conn).broken == 0
