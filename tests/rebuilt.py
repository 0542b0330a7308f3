"""What rows tell of an order, held against the order as the living ledger has it: the same at each commit.

By induction over commits this is true of any journal: what the rows before a commit tell, and the commit's own rows,
give what the ledger holds after it. So a copy of any night, and central's rows since, give the living ledger's orders.
"""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from drivers.contract import SPAN_24, CoinPosition, NotePosition
from kiosk.ledger.reading import Reading
from kiosk.ledger.replay import Replay
from kiosk.ledger.step import HopperFill
from kiosk.ledger.unproved import end_unproved
from kiosk.order.counters import Count, Counters
from kiosk.order.model import Issue, IssueState, Order, OrderState, Policy
from kiosk.order.saga import Saga, Stage, close
from kiosk.protocol import journal
from kiosk.protocol.journal import kind_of, text_of

_NOWHERE = NotePosition("", 0, None)


def told(order: Order) -> Order:
    """The order as far as rows tell it, but for its words (`words`).

    Left out is what is of no use once an order can't go on: where its counters began, which payout is under way, the
    draft that was agreed to, in which language its payer was spoken to (it is for who stands there after a power cut;
    nobody stands before a machine whose ledger is brought back, and no row ought to say more of a person than money
    needs). Where the counters stand is told beside it (`levels`). A number is told once its document was read back;
    until then central knows it by its key. An order that is still open ends at once when it comes back: whether a copy
    that was never asked for is given up already makes no difference.
    """
    card = replace(order.card, before=(), reason="") if order.card is not None else None
    still_open = order.state is not OrderState.CLOSED
    return replace(
        order,
        issues=tuple(_told_of(issue, still_open) for issue in order.issues),
        base=None,
        booked=None,
        booked_note=None,
        counters=None,
        lang="",
        payout=None,
        acceptor_remembers=True,
        reason="",
        card=card,
        note=replace(order.note, held=_NOWHERE) if order.note is not None else None,
        state=OrderState.COLLECT if still_open else OrderState.CLOSED,
    )


def _told_of(issue: Issue, still_open: bool) -> Issue:
    given_up = issue.state is IssueState.UNDELIVERED and not (issue.number or issue.printer_serial)
    state = IssueState.WAITING if still_open and given_up else issue.state
    number = "" if issue.state is IssueState.ISSUING else issue.number
    return replace(issue, draft_hash="", reason="", state=state, number=number)


def words(order: Order) -> tuple[str, ...]:
    """Why a closed order ended as it did. Why a copy was never begun is not told apart from that."""
    card = order.card.reason if order.card is not None else ""
    return (
        order.reason,
        card,
        *(issue.reason for issue in order.issues if issue.number or issue.printer_serial),
    )


def replayed(
    before: Order | None, records: Sequence[journal.Row], at_ms: int, policy: Policy
) -> Order | None:
    """The order that rows say there is after a commit, from what they said before it."""
    replay = Replay(policy)
    if before is not None:
        replay.orders[before.id] = told(before)
    closed = None
    for record in records:
        closed = replay.take(as_read(record), at_ms) or closed
    return closed or next(iter(replay.orders.values()), None)


class Levels(NamedTuple):
    """How far each device is booked, and what the hoppers surely hold by their own counts (None: never filled)."""

    coin: CoinPosition | None
    note: NotePosition | None
    fills: tuple[HopperFill | None, ...]
    hold: tuple[int | None, ...]
    counters: Counters


def levels(ledger: Reading) -> Levels:
    """As a machine that goes on from this ledger takes them: in the midst of an order, the order's own."""
    order = ledger.open_order()
    counters = order.counters if order is not None else None
    known = counters if counters is not None else ledger.counters()
    fills = tuple(ledger.hopper_fill(hopper) for hopper in range(2))
    hold = tuple(map(_left, fills, (known.hopper, known.hopper_2)))
    return Levels(ledger.coin_position(), ledger.note_position(), fills, hold, known)


def _left(fill: HopperFill | None, now: Count | None) -> int | None:
    if fill is None or now is None or now.serial != fill.serial:
        return fill.coins if fill is not None else None
    return fill.coins - (now.value - fill.dispensed) % SPAN_24


def as_read(record: journal.Row) -> journal.Row:
    """The record as it is read back from the journal's text."""
    return journal.decode(kind_of(record), text_of(record))


def apart(before: Order | None, records: Sequence[journal.Row], after: Order, policy: Policy) -> str:
    """What the rows of a commit do not tell; "" when a rebuilt ledger has what the living one has."""
    found = replayed(before, records, after.opened_ms, policy)
    if found is None:
        return f"no row tells of {after.id}"
    lives, comes_back = told(after), told(found)
    if lives != comes_back:
        return differences(lives, comes_back)
    if after.state is OrderState.CLOSED:
        return ""
    owed, ended = owes(after, policy), end_unproved(found, policy)[0].claim
    return "" if owed == ended else f"owed {owed} KRW in life, {ended} once rebuilt"


def owes(order: Order, policy: Policy) -> int:
    """What an open order owes when it ends just now, with nobody there and nothing more to be proved (KRW)."""
    note = order.note.value if order.note is not None else 0
    return close(Saga(order, policy, Stage.OVER)).saga.order.claim + note


def differences(lives: Order, comes_back: Order) -> str:
    """Each field that differs, as living and as rebuilt."""
    found = []
    for one, other in ((lives, comes_back), *zip(lives.issues, comes_back.issues, strict=False)):
        for name in one.__struct_fields__:
            live, rebuilt = getattr(one, name), getattr(other, name)
            if live != rebuilt and name != "issues":
                found.append(f"{name}: {live} lives, {rebuilt} comes back")
    return "; ".join(found)
