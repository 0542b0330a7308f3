"""After a life: where is each won, each sheet, each number? Physical truth first; the ledger has to say the same."""

from collections import Counter
from collections.abc import Iterator

from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState
from tests.crash.lives.centre import GENESIS, chained
from tests.crash.lives.comes_back import come_back, cut_back
from tests.crash.lives.core import SETTINGS, TERMS, Core
from tests.crash.lives.redeemed import owed, redeemed
from tests.crash.lives.truth import Lies
from tests.crash.lives.world import World

DEAREST, CHEAPEST = 500, 100


def judge(world: World) -> list[str]:
    """What is wrong, each in one line; empty for a life in which everything is where it belongs."""
    if world.truth.wrongs or world.core is None:
        return world.truth.wrongs or ["there is no core"]
    core = world.core
    orders = core.ledger.orders()
    found = [*_money(world, core, orders), *_paper(world, orders), *_numbers(world, orders)]
    return [*found, *_journal(world, core), *_comes_back(world, core)]


def _comes_back(world: World, core: Core) -> Iterator[str]:
    """In every fourth life from central's rows, in another one from a copy and the rows since: it takes as long as a
    life. In the others from rows that end in the midst of an order, with a copy or without. That the rows tell every
    order, and where everything stands, is looked at in all of them, at each commit.
    """
    ways: dict[str, bytes | None] = {}
    if world.number % 4 == 0:
        ways["central"] = None
    if world.number % 4 == 2:
        ways["the copy"] = world.beside.copy
    yield from come_back(core.ledger, SETTINGS.kiosk_id, TERMS, ways)
    midst = world.beside.midst
    if world.number % 2 and midst is not None:
        copy = midst.copy if world.number % 4 == 3 else None
        yield from cut_back(core.ledger, SETTINGS.kiosk_id, TERMS, midst, copy)


def _money(world: World, core: Core, orders: list[Order]) -> Iterator[str]:
    truth = world.truth
    for order in orders:
        if order.state is not OrderState.CLOSED:
            yield f"M7: order {order.id[-6:]} is {order.state}"
        yield from redeemed(world, order) if order.redeems else _paid(world, order)
    yield from owed(world, orders)
    if world.things.terminal is not None and world.things.terminal.open:
        yield f"M1: reservations {world.things.terminal.open} were never charged nor given back"
    stray = truth.coins_in[""]
    surplus = core.ledger.totals()["surplus"]
    if stray != surplus:
        yield f"M1: {stray} KRW fell in without an order, {surplus} are booked as surplus"
    if truth.coins_out[""]:
        yield f"M1: {truth.coins_out['']} KRW came out without an order"
    claims = sum(row[0] for row in core.ledger._db.execute("SELECT amount FROM claims").fetchall())
    if claims != sum(order.claim for order in orders):
        yield f"claims of {claims} KRW are kept, and orders say otherwise"


def _paid(world: World, order: Order) -> Iterator[str]:
    """One order: what was put in is out again, in a fee, or on a claim."""
    truth = world.truth
    name = order.id[-6:]
    card = _charged(world, order.id)
    fell = truth.coins_in[order.id] + card
    fee = sum(issue.fee for issue in order.issues if _delivered(world, issue.number, issue.sheets))
    accounted = truth.coins_out[order.id] + fee + order.claim
    unknown = order.unknown_coins
    doubtful = unknown * (DEAREST - CHEAPEST) + order.in_doubt + _out_of_an_open_gate(world, order)
    if not fell <= accounted <= fell + doubtful:
        yield f"M1: {fell} KRW fell in for {name}, and {accounted} are out, in a fee or on a claim"
    if truth.coins_out[order.id] != order.paid:
        yield f"M1: {truth.coins_out[order.id]} KRW came out for {name}, {order.paid} are booked"
    if unknown and not world.went_dark and not world.things.acceptor.current.failed:
        yield f"{unknown} coins of {name} are unknown, and the acceptor has had current all the time"
    if (order.outcome is OrderOutcome.DISPUTED) != bool(unknown or order.in_doubt or _disputed(order)):
        yield f"{name} ends {order.outcome} without a cause"
    if not (unknown or order.in_doubt) and fell != order.credit + order.captured:
        yield f"M1: {fell} KRW fell in for {name}, {order.credit} were credited"


