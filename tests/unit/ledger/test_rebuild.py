"""A lost ledger from what is left: every row proved, what is missing said, no number given out a second time."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from drivers.contract import CoinPosition
from kiosk.ledger.chain_check import check_chain
from kiosk.ledger.copies import COPY, name_copy, take_copy
from kiosk.ledger.days import close_day, last_day, open_days
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.rebuild import RebuildError, Rebuilt, rebuild
from kiosk.ledger.segments import close_segment, drop, segments
from kiosk.ledger.step import BundlePointer, Surplus
from kiosk.order import collecting
from kiosk.order.card_payment import CardPayment, CardState
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState, Policy
from kiosk.order.saga import Record, Saga, Stage, close
from kiosk.protocol.central import JournalReply
from kiosk.protocol.chain import GENESIS
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
        sell(ledger, "01F", central="refuses")
        sell(ledger, "01G", coins=(1_000,), hopper_of_500=20)
        sell(ledger, "01H", coins=(1_000,), note_fate="jams")
        ledger.commit(
            (Record("bundle-proved", {"kit": "k2"}),), bundle=BundlePointer("k2", "k1", 2, "", proved=True)
        )
        surplus, position = Surplus("coin", 100), CoinPosition("A1", 40, 40)
        ledger.commit(
            (Record("surplus", {"what": "coin", "value": 100}),), position=position, surplus=surplus
        )
        close_day(ledger, "2025-11-25", MORNING_MS, {}, "hour")
        close_segment(ledger, MORNING_MS)
        self.central.take(ledger)

    def leave_open(self, name: str = "01Z") -> Order:
        """Somebody has put 500 KRW in when the disk dies."""
        issue = Issue(1, 1, f"{name}-1-1", "land", 500, 1, "h")
        move = collecting.begin(name, (issue,), CoinPosition("A1", 40, 40), Policy(), 0, MORNING_MS)
        self.ledger.commit(move.records, move.saga.order)
        paid = msgspec.structs.replace(move.saga.order, credit=100, coins=1)
        credit = Record("credit", {"order": name, "value": 100, "credit": 100})
        self.ledger.commit((credit,), paid, CoinPosition("A1", 41, 41))
        return paid

    def rebuild(self, copy: Path | None) -> tuple[Ledger, Rebuilt]:
        part = self.place / "rebuilt" / "ledger.part"
        part.parent.mkdir(exist_ok=True)
        done = rebuild(part, copy, self.central.fetch, MACHINE, Clock(MORNING_MS + 10**9).stamp)
        return Ledger(part, Clock(MORNING_MS + 2 * 10**9).stamp, machine=MACHINE), done


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path)
    yield made
    made.ledger.close()


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


@pytest.mark.parametrize("way", ["from central", "from the copy"])
def test_the_books_are_what_they_were_and_the_next_row_goes_on_from_centrals_last(
    machine: Machine, way: str
) -> None:
    copy = machine.copy()
    copied = machine.ledger.head[0] - 1
    machine.more()
    head = machine.ledger.head
    found, done = machine.rebuild(copy if way == "from the copy" else None)
    same_books(machine.ledger, found)
    assert (done.missing, done.unproved, done.violations) == (0, (), ())
    assert (done.copied, done.fetched) == (
        (copied, head[0] - copied) if way == "from the copy" else (0, head[0])
    )
    said = next(row for row in found.journal() if row.seq == head[0] + 1)
    assert (said.kind, said.prev) == ("ledger-rebuilt", head[1])
    assert [row.seq for row in found.outbox(10)] == [said.seq]
    found.close()


def test_it_is_sold_from_and_central_takes_its_rows(machine: Machine) -> None:
    machine.more()
    found, _ = machine.rebuild(None)
    sell(found, "01N")
    rows = found.outbox(1000)
    prev = machine.central.rows[-1]
    for row in rows:
        assert (row.seq, row.prev) == (prev.seq + 1, prev.hash)
        prev = row
    found.close()


@pytest.mark.parametrize("way", ["from central", "from the copy"])
def test_an_order_whose_end_nobody_has_is_disputed_and_never_guessed(machine: Machine, way: str) -> None:
    copy = machine.copy()
    machine.leave_open()
    machine.central.take(machine.ledger)
    found, done = machine.rebuild(copy if way == "from the copy" else None)
    assert done.unproved == ("01Z",)
    order = found.last_order()
    assert order is not None
    assert (order.state, order.outcome, order.claim) == (OrderState.CLOSED, OrderOutcome.DISPUTED, 100)
    assert found.open_order() is None
    assert found.coin_position() == CoinPosition("A1", 41, 41)
    kinds = [row.kind for row in found.outbox(10)]
    assert kinds == ["order-closed", "ledger-rebuilt"]
    assert found.violations() == []
    found.close()


def test_a_copy_that_was_put_into_the_hand_may_have_gone_on_is_disputed_with_its_printer_known(
    machine: Machine,
) -> None:
    """PRINT? reached central and nothing after it: the job's key and printer are there to cancel it by."""
    sell(machine.ledger, "01P")
    rows = list(machine.ledger.outbox(10_000))
    until = next(
        at for at, row in enumerate(rows) if row.kind == "print-intent" and b"01P" in bytes(row.body)
    )
    machine.central.rows, machine.central.told = rows[: until + 1], rows[-1].seq
    found, done = machine.rebuild(None)
    order = found.last_order()
    assert order is not None
    (issue,) = order.issues
    assert (issue.state, issue.printer_serial, issue.number) == (IssueState.DISPUTED, "P1", issue.number)
    assert issue.number
    assert done.missing == rows[-1].seq - rows[until].seq
    assert done.unproved == ("01P",)
    found.close()


