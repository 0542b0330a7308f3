"""Three accounts of the same day: the machine's ledger, what physically happened, what central was told. Pure values.

`compare` finds every difference. Sums are KRW. Sheets count when a person has them (`taken`, or `tray`: within reach).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct

from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState

# How central must have heard of an issue's end. A disputed one is a case for people: no final word.
_FINAL = {IssueState.DELIVERED: "delivered", IssueState.UNDELIVERED: "void", IssueState.DISPUTED: ""}
_OUT_OF_THE_MACHINE = frozenset({"taken", "tray"})


class Ledger(Struct, frozen=True):
    """The machine's own account. `head` is the journal's last (seq, hash); `named` the issue keys sent to central.

    `notes` is the part of credit and surplus that came in notes.
    """

    orders: tuple[Order, ...]
    surplus: int = 0
    head: tuple[int, str] = (0, "")
    outbox: int = 0
    violations: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    notes: int = 0


class Sheet(Struct, frozen=True):
    """One sheet of paper that left the printer. `number` as printed on it."""

    number: str
    sheet: int
    of: int
    where: str


class CardMoney(Struct, frozen=True):
    """One payment by card as the bank knows it; `open`: still reserved. `reference` is the machine's name for it."""

    reference: str
    authorised: int
    captured: int = 0
    reversed: int = 0
    open: bool = True


class Truth(Struct, frozen=True):
    """What physically happened. `notes_in` are in the stacker."""

    coins_in: tuple[int, ...]
    coins_out: tuple[int, ...]
    sheets: tuple[Sheet, ...]
    cards: tuple[CardMoney, ...] = ()
    notes_in: tuple[int, ...] = ()


class CentralIssue(Struct, frozen=True):
    """One issue at central; `final` is delivered, void or empty."""

    key: str
    status: str
    number: str
    fee: int
    sheets: int
    final: str


class CentralOrder(Struct, frozen=True):
    """One order as central was told; `outcome` is empty while it is open."""

    order: str
    outcome: str
    fee: int
    credit: int
    paid: int
    claim: int
    captured: int = 0
    reversed: int = 0


class Central(Struct, frozen=True):
    """Central's account of this machine."""

    issues: tuple[CentralIssue, ...]
    orders: tuple[CentralOrder, ...]
    head: tuple[int, str] = (0, "")
    alarms: tuple[str, ...] = ()
    notes: int = 0


class Books(Struct, frozen=True):
    """The three accounts."""

    ledger: Ledger
    truth: Truth
    central: Central


class Line(Struct, frozen=True):
    """One comparison: what was compared, and what each account says ("" where it says nothing)."""

    what: str
    ledger: str
    truth: str
    central: str
    equal: bool


def compare(books: Books) -> list[Line]:
    """Every comparison, in the order in which a person would make them."""
    return [*_sums(books), *_orders(books), *_cards(books), *_issues(books), *_paper(books), *_journal(books)]


def _line(what: str, ledger: object = None, truth: object = None, central: object = None) -> Line:
    said = [account for account in (ledger, truth, central) if account is not None]
    texts = ["" if account is None else _text(account) for account in (ledger, truth, central)]
    return Line(what, texts[0], texts[1], texts[2], equal=all(account == said[0] for account in said))


def _text(account: object) -> str:
    if isinstance(account, tuple):
        return " ".join(str(part) for part in account)
    return f"{account:,}" if isinstance(account, int) else str(account)


def _sums(books: Books) -> Iterator[Line]:
    ledger, truth, central = books.ledger.orders, books.truth, books.central.orders

    def total(of: Callable[[Any], int], orders: Iterable[Any]) -> int:
        return sum(of(order) for order in orders)

    credit = total(lambda o: o.credit, ledger)
    yield _line("coins in", credit + books.ledger.surplus - books.ledger.notes, sum(truth.coins_in))
    yield _line("notes in the stacker", books.ledger.notes, sum(truth.notes_in), books.central.notes)
    yield _line("credit of orders", credit, central=total(lambda o: o.credit, central))
    paid = total(lambda o: o.paid, ledger)
    yield _line("coins out", paid, sum(truth.coins_out), total(lambda o: o.paid, central))
    yield _line("fees kept", total(lambda o: o.earned, ledger), None, total(lambda o: o.fee, central))
    delivered = sum(one.fee for one in books.central.issues if one.final == "delivered")
    yield _line("fees of delivered documents", total(lambda o: o.earned, ledger), None, delivered)
    yield _line("claims", total(lambda o: o.claim, ledger), None, total(lambda o: o.claim, central))


def _orders(books: Books) -> Iterator[Line]:
    told = {order.order: order for order in books.central.orders}
    for order in books.ledger.orders:
        if order.state is not OrderState.CLOSED:
            yield _wrong(f"order {order.id} is closed", order.state.value)
        elif (
            order.outcome is not OrderOutcome.DISPUTED
            and not order.redeems
            and order.credit + order.captured != order.earned + order.paid + order.claim
        ):
            yield _wrong(f"order {order.id}: in = kept + out + owed", _money_of(order))
        other = told.pop(order.id, None)
        outcome = order.outcome.value if order.outcome else ""
        mine = (outcome, order.earned, order.credit, order.paid, order.claim, *_on_card(order))
        theirs = (*_their_money(other), *_their_card(other, order)) if other else "missing"
        yield _line(f"order {order.id}", mine, None, theirs)
    for stray in told:
        yield _line(f"order {stray}", "missing", None, "known")


