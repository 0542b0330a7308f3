"""The core in a world: the product's own `begin`, `reduce` and `resume`, its commit, its effects, and their loss.

Nothing is decided here. A move is committed, then its effects go out one after the other; the power may fail before the
commit, after it and before each effect. Deadlines may pass at any time: of a saga's times only "set" or "not" is kept.
"""

from collections.abc import Iterator
from functools import lru_cache

from msgspec.structs import replace

from drivers.contract import CoinPosition
from kiosk.order import collecting, recovery, redeeming
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order.balancing import PATIENT_TRIES
from kiosk.order.card_payment import CardPayment, CardState
from kiosk.order.collecting import Payer
from kiosk.order.effects import Effect
from kiosk.order.events import OrderEvent
from kiosk.order.model import Issue, Order, OrderState
from kiosk.order.reduce import reduce
from kiosk.order.saga import Move, Saga, Stage
from kiosk.protocol import journal
from kiosk.protocol.journal import kind_of
from tests.proof import rebuilding
from tests.proof.losses import dark, down
from tests.proof.payment import Bill, Terminal
from tests.proof.selling import policy, till
from tests.proof.world import (
    ACCEPTS_START,
    COIN,
    COIN_SPAN,
    Cash,
    Core,
    Debt,
    Errand,
    Far,
    Noted,
    Paper,
    Power,
    Row,
    Setting,
    Step,
    Who,
    Word,
    World,
)

NEEDED = {"seal": Stage.SEALING, "open": Stage.OPENING}
LAST_WORDS = (journal.IssueDelivered, journal.IssueVoid, journal.IssueDisputed)
INTENTS = (journal.CardIntent, journal.NoteIntent)
CASH = (
    order_effects.StartCollect,
    order_effects.StopCollect,
    order_effects.ReadCash,
    order_effects.PayOut,
    order_effects.StackNote,
    order_effects.ReturnNote,
)
CARD = (order_effects.ReadTerminal, order_effects.Authorise, order_effects.Capture, order_effects.Reverse)
PAYING = (Stage.METERING, Stage.PAYING, Stage.WEIGHING)
TERMINAL = (Stage.TERMINAL, Stage.DOUBTING, Stage.BALANCING)
PROMPT = (
    Stage.SEALING,
    Stage.ASKING,
    Stage.OPENING,
    Stage.HOLDING,
    Stage.READYING,
    Stage.STARTING,
    Stage.PRINTING,
    Stage.LOOKING,
    Stage.CHECKING,
    Stage.CANCELLING,
    Stage.RETRACTING,
)
"""Where paper, worker or central are waited for: no deadline passes there when they do what they are asked."""
PLENTY = 50
NOTE = "NOTE?"
"""COLLECT with a note on its way: an order has no state of its own for it, the intent is stored in it."""
Heard = Iterator[tuple[str, World]]


def position(coins: int) -> CoinPosition:
    """The acceptor's position after so many coins."""
    return CoinPosition("A1", coins, (ACCEPTS_START + coins) % COIN_SPAN)


def start(setting: Setting) -> Iterator[World]:
    """The worlds in which an order has just been opened, or was cut while it was."""
    none = tuple(0 for _ in setting.fees)
    paper = Paper(none, none, none, none, none, none)
    words = tuple(Word.NOTHING for _ in setting.fees)
    far = Far(words, tuple(False for _ in setting.fees), words, debt=Debt(setting.owed))
    empty = World(Core(), Cash(purse=setting.purse), paper, far, Bill(setting.bills), Terminal())
    issues = tuple(
        Issue(line, 1, key, "land", fee * COIN, setting.sheets, "h")
        for line, (key, fee) in enumerate(zip(setting.keys, setting.fees, strict=True), start=1)
    )
    if setting.owed:
        move = redeeming.begin("O", "holder", setting.owed * COIN, policy(setting), 0, 0)
    else:
        base = position(0) if "cash" in setting.means else None
        payer = Payer(means=setting.means)
        move = collecting.begin("O", issues, base, policy(setting), 0, 0, payer, till(setting))
    for _, world in _made(setting, empty, move, committed=True):
        yield world