def test_rows_that_nobody_has_are_counted(machine: Machine) -> None:
    machine.more()
    machine.central.told += 5  # named in a heartbeat, and never sent
    found, done = machine.rebuild(None)
    assert done.missing == 5
    said = next(row for row in found.journal() if row.kind == "ledger-rebuilt")
    assert msgspec.json.decode(said.body)["missing"] == 5
    found.close()


def test_a_copy_that_goes_further_than_central_gives_central_the_rest(machine: Machine) -> None:
    machine.central.take(machine.ledger)
    acked = machine.ledger.head[0]
    sell(machine.ledger, "01X")
    copy = machine.copy()
    copied = machine.ledger.head[0] - 1
    found, done = machine.rebuild(copy)
    assert (done.fetched, done.unsent) == (0, copied - acked)
    assert [row.seq for row in found.outbox(1000)][: copied - acked] == list(range(acked + 1, copied + 1))
    found.close()


def test_a_copy_that_central_contradicts_is_refused(machine: Machine, tmp_path: Path) -> None:
    """As one from before an earlier rebuild: its last rows are others than those that went to central since."""
    sell(machine.ledger, "01R")
    copy = machine.copy()
    (tmp_path / "other").mkdir()
    other = Machine(tmp_path / "other")
    sell(other.ledger, "01Q")
    other.more()
    machine.central = other.central
    with pytest.raises(RebuildError, match="keep this copy for whoever looks into it") as no:
        machine.rebuild(copy)
    assert no.value.code == "forked"
    other.ledger.close()


def test_a_shorter_central_that_contradicts_the_copy_is_refused(machine: Machine, tmp_path: Path) -> None:
    copy = machine.copy()
    other = Ledger(tmp_path / "other.db", Clock(5).stamp, machine=MACHINE)
    open_shop(other)
    machine.central.take(other)
    with pytest.raises(RebuildError) as no:
        machine.rebuild(copy)
    assert no.value.code == "forked"
    other.close()


@pytest.mark.parametrize("fault", ["gap", "altered", "swapped", "cut off"])
def test_what_central_sends_is_not_believed_either(machine: Machine, fault: str) -> None:
    machine.more()
    rows = machine.central.rows
    end = rows[-1]
    if fault == "gap":
        del rows[20]
    elif fault == "altered":
        rows[20] = msgspec.structs.replace(rows[20], body=msgspec.Raw(b'{"value":1}'))
    elif fault == "swapped":
        rows[20], rows[21] = rows[21], rows[20]
    fetch = machine.central.fetch
    if fault == "cut off":

        def cut(after: int) -> JournalReply:
            page = fetch(after)
            return msgspec.structs.replace(page, rows=tuple(r for r in page.rows if r.seq < 30), seq=end.seq)

        machine.central.fetch = cut  # type: ignore[method-assign]
    with pytest.raises(RebuildError) as no:
        machine.rebuild(None)
    assert no.value.code == "central-broken"


@pytest.mark.parametrize(
    ("trouble", "code"),
    [("damaged", "copy-damaged"), ("foreign", "copy-foreign"), ("gone", "copy-no-copy")],
)
def test_a_copy_that_is_none_is_not_built_upon(machine: Machine, trouble: str, code: str) -> None:
    copy = machine.copy()
    machine.more()
    if trouble == "damaged":
        content = bytearray(copy.read_bytes())
        for page in range(4096, len(content), 4096):
            content[page : page + 8] = bytes(8)
        copy.write_bytes(content)
    elif trouble == "foreign":
        with sqlite3.connect(copy) as raw:
            raw.execute("UPDATE about SET value = 'YDP-0064' WHERE name = 'machine'")
        raw.close()
    else:
        copy.unlink()
    with pytest.raises(RebuildError) as no:
        machine.rebuild(copy)
    assert no.value.code == code


