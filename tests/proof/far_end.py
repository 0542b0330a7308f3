"""What worker, network, central and the citizen's presses can do next, and what core hears of it."""

from collections.abc import Iterator

from msgspec.structs import replace

from drivers.contract import Outcome
from kiosk.order import events as order_events
from kiosk.order.effects import ReadTerminal
from kiosk.order.events import OrderEvent
from kiosk.order.model import OrderState
from kiosk.order.saga import Hurry, Stage
from tests.proof.heart import hear
from tests.proof.world import COIN, Debt, Errand, Far, Next, Power, Row, Setting, Step, Who, Word, World

BEFORE_THE_DOCUMENT = (Stage.HOLDING, Stage.READYING, Stage.STARTING)
CALLED_OFF = (
    Stage.COLLECTING,
    Stage.STACKING,
    Stage.JUDGING,
    Stage.CHOOSING,
    Stage.TERMINAL,
    Stage.AUTHORISING,
    Stage.DOUBTING,
)
CHOICES = (Stage.CHOOSING, Stage.TERMINAL, Stage.AUTHORISING, Stage.COLLECTING)
HELD_UP = (Stage.OFFERING, Stage.WAITING)


def steps(setting: Setting, world: World) -> Iterator[Next]:
    """Everything that can happen there in this state."""
    if world.core.power is Power.DARK:
        yield from _arrivals(setting, world)
        yield from _claims_arrive(setting, world)
        return
    yield from _arrivals(setting, world)
    yield from _claims_arrive(setting, world)
    yield from _outbox(setting, world)
    if world.core.power is Power.UP and world.core.saga is not None:
        yield from _replies(setting, world)
        yield from _claim_replies(setting, world)
        yield from _worker(setting, world)
        yield from _presses(setting, world)
        if setting.ups:
            yield from _ups(setting, world)


def _arrivals(setting: Setting, world: World) -> Iterator[Next]:
    """A request that is out may arrive now, late, or twice: a key that is known gives what it gave.

    Central's words on a key are changed by arrivals and rows alone, and core hears of them only while it asks; so a
    late one is looked at once the order is closed.
    """
    far = world.far
    if not ((_closed(world) and not setting.calm) or _answers(world)):
        return
    for copy, out in enumerate(far.requests):
        if not out:
            continue
        number = f"no. {copy + 1}"
        if far.words[copy] is Word.NOTHING:
            issued = _word(far, copy, Word.ISSUED)
            yield (
                Step(Who.NETWORK, f"the request arrives; central gives {number}"),
                replace(world, far=_reply(world, issued, copy, Word.ISSUED)),
            )
            refused = _word(far, copy, Word.REFUSED)
            yield (
                Step(Who.NETWORK, "the request arrives; central refuses it"),
                replace(world, far=_reply(world, refused, copy, Word.REFUSED)),
            )
        elif far.replies[copy] is Word.NOTHING and _answers(world) and not setting.calm:
            known = Word.ISSUED if far.words[copy] in (Word.ISSUED, Word.DELIVERED) else Word.REFUSED
            yield (
                Step(Who.NETWORK, "the request arrives again; central says what it said"),
                replace(world, far=_reply(world, far, copy, known)),
            )


def _claims_arrive(setting: Setting, world: World) -> Iterator[Next]:
    """Central holds what is owed for this redemption alone; for one that it knows to be over it holds nothing."""
    debt, saga = world.far.debt, world.core.saga
    waits = saga is not None and saga.stage is Stage.RESERVING
    if not debt.asked or debt.reply or not (waits or _closed(world)) or (debt.over and not waits):
        return
    held = 0 if debt.over else debt.owed
    after = replace(debt, held=held, reply=waits)
    if after != debt:
        yield Step(Who.NETWORK, f"central holds {held} for it"), _with_debt(world, after)


def _claim_replies(setting: Setting, world: World) -> Iterator[Next]:
    debt, saga = world.far.debt, world.core.saga
    if saga is None or not saga.order.redeems:
        return
    if debt.reply:
        claims = (order_events.Claimed("K", "C", debt.held * COIN),) if debt.held else ()
        came = _with_debt(world, replace(debt, reply=False))
        yield from _heard(
            setting, came, Who.NETWORK, "central's answer comes", order_events.Reserved("O", claims)
        )
    if saga.stage is Stage.RESERVING:
        none = order_events.Reserved("O", (), "central-unreachable")
        yield from _heard(setting, world, Who.NETWORK, "the courier gives up", none)
    if saga.stage is Stage.CONFIRMING and world.core.session:
        yield from _heard(setting, world, Who.CITIZEN, "the payer wants it now", order_events.Confirmed())
        yield from _heard(setting, world, Who.CITIZEN, "the payer does not", order_events.Stop("cancelled"))