def hear(setting: Setting, world: World, event: OrderEvent) -> Heard:
    """Core hears of something. Each result with what befell core in the middle of it ("" for nothing)."""
    saga = world.core.saga
    if saga is None:
        return
    known = isinstance(
        event,
        order_events.CoinIn | order_events.CoinsUnknown | order_events.NoteIn | order_events.NotesUnknown,
    )
    yield from _made(setting, world, _reduced(saga, event, 0), committed=known)
    if saga.stage is Stage.JUDGING and saga.deadline_ms and isinstance(event, order_events.CashRead):
        for fate, after in _made(setting, world, _reduced(saga, event, 1), committed=known):
            yield ", and the deadline has passed" + fate, after


def ticks(setting: Setting, world: World) -> Iterator[tuple[Step, World]]:
    """The clock: the time to ask again has come, or the deadline, or both."""
    saga = world.core.saga
    if saga is None or saga.stage is Stage.OVER or (setting.calm and saga.stage in PROMPT):
        return
    for what, deadline, retry, now in (
        ("it is time to ask again", 2, 1, 1),
        ("the deadline passes", 1, 2, 1),
        ("the deadline passes, and it is time to ask again", 1, 1, 1),
    ):
        if (now >= deadline and not saga.deadline_ms) or (now >= retry and not saga.retry_ms):
            continue
        if now >= retry and _full(setting, world, saga):
            continue
        timed = replace(
            saga,
            deadline_ms=deadline if saga.deadline_ms else 0,
            retry_ms=retry if saga.retry_ms else 0,
        )
        for fate, after in _made(setting, world, _reduced(timed, order_events.Tick(), now), committed=False):
            yield Step(Who.CLOCK, what + fate), after


@lru_cache(maxsize=1 << 18)
def _reduced(saga: Saga, event: OrderEvent, now: int) -> Move:
    return reduce(saga, event, now)