def test_what_was_let_go_comes_back_from_central_and_goes_again_in_its_time(machine: Machine) -> None:
    machine.more()
    machine.copy()
    machine.central.take(machine.ledger)
    before = machine.ledger.totals()
    drop(machine.ledger, segments(machine.ledger)[0])
    machine.central.take(machine.ledger)
    found, _ = machine.rebuild(None)
    assert [segment.dropped for segment in segments(found)] == [False]
    assert found.totals() == before
    assert check_chain(found.db.conn).first == 1
    found.close()


def test_from_a_copy_without_what_was_let_go_the_chain_still_holds(machine: Machine) -> None:
    machine.more()
    machine.copy()
    machine.central.take(machine.ledger)
    drop(machine.ledger, segments(machine.ledger)[0])
    copy = machine.copy()
    sell(machine.ledger, "01W")
    machine.central.take(machine.ledger)
    before = machine.ledger.totals()
    found, done = machine.rebuild(copy)
    assert (found.totals(), done.chain.dropped, done.violations) == (before, segments(found)[0].last, ())
    found.close()


def test_a_redemption_comes_back_and_one_without_its_end_is_disputed(machine: Machine) -> None:
    """What central held for it is still owed there, so it leaves no claim of its own."""
    ledger = machine.ledger
    for name in ("01R", "01S"):
        order = Order(name, MORNING_MS, (), state=OrderState.RESERVING, holder="who", redeems=True)
        ledger.commit((Record("redeem-intent", {"order": name, "most": 9_000, "holder": "who"}),), order)
        held = msgspec.structs.replace(order, state=OrderState.RESERVED, redeem=400)
        body = {"order": name, "amount": 400, "claims": [[MACHINE, "01E", 400]]}
        ledger.commit((Record("redeem-held", body),), held)
        paid = msgspec.structs.replace(held, state=OrderState.SETTLING, paid=400)
        said = {"order": name, "key": f"{name}-p1", "coins": 4, "wanted": 4, "value": 400}
        ledger.commit((Record("paid", said),), paid)
        if name == "01R":
            over = close(Saga(paid, Policy(), Stage.PAYING))
            ledger.commit(over.records, over.saga.order)
    machine.central.take(ledger)
    found, done = machine.rebuild(None)
    ended = {order.id: order for order in found.orders()}
    assert story(ended["01R"]) == story(next(o for o in ledger.orders() if o.id == "01R"))
    assert (ended["01R"].redeem, ended["01R"].redeems) == (400, True)
    assert done.unproved == ("01S",)
    lost = ended["01S"]
    assert (lost.outcome, lost.paid, lost.claim) == (OrderOutcome.DISPUTED, 400, 0)
    end = next(row for row in found.outbox(10) if row.kind == "order-closed")
    assert msgspec.json.decode(end.body)["redeems"] is True
    assert found.violations() == []
    found.close()


def test_a_note_on_its_way_into_the_stacker_when_the_disk_died_is_owed(machine: Machine) -> None:
    order = machine.leave_open()
    said = Record("note-intent", {"order": order.id, "key": f"{order.id}-n1", "value": 5_000})
    machine.ledger.commit((said,), order)
    machine.central.take(machine.ledger)
    found, _ = machine.rebuild(None)
    ended = found.last_order()
    assert ended is not None
    assert (ended.outcome, ended.claim) == (OrderOutcome.DISPUTED, 5_100)
    found.close()