def _charged(world: World, order: str) -> int:
    """KRW that somebody's card was charged for it."""
    if world.things.terminal is None:
        return 0
    return sum(one.captured for one in world.things.terminal.reservations.values() if one.order == order)


def _out_of_an_open_gate(world: World, order: Order) -> int:
    """Fees of documents that nobody can prove anything of: without current the empty presenter's gate is open, and a
    sheet that the printer still puts out falls into somebody's hand.
    """
    return sum(issue.fee for issue in order.issues if _fell_out(world, issue))


def _disputed(order: Order) -> bool:
    return any(issue.state is IssueState.DISPUTED for issue in order.issues) or order.disputed


def _delivered(world: World, number: str, sheets: int) -> bool:
    """Whether somebody has the whole of it."""
    return bool(number) and world.truth.in_hands(number) == list(range(1, sheets + 1))


def _paper(world: World, orders: list[Order]) -> Iterator[str]:
    known = {issue.number: issue for order in orders for issue in order.issues if issue.number}
    for issue in known.values():
        hands = world.truth.in_hands(issue.number)
        whole = _delivered(world, issue.number, issue.sheets)
        if issue.state is IssueState.DELIVERED and not whole:
            yield f"M2: the fee of {issue.number} is kept, and sheets {hands} of {issue.sheets} are out"
        if issue.state is IssueState.UNDELIVERED and hands:
            yield f"M2: {issue.number} is void, and sheets {hands} of it are out"
        if issue.state is IssueState.DISPUTED and not _fell_out(world, issue):
            yield f"{issue.number} is disputed, and nothing contradicts itself here"
    for number, sheets in world.truth.sheets.items():
        # One that stuck lies in the bin, and the printer makes it anew once a hand has taken it out.
        outside = [sheet.sheet for sheet in sheets if sheet.lies is not Lies.BIN]
        if len(set(outside)) < len(outside):
            yield f"M3: a sheet of {number} is out more than once"
        if number not in known:
            yield f"M3: {number} was printed, and no order knows it"
        fell_out = any(sheet.lies is Lies.TRAY for sheet in sheets)
        if fell_out and not (number in known and _fell_out(world, known[number])):
            yield f"{number} fell into the open tray"
    if world.truth.loose:
        yield f"{len(world.truth.loose)} sheets were left lying about"


def _fell_out(world: World, issue: Issue) -> bool:
    """A case with a cause: the presenter alone was without current, and a sheet has fallen through its open gate."""
    sheets = world.truth.sheets.get(issue.number, ())
    out = world.things.presenter.current.failed and any(sheet.lies is Lies.TRAY for sheet in sheets)
    return out and issue.state is IssueState.DISPUTED


def _numbers(world: World, orders: list[Order]) -> Iterator[str]:
    issues = {issue.key: issue for order in orders for issue in order.issues}
    for key, entry in world.centre.entries.items():
        issue = issues.get(key)
        if issue is None:
            yield f"M4: central knows {key[-6:]}, and no order does"
            continue
        if _fell_out(world, issue) and key in world.centre.cases and not entry.final:
            continue  # a person decides; whether there is a cause for that is asked of the paper
        ended = {"delivered": IssueState.DELIVERED, "void": IssueState.UNDELIVERED}.get(entry.final)
        if issue.state is not ended:
            yield f"M4: {key[-6:]} is {entry.final or 'open'} at central and {issue.state} here"
    copies = Counter(
        (entry.order, entry.line, entry.copy)
        for entry in world.centre.entries.values()
        if entry.final != "void"
    )
    for copy, times in copies.items():
        if times > 1:
            yield f"M3: {times} living documents of {copy[0][-6:]}, line {copy[1]}, copy {copy[2]}"
    for order in orders:
        if order.id not in world.centre.closed:
            yield f"central was not told how {order.id[-6:]} ended"


def _journal(world: World, core: Core) -> Iterator[str]:
    head = (0, GENESIS)
    for row in core.ledger.journal():
        if (row.seq - 1, row.prev) != head or row.hash != chained(row):
            yield f"M9: row {row.seq} does not fit the chain"
        head = (row.seq, row.hash)
    if not head == core.ledger.head == world.centre.head:
        yield f"M9: the journal ends at {head[0]}, and central knows of {world.centre.head[0]}"
    for broken in core.ledger.violations():
        yield f"the ledger's own rule {broken} is broken"