def _with_debt(world: World, debt: Debt) -> World:
    return replace(world, far=replace(world.far, debt=debt))


def _closed(world: World) -> bool:
    order = world.core.stored
    return order is not None and order.state is OrderState.CLOSED


def _answers(world: World) -> bool:
    saga = world.core.saga
    return saga is not None and saga.stage is Stage.ASKING


def _word(far: Far, copy: int, word: Word) -> Far:
    return replace(far, words=(*far.words[:copy], word, *far.words[copy + 1 :]))


def _reply(world: World, far: Far, copy: int, word: Word) -> Far:
    if world.core.power is not Power.UP or world.core.saga is None:
        return far
    return replace(far, replies=(*far.replies[:copy], word, *far.replies[copy + 1 :]))


def _replies(setting: Setting, world: World) -> Iterator[Next]:
    far, saga = world.far, world.core.saga
    for copy, reply in enumerate(far.replies):
        if reply is Word.NOTHING:
            continue
        key = setting.keys[copy]
        good = reply is Word.ISSUED
        event = (
            order_events.Answered(key, f"no. {copy + 1}", b"s")
            if good
            else order_events.Answered(key, code="refused")
        )
        came = replace(world, far=_reply(world, far, copy, Word.NOTHING))
        yield from _heard(setting, came, Who.NETWORK, "central's answer comes", event)
    if saga is not None and saga.stage is Stage.ASKING and not setting.calm:
        gave_up = order_events.Answered(saga.issue.key, code="central-unreachable")
        yield from _heard(setting, world, Who.NETWORK, "the courier gives up", gave_up)


def _outbox(setting: Setting, world: World) -> Iterator[Next]:
    """Journal rows go up in their order. What they mean to central: the first last word stays."""
    far = world.far
    if not far.outbox or not _closed(world):
        return
    row = far.outbox[0]
    after = _interpreted(setting, replace(far, outbox=far.outbox[1:]), row)
    yield Step(Who.NETWORK, f"central reads: {row.kind} of copy {row.copy + 1}"), replace(world, far=after)


def _interpreted(setting: Setting, far: Far, row: Row) -> Far:
    if row.kind == "redemption-over":
        debt, paid = far.debt, row.coins
        over = setting.tombstones or debt.held > 0
        return replace(far, debt=replace(debt, owed=debt.owed - paid, held=0, over=over))
    word = far.words[row.copy]
    if row.kind == "issue-delivered":
        if word is not Word.ISSUED:
            return replace(far, alarm=f"delivered, and central has written {word or 'nothing'}")
        return _word(far, row.copy, Word.DELIVERED)
    if row.kind == "issue-void":
        if word is Word.DELIVERED:
            return replace(far, alarm="void after delivered")
        if word is Word.NOTHING and not setting.tombstones:
            return far
        return _word(far, row.copy, Word.VOID)
    return far


def _worker(setting: Setting, world: World) -> Iterator[Next]:
    far = world.far
    for index, errand in enumerate(far.worker):
        rest = replace(far, worker=(*far.worker[:index], *far.worker[index + 1 :]))
        yield from _errand(setting, replace(world, far=rest), errand)
    saga = world.core.saga
    if saga is not None and saga.stage in BEFORE_THE_DOCUMENT and not setting.calm:
        gone = replace(world, far=replace(far, worker=()))
        yield from _heard(
            setting, gone, Who.TROUBLE, "the worker dies", order_events.WorkFailed("worker-gone")
        )


def _errand(setting: Setting, world: World, errand: Errand) -> Iterator[Next]:
    key, failed = setting.keys[errand.copy], order_events.WorkFailed("worker-gone")
    match errand.what:
        case "seal" if not setting.works:
            pass
        case "seal":
            sealed = order_events.Sealed(key, b"s")
            yield from _heard(setting, world, Who.DEVICE, "the worker seals the request", sealed)
        case "open":
            ready = order_events.Prepared(key, f"no. {errand.copy + 1}", setting.sheets)
            yield from _heard(setting, world, Who.DEVICE, "the document is ready", ready)
        case _:
            yield from _send(setting, world, errand.copy)
            return
    if not (setting.calm and setting.works):
        yield from _heard(setting, world, Who.TROUBLE, "the worker fails", failed)