def _on_card(order: Order) -> tuple[object, ...]:
    """What a card paid, where one did."""
    card = order.card
    return ("card", card.captured, card.reversed) if card is not None and order.by_card else ()


def _their_money(other: CentralOrder) -> tuple[object, ...]:
    return (other.outcome, other.fee, other.credit, other.paid, other.claim)


def _their_card(other: CentralOrder, order: Order) -> tuple[object, ...]:
    """Central's word on the card: left out only where neither of the two knows of one."""
    if other.captured or other.reversed or order.by_card:
        return ("card", other.captured, other.reversed)
    return ()


def _cards(books: Books) -> Iterator[Line]:
    """Each payment that a terminal has reserved against the order that it was for: once, and as it was booked."""
    there = Counter(money.reference.rpartition("-c")[0] for money in books.truth.cards)
    held = {money.reference: money for money in books.truth.cards}
    for order in books.ledger.orders:
        card = order.card
        if card is None or not order.by_card:
            continue
        money = held.get(card.key)
        mine = (card.amount, card.captured, card.reversed)
        said = (money.authorised, money.captured, money.reversed) if money is not None else "missing"
        yield _line(f"card payment {card.key}", mine, said)
    known = {order.id: int(order.by_card) for order in books.ledger.orders}
    for reference, times in there.items():
        yield _line(f"card payments of order {reference}", known.get(reference, 0), times)
    if books.truth.cards:
        yield _line("still reserved on cards", 0, sum(m.authorised for m in books.truth.cards if m.open))


def _money_of(order: Order) -> str:
    return f"{order.credit + order.captured} = {order.earned} + {order.paid} + {order.claim}"


def _issues(books: Books) -> Iterator[Line]:
    told = {issue.key: issue for issue in books.central.issues}
    for order in books.ledger.orders:
        for issue in order.issues:
            other = told.pop(issue.key, None)
            if other is None and issue.key not in books.ledger.named and not issue.number:
                continue  # it ended before central was asked for it
            yield _line(f"issue {issue.key}", _ending(issue), None, _their_ending(issue, other))
    for key, stray in told.items():
        yield _line(f"issue {key}", "missing", None, f"{stray.number} {stray.final}".strip())


def _ending(issue: Issue) -> tuple[object, ...]:
    """What central should say. An issue that was refused, or never answered, has no number at the machine."""
    return (issue.number, _FINAL.get(issue.state, f"still {issue.state.value}"))


def _their_ending(issue: Issue, other: CentralIssue | None) -> object:
    if other is None:
        return "missing"
    if not issue.number and other.final == "void":
        return ("", other.final)  # the answer with the number was lost; the tombstone is what counts
    if issue.number and (other.fee, other.sheets) != (issue.fee, issue.sheets):
        return (other.number, other.final, f"{other.fee} KRW, {other.sheets} sheets")
    return (other.number, other.final)


def _paper(books: Books) -> Iterator[Line]:
    """A document is out if and only if it is DELIVERED, each of its sheets once; nothing is left lying about."""
    out: dict[str, Counter[int]] = {}
    for sheet in books.truth.sheets:
        if sheet.where in _OUT_OF_THE_MACHINE:
            out.setdefault(sheet.number, Counter())[sheet.sheet] += 1
    for order in books.ledger.orders:
        for issue in order.issues:
            taken = tuple(sorted(out.pop(issue.number, Counter()).elements())) if issue.number else ()
            if issue.state is IssueState.DELIVERED:
                yield _line(f"sheets of {issue.number}", tuple(range(1, issue.sheets + 1)), taken)
            elif issue.state is not IssueState.DISPUTED and taken:
                yield _line(f"sheets of {issue.number}", (), taken)
    for number, sheets in out.items():
        yield _line(f"sheets of {number or 'no number'}", "missing", tuple(sorted(sheets.elements())))
    left = [sheet for sheet in books.truth.sheets if sheet.where in ("path", "mouth")]
    yield _line("sheets left in the machine", 0, len(left))


def _journal(books: Books) -> Iterator[Line]:
    yield _line("journal head", _short(books.ledger.head), None, _short(books.central.head))
    yield _line("rows still to be sent", books.ledger.outbox, None, 0)
    for violation in books.ledger.violations:
        yield _wrong(f"ledger's own rule {violation}", "broken")
    for alarm in books.central.alarms:
        yield Line(f"alarm {alarm}", "", "", "raised", equal=False)


def _short(head: tuple[int, str]) -> str:
    return f"{head[0]} {head[1][:12]}"


def _wrong(what: str, ledger: str) -> Line:
    return Line(what, ledger, "", "", equal=False)
