"""A process that sells: the product's ledger on the file system under trial; each commit that returned is marked.

`python -m tests.crash.blocks.worker LEDGER MARKS ORDERS SYNCHRONOUS`. Every few orders the ledger is closed and opened
again, as at a restart, so that the log has checkpoints and cuts of the write-ahead file in it too.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from drivers.contract import CoinPosition
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.ledger.schema import PRAGMAS
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState
from kiosk.protocol import journal
from tests.crash.blocks.log import Mark

FEE, COIN = 500, 100
ORDERS_A_RUN = 4
LEVELS = {"FULL": 2, "NORMAL": 1}


def opened(file: Path) -> Ledger:
    """The ledger as core opens it. Raises LedgerError."""
    return Ledger(file, lambda: Stamp("boot", 0, 0), machine="BLOCKS")


def steps(number: int) -> Iterator[Order]:
    """One order as core stores it, step by step: begun, five coins, printed, closed."""
    name = f"01HZ{number:022}"
    issue = Issue(1, 1, f"{name}-1-1", "land", FEE, 1, "h" * 64)
    order = Order(name, 0, (issue,))
    yield order
    for credit in range(COIN, FEE + COIN, COIN):
        yield (order := msgspec.structs.replace(order, credit=credit, coins=credit // COIN))
    for state in (IssueState.ISSUING, IssueState.PRINTING, IssueState.PRESENTING, IssueState.DELIVERED):
        issue = msgspec.structs.replace(issue, state=state, number=f"{number:016}")
        yield (order := msgspec.structs.replace(order, issues=(issue,), state=OrderState.LINES))
    yield msgspec.structs.replace(order, state=OrderState.CLOSED, outcome=OrderOutcome.DELIVERED)


def record(order: Order) -> journal.Row:
    """The journal's row of a step; no two steps have the same."""
    (issue,) = order.issues
    copy = (order.id, issue.line, issue.copy, issue.key, issue.type_code, issue.number)
    if order.state is OrderState.CLOSED:
        return journal.OrderClosed(order.id, "DELIVERED", fee=FEE, credit=order.credit, paid=0, claim=0)
    match issue.state:
        case IssueState.ISSUING:
            return journal.IssueIntent(*copy)
        case IssueState.PRINTING:
            return journal.PrintIntent(
                *copy, pages_before=0, retracts_before=0, printer="P1", presenter="R1", job=1
            )
        case IssueState.PRESENTING:
            return journal.PresentIntent(*copy, sheets=1)
        case IssueState.DELIVERED:
            return journal.IssueDelivered(*copy, fee=FEE, sheets=1)
        case _ if order.credit:
            return journal.Credit(order.id, value=COIN, credit=order.credit)
        case _:
            return journal.OrderOpened(
                order.id, fee=FEE, lines=(journal.Line(1, 1, issue.type_code, 1, FEE),)
            )


def position(order: Order) -> CoinPosition:
    """How far the acceptor is booked after a step: coins of all orders before, and of this one."""
    coins = (int(order.id[4:]) - 1) * FEE // COIN + order.coins
    return CoinPosition("A1", coins % 256, coins)


def sell(file: Path, marks: int, orders: int) -> None:
    """So many orders; a mark after each commit that has returned."""
    ledger, sent = opened(file), 0
    for number in range(1, orders + 1):
        for order in steps(number):
            ledger.commit((record(order),), order, position(order))
            mark(marks, Mark(*ledger.head, sent))
        ledger.acknowledge(ledger.head[0])
        sent = ledger.head[0]
        mark(marks, Mark(*ledger.head, sent))
        if number % ORDERS_A_RUN == 0:
            ledger.close()
            ledger = opened(file)
    ledger.db.conn.close()


def mark(marks: int, said: Mark) -> None:
    """Put it into the disk's log; it is there when this returns."""
    os.pwrite(marks, msgspec.msgpack.encode(said), 0)  # further on, one that crosses a page would come in two


def main() -> int:
    """0 when all was sold."""
    file, marks, orders, synchronous = sys.argv[1:]
    PRAGMAS["synchronous"] = (synchronous, LEVELS[synchronous])
    sell(Path(file), os.open(marks, os.O_WRONLY), int(orders))
    return 0


if __name__ == "__main__":
    sys.exit(main())
