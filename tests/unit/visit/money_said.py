"""What a screen says of money, read from its words, against the order's own books. Nothing here asks the presenter."""

from collections.abc import Iterator

from kiosk.order.card_payment import CardState
from kiosk.order.model import IssueState, Order, OrderState
from kiosk.order.saga import Saga, Stage, owed
from kiosk.protocol.screen import Row, ScreenName, Snapshot
from kiosk.words.words import Words

# A copy that may yet turn out to be in a hand, or not.
UNDECIDED = frozenset({IssueState.PRINTING, IssueState.PRESENTING})
OPEN_CARD = frozenset({CardState.ASKED, CardState.RESERVED, CardState.CAPTURING, CardState.REVERSING})
# What the terminal did is not proved, and charging was among what it was told.
UNPROVED_CARD = frozenset({CardState.CAPTURING, CardState.DISPUTED})


def untrue(snapshot: Snapshot, saga: Saga, words: Words) -> Iterator[str]:
    """Each sentence about money that does not hold just now."""
    order, rows = saga.order, {row.label: row for row in snapshot.rows}
    yield from _cash(rows, saga, words)
    if order.redeems:
        checked = words.say("charged.being-looked-into")
        sure = checked if unknown(saga) else words.won(order.redeem - order.paid)
        yield from _is(rows, words.say("charged.owed"), sure)
        return
    if order.by_card:
        yield from _card(rows, order, words)
    else:
        yield from _kept(snapshot, rows, saga, words)
    money = snapshot.money
    if money is not None and money.inserted != order.credit:
        yield f"{money.inserted_text} is said to be in, {order.credit} is"


def unknown(saga: Saga) -> bool:
    """Whether nobody knows yet what is in, or out: coins or notes without a value, a note on its way, an evidence that
    is contradicted, a count or a payout that nobody has answered about.
    """
    order = saga.order
    counting = order.base is not None and saga.stage in (Stage.COUNTING, Stage.JUDGING)
    paying = saga.stage is Stage.WEIGHING  # nobody has said how many coins of the last payout came out
    unproved = order.unknown_coins or order.in_doubt or order.note or order.disputed
    return bool(unproved or counting or paying)


def held(order: Order) -> int:
    """KRW in the machine that are neither fee nor back."""
    return max(0, order.due)


def _cash(rows: dict[str, Row], saga: Saga, words: Words) -> Iterator[str]:
    order = saga.order
    yield from _is(rows, words.say("money.inserted"), words.won(order.credit))
    for label in ("money.returned", "change.returned", "change.paid"):
        none = (words.say("refund.none"),) if not order.paid else ()
        yield from _is(rows, words.say(label), words.won(order.paid), *none)


def _kept(snapshot: Snapshot, rows: dict[str, Row], saga: Saga, words: Words) -> Iterator[str]:
    order = saga.order
    undecided = order.state is not OrderState.CLOSED and any(i.state in UNDECIDED for i in order.issues)
    nothing = words.say("charged.nothing")
    stays = held(order) or order.claim or order.earned or unknown(saga)
    kept = (words.say("charged.being-looked-into"),) if undecided else (words.won(order.earned), nothing)
    yield from _is(rows, words.say("charged.kept"), *kept)
    if stays and any(row.value == nothing for row in rows.values()):
        yield f"{nothing!r}, and {order.credit - order.paid} KRW are in, or nobody knows what is"
    free = not (order.fee or order.credit or unknown(saga))
    if snapshot.screen is not ScreenName.TROUBLE or free:
        return
    yield from _owed(snapshot, rows, saga, words, undecided=undecided)


def _owed(
    snapshot: Snapshot, rows: dict[str, Row], saga: Saga, words: Words, *, undecided: bool
) -> Iterator[str]:
    """On a screen that says how it ended: what is still to come back, as a sum only where it is sure."""
    order, label, checked = saga.order, words.say("charged.owed"), words.say("charged.being-looked-into")
    if order.state is OrderState.CLOSED:
        sure = () if order.disputed and not order.claim else (order.claim,)
    else:
        sure = () if undecided or unknown(saga) else (owed(order, saga.policy),)
    if not sure:
        yield from _is(rows, label, checked)
        if label not in rows:
            yield f"nothing is said of what is being looked into: {[r.label for r in snapshot.rows]}"
    elif sure[0]:
        yield from _is(rows, label, words.won(sure[0]))
        if label not in rows:
            yield f"{sure[0]} KRW are owed, and the screen says nothing of it"
    elif label in rows and rows[label].value != checked:
        yield f"{rows[label].value} is said to be owed, and nothing is"


def _card(rows: dict[str, Row], order: Order, words: Words) -> Iterator[str]:
    card = order.card
    if card is None:
        return
    if card.state in UNPROVED_CARD:
        yield from _is(rows, words.say("payment.charged"), words.say("payment.unknown"))
    else:
        nothing = (words.say("charged.nothing"),) if not card.captured else ()
        if card.state in OPEN_CARD:
            nothing = (*nothing, words.say("payment.unknown"))
        yield from _is(rows, words.say("payment.charged"), words.won(card.captured), *nothing)
    yield from _is(rows, words.say("payment.to-charge"), words.won(order.earned))
    yield from _is(rows, words.say("payment.reserved"), words.won(card.amount), words.say("payment.unknown"))
    yield from _is(rows, words.say("payment.given-back"), words.won(card.reversed))


def _is(rows: dict[str, Row], label: str, *right: str) -> Iterator[str]:
    if label in rows and rows[label].value not in right:
        yield f"{label}: {rows[label].value!r} is said, and it is {right}"