def _send(setting: Setting, world: World, copy: int) -> Iterator[Next]:
    key, job = setting.keys[copy], world.paper.job
    unknown = order_events.DocumentSent(key, Outcome.UNKNOWN)
    failed = order_events.WorkFailed("worker-gone")
    none = order_events.DocumentSent(key, Outcome.NOT_DONE)
    if setting.calm and job is not None and job.copy == copy:
        sent = replace(world, paper=replace(world.paper, job=replace(job, left=setting.sheets)))
        done = order_events.DocumentSent(key, Outcome.DONE)
        yield from _heard(setting, sent, Who.DEVICE, "the printer has the document", done)
        return
    yield from _heard(setting, world, Who.DEVICE, "the document does not reach the printer", none)
    yield from _heard(setting, world, Who.DEVICE, "the document is lost on its way; nobody knows", unknown)
    yield from _heard(setting, world, Who.TROUBLE, "the worker dies before the document is sent", failed)
    if job is None or job.copy != copy or job.over or job.left >= 0:
        return
    whole = replace(world, paper=replace(world.paper, job=replace(job, left=setting.sheets)))
    done = order_events.DocumentSent(key, Outcome.DONE)
    yield from _heard(setting, whole, Who.DEVICE, "the printer has the document", done)
    yield from _heard(setting, whole, Who.DEVICE, "the printer has the document; nobody knows", unknown)
    yield from _heard(
        setting, whole, Who.TROUBLE, "the printer has the document, and the worker dies", failed
    )


def _presses(setting: Setting, world: World) -> Iterator[Next]:
    """Cancel, more time, and the end of the visit: the payer has gone, whoever stands there now."""
    saga, core = world.core.saga, world.core
    if saga is None or not core.session:
        return
    if saga.stage in CALLED_OFF:
        stop = order_events.Stop("cancelled")
        yield from _heard(setting, world, Who.CITIZEN, "the citizen cancels", stop)
    if saga.stage is Stage.WAITING:
        yield from _heard(
            setting, world, Who.CITIZEN, "the citizen asks for more time", order_events.MoreTime()
        )
    if "card" in setting.means:
        yield from _choices(setting, world)
    left = replace(world, core=replace(core, session=False))
    yield from _heard(
        setting, left, Who.CLOCK, "the payer has left; the visit ends", order_events.VisitOver()
    )


def _choices(setting: Setting, world: World) -> Iterator[Next]:
    """How to pay, as the screen offers it: another way as long as no coin is in, a card so many times."""
    saga = world.core.saga
    if saga is None or saga.stage not in CHOICES or (saga.stage is Stage.COLLECTING and saga.order.credit):
        return
    attempts = saga.order.card.attempt if saga.order.card is not None else 0
    waits = any(isinstance(effect, ReadTerminal) for effect in world.card.asked) or bool(world.card.said)
    for means in setting.means:
        if means == "cash" or (attempts < setting.attempts and not waits):
            chosen = order_events.MeansChosen(means)
            yield from _heard(setting, world, Who.CITIZEN, f"the citizen wants to pay by {means}", chosen)
    if saga.stage is not Stage.CHOOSING:
        again = order_events.MeansChosen("")
        yield from _heard(setting, world, Who.CITIZEN, "the citizen wants another way to pay", again)


def _ups(setting: Setting, world: World) -> Iterator[Next]:
    """A word that would change nothing is left out; what it says has nothing to do with when the power fails."""
    saga = world.core.saga
    if saga is None or saga.stage is Stage.OVER:
        return
    if not saga.hurry:
        yield from _heard(setting, world, Who.TROUBLE, "the UPS: on battery", order_events.PowerFailing(None))
    if saga.hurry is not Hurry.STOP:
        yield from _heard(setting, world, Who.TROUBLE, "the UPS: battery low", order_events.PowerFailing(0))
    if saga.hurry:
        yield from _heard(
            setting, world, Who.TROUBLE, "the UPS: the mains are back", order_events.PowerBack()
        )


def _heard(setting: Setting, world: World, who: Who, what: str, event: OrderEvent) -> Iterator[Next]:
    for fate, after in hear(setting, world, event):
        yield Step(who, what + fate), after