@pytest.mark.parametrize("left", ["card-intent", "card-authorised", "card-capture-intent"])
def test_a_card_payment_without_its_end_is_neither_charged_nor_given_back_by_guessing(
    machine: Machine, left: str
) -> None:
    issue = Issue(1, 1, "01K-1-1", "land", 500, 1, "h")
    asked = CardPayment("01K-c1", 1, 500, "T1")
    order = Order("01K", MORNING_MS, (issue,), state=OrderState.CARD, card=asked)
    opened = Record("order-opened", {"order": "01K", "fee": 500, "lines": [[1, 1, "land", 1, 500]]})
    machine.ledger.commit((opened,), order)
    named = {"order": "01K", "payment": "01K-c1"}
    for kind, more in (
        ("card-intent", {"receipt": 0, "amount": 500, "terminal": "T1"}),
        ("card-authorised", {"receipt": 7, "amount": 500}),
        ("card-capture-intent", {"receipt": 7, "amount": 500}),
    ):
        machine.ledger.commit((Record(kind, {**named, **more}),), order)
        if kind == left:
            break
    machine.central.take(machine.ledger)
    found, done = machine.rebuild(None)
    ended = found.last_order()
    assert ended is not None
    assert ended.card is not None
    assert (ended.outcome, ended.card.state, ended.captured) == (OrderOutcome.DISPUTED, CardState.DISPUTED, 0)
    assert "card-disputed" in [row.kind for row in found.outbox(10)]
    assert (done.unproved, done.violations) == (("01K",), ())
    found.close()


def test_a_card_payment_that_ended_comes_back_as_it_ended(machine: Machine) -> None:
    issue = Issue(1, 1, "01K-1-1", "land", 500, 1, "h")
    order = Order("01K", MORNING_MS, (issue,), card=CardPayment("01K-c1", 1, 500, "T1"))
    opened = Record("order-opened", {"order": "01K", "fee": 500, "lines": [[1, 1, "land", 1, 500]]})
    machine.ledger.commit((opened,), order)
    number = "0000000000000042"
    done_issue = msgspec.structs.replace(issue, state=IssueState.DELIVERED, number=number)
    charged = CardPayment("01K-c1", 1, 500, "T1", state=CardState.CAPTURED, receipt=7, captured=500)
    closed = msgspec.structs.replace(
        order,
        issues=(done_issue,),
        card=charged,
        state=OrderState.CLOSED,
        outcome=OrderOutcome.DELIVERED,
    )
    named, delivered = {"order": "01K", "payment": "01K-c1"}, {"order": "01K", "key": issue.key}
    sums = {"fee": 500, "credit": 0, "paid": 0, "claim": 0, "captured": 500, "reversed": 0}
    rows = (
        Record("card-intent", {**named, "receipt": 0, "amount": 500, "terminal": "T1"}),
        Record("card-authorised", {**named, "receipt": 7, "amount": 500}),
        Record("issue-delivered", {**delivered, "number": number, "fee": 500, "sheets": 1}),
        Record("card-captured", {**named, "receipt": 7, "captured": 500, "reversed": 0}),
        Record("order-closed", {"order": "01K", "outcome": "DELIVERED", **sums, "reason": ""}),
    )
    machine.ledger.commit(rows, closed)
    machine.central.take(machine.ledger)
    found, _ = machine.rebuild(None)
    ended = found.last_order()
    assert ended is not None
    assert (ended.card, ended.outcome) == (charged, OrderOutcome.DELIVERED)
    assert found.violations() == machine.ledger.violations() == []
    day = close_day(found, "2025-11-26", MORNING_MS, {}, "hand")
    assert (day.money.card, day.money.fee - day.money.card) == (500, day.money.fee - 500)
    found.close()


def test_an_order_that_waits_for_the_terminal_in_the_copy_ends_as_the_rows_since_say(
    machine: Machine,
) -> None:
    issue = Issue(1, 1, "01K-1-1", "land", 500, 1, "h", state=IssueState.DELIVERED, number="0000000000000042")
    due = CardPayment("01K-c1", 1, 500, "T1", state=CardState.CAPTURING, receipt=7, wanted=500)
    waiting = Order("01K", MORNING_MS, (issue,), state=OrderState.CARD_DUE, card=due)
    opened = Record("order-opened", {"order": "01K", "fee": 500, "lines": [[1, 1, "land", 1, 500]]})
    machine.ledger.commit((opened,), waiting)
    copy = machine.copy()
    charged = msgspec.structs.replace(due, state=CardState.CAPTURED, captured=500)
    closed = msgspec.structs.replace(
        waiting, card=charged, state=OrderState.CLOSED, outcome=OrderOutcome.DELIVERED
    )
    named = {"order": "01K", "payment": "01K-c1", "receipt": 7, "captured": 500, "reversed": 0}
    sums = {"fee": 500, "credit": 0, "paid": 0, "claim": 0, "captured": 500, "reversed": 0}
    end = Record("order-closed", {"order": "01K", "outcome": "DELIVERED", **sums, "reason": ""})
    machine.ledger.commit((Record("card-captured", named), end), closed)
    machine.central.take(machine.ledger)
    found, done = machine.rebuild(copy)
    assert done.unproved == ()
    assert found.waiting_orders() == []
    same_books(machine.ledger, found)
    found.close()