def _made(setting: Setting, world: World, move: Move, *, committed: bool) -> Heard:
    """What core's shell does with a move: durable first, then acted upon."""
    move = _taken_away(setting, move)
    saga = _plain(setting, move.saga)
    core = world.core
    if setting.noted is not None and (move.records or world.core.saga is None):
        setting.noted.update(_noted(world, move))
    durable = move.records if setting.stores_intents else _but_intents(move)
    committed = committed or bool(durable)
    if committed:
        lost = rebuilding.lost(setting, core.stored, move, saga.order) if setting.stores_intents else ""
        if lost:
            core = replace(core, wrong=f"a rebuilt ledger is another one: {lost}")
        booked = saga.order.booked
        core = replace(core, stored=saga.order, booked=_coins(booked) if booked else core.booked)
    rows = tuple(
        Row(kind_of(record), setting.keys.index(record.key), record.number)
        for record in move.records
        if isinstance(record, LAST_WORDS)
    )
    rows += tuple(
        Row("redemption-over", -1, "", record.paid // COIN)
        for record in move.records
        if isinstance(record, journal.OrderClosed) and record.redeems
    )
    saga_left = None if saga.stage is Stage.OVER else saga
    far = replace(world.far, outbox=world.far.outbox + rows) if rows else world.far
    session = core.session and saga.live
    after = replace(world, core=replace(core, saga=saga_left, session=session), far=far)
    sent = [after]
    for effect in move.effects:
        sent.append(_sent(setting, sent[-1], saga, effect))
    yield "", _forgotten(sent[-1])
    if core.losses < setting.losses and committed:
        for cut in dark(setting, after):
            yield "; it is stored, then the power fails", cut
        for count, before in enumerate(sent[:-1]):
            yield (
                f"; it is stored, then core dies with {count} of {len(move.effects)} acts done",
                down(before),
            )


def _taken_away(setting: Setting, move: Move) -> Move:
    """The move of a machine that charges first, or takes coins beside a note."""
    card, kinds = move.saga.order.card, {kind_of(record) for record in move.records}
    if not setting.charges_after and card is not None and "card-authorised" in kinds:
        early = order_effects.Capture(card.key, card.receipt, card.amount, card.amount)
        move = replace(move, effects=(early, *move.effects))
    if not setting.coins_wait and any(isinstance(effect, order_effects.StackNote) for effect in move.effects):
        stacking = tuple(
            effect for effect in move.effects if not isinstance(effect, order_effects.StartCollect)
        )
        move = replace(move, effects=stacking)
    return move


def _but_intents(move: Move) -> tuple[journal.Row, ...]:
    return tuple(record for record in move.records if not isinstance(record, INTENTS))


def _kind(reason: str) -> str:
    """An order's reason as far as a rule looks at it."""
    return reason if reason in ("", "interrupted") else "x"


def _noted(world: World, move: Move) -> Iterator[Noted]:
    """The move as the order made it; an order by card stands in two places, the other one is its payment's."""
    kinds = tuple(kind_of(record) for record in move.records)
    effects = tuple(type(effect).__name__ for effect in move.effects)
    saga, stored, order = world.core.saga, world.core.stored, move.saga.order
    for place in (standing, paying):
        stays = place is paying and paying(stored) == paying(order)
        if stays and saga is not None:
            continue
        yield Noted(
            place(stored),
            place(order),
            () if stays else tuple(k for k in kinds if place is standing or k.startswith("card")),
            effects,
            live=saga is None or saga.live,
            boot=saga is None,
        )


def standing(order: Order | None) -> str:
    """Where an order stands in the ledger: the order's own state, or that of the note, card or copy under way."""
    if order is None:
        return ""
    if order.state is OrderState.COLLECT and order.note is not None:
        return NOTE
    if order.card is not None and order.state in (OrderState.CARD, OrderState.SETTLING) and _open(order.card):
        return order.card.state.value
    current = order.current if order.state is OrderState.LINES else None
    return current.state.value if current is not None else order.state.value


def paying(order: Order | None) -> str:
    """Where the payment of an order by card stands, as long as the terminal may hold money for it."""
    return (
        order.card.state.value if order is not None and order.card is not None and _open(order.card) else ""
    )


def _open(card: CardPayment) -> bool:
    return card.holds or card.state is CardState.ASKED


def _coins(booked: CoinPosition) -> int:
    return (booked.accepted - ACCEPTS_START) % COIN_SPAN


def _full(setting: Setting, world: World, saga: Saga) -> bool:
    """A question is not put again while so many wait at its device, or answers on their way back from there."""
    if saga.stage in TERMINAL:
        questions = sum(isinstance(effect, order_effects.ReadTerminal) for effect in world.card.asked)
        return questions + len(world.card.said) >= setting.questions
    if saga.stage in (Stage.COUNTING, Stage.METERING, Stage.WEIGHING, Stage.JUDGING):
        questions = sum(not isinstance(effect, order_effects.PayOut) for effect in world.cash.asked)
        return questions + len(world.cash.said) >= setting.questions
    return len(world.paper.asked) + len(world.paper.said) >= setting.questions


def _forgotten(world: World) -> World:
    """The world without what nobody waits for: errands of a stage that is over, answers to an order that is closed."""
    saga, far, cash, paper, card = world.core.saga, world.far, world.cash, world.paper, world.card
    stage = saga.stage if saga is not None else Stage.OVER
    worker = tuple(e for e in far.worker if NEEDED.get(e.what, stage) is stage)
    if stage is not Stage.ASKING or worker != far.worker:
        replies = far.replies if stage is Stage.ASKING else tuple(Word.NOTHING for _ in far.replies)
        far = replace(far, worker=worker, replies=replies)
    if saga is not None and cash.said:
        said = tuple(event for event in cash.said if not _nobodys(saga, event))
        cash = replace(cash, said=said) if len(said) < len(cash.said) else cash
    if saga is None:
        cash = replace(
            cash, said=(), asked=tuple(e for e in cash.asked if not isinstance(e, order_effects.ReadCash))
        )
        asked = tuple(
            e for e in paper.asked if not isinstance(e, order_effects.ReadPaper | order_effects.FollowJob)
        )
        paper = replace(paper, said=(), asked=asked, taken_untold=False)
        if card.asked or card.said:
            told = tuple(e for e in card.asked if not isinstance(e, order_effects.ReadTerminal))
            card = replace(card, said=(), asked=told)
    return World(world.core, cash, paper, far, world.bill, card)


def _nobodys(saga: Saga, event: OrderEvent) -> bool:
    """An answer to what is over for good: the count of coins once they go back, the end of a note that is decided."""
    match event:
        case order_events.Counted():
            return saga.stage in PAYING
        case order_events.StackOver(key):
            return saga.order.note is None or saga.order.note.key != key
        case _:
            return False


def _plain(setting: Setting, saga: Saga) -> Saga:
    """The saga without what no rule looks at: how long, in which words, how often beyond patience."""
    if saga.tries > PATIENT_TRIES:
        saga = replace(saga, tries=PATIENT_TRIES)
    saga = replace(saga, deadline_ms=min(saga.deadline_ms, 1), retry_ms=min(saga.retry_ms, 1))
    return saga if setting.words_kept else without_words(saga)


def without_words(saga: Saga) -> Saga:
    """Of reasons only that there is one; nothing of what only a screen shows, or what is watched after the order."""
    order, fault = stored_without_words(saga.order), "x" if saga.fault else ""
    return replace(saga, order=order, fault=fault, blocked="", sheet=0, refused_note=0)


def stored_without_words(order: Order) -> Order:
    """The same of an order as the ledger has it."""
    issues = tuple(replace(issue, reason="") for issue in order.issues)
    card = replace(order.card, reason="") if order.card is not None else None
    return replace(order, issues=issues, reason=_kind(order.reason), counters=None, card=card)


def _sent(setting: Setting, world: World, saga: Saga, effect: Effect) -> World:
    """The effect is on its way to whom it is for. M5 is looked at here: only a payer who is there gets anything."""
    if isinstance(effect, order_effects.PayOut | order_effects.Offer) and not world.core.session:
        what = "coins are paid" if isinstance(effect, order_effects.PayOut) else "paper is offered"
        world = replace(world, core=replace(world.core, wrong=f"M5: {what}, and the payer's visit is over"))
    if isinstance(effect, CASH):
        return replace(world, cash=replace(world.cash, asked=(*world.cash.asked, effect)))
    if isinstance(effect, CARD):
        return replace(world, card=replace(world.card, asked=(*world.card.asked, effect)))
    if isinstance(effect, order_effects.StopCard):
        return world  # a terminal may give up at any time, told to or not
    if isinstance(effect, order_effects.AskWorker | order_effects.OpenAnswer | order_effects.SendDocument):
        what = {
            order_effects.AskWorker: "seal",
            order_effects.OpenAnswer: "open",
            order_effects.SendDocument: "send",
        }[type(effect)]
        errand = Errand(what, setting.keys.index(effect.key))
        return replace(world, far=replace(world.far, worker=(*world.far.worker, errand)))
    if isinstance(effect, order_effects.AskClaims):
        return replace(world, far=replace(world.far, debt=replace(world.far.debt, asked=True)))
    if isinstance(effect, order_effects.AskCentral):
        copy = setting.keys.index(effect.key)
        requests = (*world.far.requests[:copy], True, *world.far.requests[copy + 1 :])
        return replace(world, far=replace(world.far, requests=requests))
    return replace(world, paper=replace(world.paper, asked=(*world.paper.asked, effect)))


# --- boot ---------------------------------------------------------------------------------------------------------


def boot(setting: Setting, world: World) -> Heard:
    """The power, or core, is back: an order that was left open goes on by the product's own rule."""
    core = replace(world.core, power=Power.UP)
    cash = replace(world.cash, told=core.booked)
    paper = world.paper
    if world.core.power is Power.DARK:
        paper = replace(paper, held=any(paper.path), seen=(any(paper.path), any(paper.mouth)))
    up = replace(world, core=core, cash=cash, paper=paper)
    order = core.stored
    if order is None or order.state is OrderState.CLOSED:
        yield "", up
        return
    yield from _made(setting, up, _resumed(setting, order), committed=False)


def _resumed(setting: Setting, order: Order) -> Move:
    move = recovery.resume(order, policy(setting), 0)
    if setting.keeps_to_boot_rule:
        return move
    return replace(move, saga=replace(move.saga, live=True))


def forget_moves() -> None:
    """The product's code has changed under the search (planted faults)."""
    _reduced.cache_clear()
    rebuilding.forget()
