"""What sheets, printer and presenter can do next, and what core hears of it."""

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from drivers.contract import Outcome, PaperReading
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order.effects import Effect
from kiosk.order.events import OrderEvent
from kiosk.order.saga import Stage
from tests.proof.heart import hear
from tests.proof.world import (
    RETRACTS_START,
    SHEET_SPAN,
    SHEETS_START,
    Job,
    Next,
    Paper,
    Power,
    Setting,
    Step,
    Who,
    World,
    moved,
    put,
)

FOLLOWED = (Stage.STARTING, Stage.PRINTING)


def steps(setting: Setting, world: World) -> Iterator[Next]:
    """Everything that can happen to paper in this state, hands included."""
    yield from _hands(world)
    if world.core.power is Power.DARK:
        return
    yield from _printer_moves(setting, world)
    if not setting.fresh_sensors and world.paper.seen != _sensors(world.paper):
        polled = replace(world.paper, seen=_sensors(world.paper))
        yield Step(Who.DEVICE, "the presenter's sensors are polled"), replace(world, paper=polled)
    for index, effect in enumerate(world.paper.asked):
        rest = (*world.paper.asked[:index], *world.paper.asked[index + 1 :])
        acts = _commands(setting, world, effect)
        for what, paper, end in islice(acts, 1) if setting.calm else acts:
            said = (*paper.said, end) if world.core.power is Power.UP else ()
            after = replace(world, paper=replace(paper, asked=rest, said=said))
            yield Step(Who.DEVICE, what), after
    if world.core.power is Power.UP:
        yield from _told(setting, world)
        if world.core.faults < setting.faults and not setting.calm:
            yield from _troubles(world)


def _hands(world: World) -> Iterator[Next]:
    paper = world.paper
    if any(paper.mouth):
        mouth, hand = moved(paper.mouth, paper.hand)
        untold = world.core.power is Power.UP
        taken = replace(paper, mouth=mouth, hand=hand, taken_untold=untold, held=False)
        yield Step(Who.CITIZEN, "the paper is taken from the mouth"), replace(world, paper=taken)


def _printer_moves(setting: Setting, world: World) -> Iterator[Next]:
    paper, job = world.paper, world.paper.job
    if job is None or job.over or job.left < 1:
        return
    left = job.left - 1
    after = replace(
        paper,
        printed=_one_more(paper.printed, job.copy),
        job=replace(job, left=left, over=left == 0, whole=left == 0),
    )
    if paper.held and setting.closed_tray:
        after = replace(after, path=_one_more(paper.path, job.copy))
        yield Step(Who.DEVICE, "a sheet comes out, behind the gate"), replace(world, paper=after)
    else:
        after = replace(after, tray=_one_more(paper.tray, job.copy))
        yield Step(Who.DEVICE, "a sheet comes out, into the open tray"), replace(world, paper=after)


def _one_more(counts: tuple[int, ...], copy: int) -> tuple[int, ...]:
    return put(counts, copy, counts[copy] + 1)


def _sensors(paper: Paper) -> tuple[bool, bool]:
    return any(paper.path), any(paper.mouth)


def reading(
    setting: Setting, paper: Paper, *, polled: bool = False, key: str = "", gone: bool = False
) -> PaperReading:
    """What the paper bus reads now; `polled`: the presenter's half is as it was polled last. `key`: the job that is
    asked about; `gone`: the printer has forgotten it.
    """
    path, mouth = paper.seen if polled and not setting.fresh_sensors else _sensors(paper)
    if not setting.mouth_sensor:
        path = mouth = False
    return PaperReading(
        printer_serial="P1",
        sheets=_counted(setting, paper),
        job_sheets=None if gone or not key or not _knows(setting, paper, key) else _of_job(paper),
        presenter_serial="R1",
        retracts=(RETRACTS_START + paper.retracts) % SHEET_SPAN,
        path=path,
        mouth=mouth,
    )


def _counted(setting: Setting, paper: Paper) -> int | None:
    """P: for life; or, of a printer that keeps no such count, none, or one since it was turned on taken for it."""
    if setting.lasting_sheets:
        return (SHEETS_START + sum(paper.printed)) % SHEET_SPAN
    return (SHEETS_START + _of_job(paper)) % SHEET_SPAN if setting.believes_all else None


def _of_job(paper: Paper) -> int:
    return paper.printed[paper.job.copy] if paper.job is not None else 0


def _knows(setting: Setting, paper: Paper, key: str) -> bool:
    return paper.job is not None and paper.job.copy == setting.keys.index(key)


Acts = Iterator[tuple[str, Paper, OrderEvent]]
SILENT = order_events.PaperRead(Outcome.UNKNOWN, None)


def _commands(setting: Setting, world: World, effect: Effect) -> Acts:
    paper = world.paper
    match effect:
        case order_effects.HoldGate():
            if any(paper.mouth):
                yield (
                    "the presenter can't close: its mouth is full",
                    paper,
                    order_events.GateHeld(Outcome.NOT_DONE),
                )
                return
            held = replace(paper, held=True)
            yield "the gate closes", held, order_events.GateHeld(Outcome.DONE)
            yield "the gate closes, and the answer is lost", held, order_events.GateHeld(Outcome.UNKNOWN)
            yield "the presenter does not hear it", paper, order_events.GateHeld(Outcome.UNKNOWN)
        case order_effects.ReadPaper(key):
            read = order_events.PaperRead(Outcome.DONE, reading(setting, paper, key=key))
            yield "counters and sensors are read", paper, read
            if key and _knows(setting, paper, key):
                forgotten = order_events.PaperRead(Outcome.DONE, reading(setting, paper, key=key, gone=True))
                yield "counters and sensors are read, and the job is forgotten", paper, forgotten
            yield "counters and sensors do not answer", paper, SILENT
        case order_effects.OpenJob(key):
            yield from _open(setting, paper, key)
        case order_effects.CancelJob(key):
            yield from _cancel(setting, paper, key)
        case order_effects.FollowJob(key):
            if not _knows(setting, paper, key):
                yield "the printer knows no such job", paper, order_events.JobFailed(key)
            else:
                yield "the job is found again", paper, order_events.Tick()
        case order_effects.Offer():
            yield from _offer(setting, paper)
        case _:
            yield from _retract(setting, paper)


def _open(setting: Setting, paper: Paper, key: str) -> Acts:
    opened = replace(paper, job=Job(setting.keys.index(key)))
    yield "the printer opens the job", opened, order_events.JobOpen(key, 7)
    yield "the printer opens the job, and the answer is lost", opened, order_events.JobFailed(key)
    yield "the printer refuses the job", paper, order_events.JobFailed(key)


def _cancel(setting: Setting, paper: Paper, key: str) -> Acts:
    if paper.job is None:
        known = order_events.PaperRead(Outcome.NOT_DONE, reading(setting, paper, polled=True))
        yield "the printer knows no such job", paper, known
    else:
        over = replace(paper, job=replace(paper.job, over=True))
        done = order_events.PaperRead(Outcome.DONE, reading(setting, over, polled=True, key=key))
        yield "the job is cancelled and has ended", over, done
        yield "the job is cancelled, and the answer is lost", over, SILENT
    yield "the printer does not answer", paper, SILENT


def _offer(setting: Setting, paper: Paper) -> Acts:
    if not any(paper.path):
        nothing = order_events.Offered(Outcome.NOT_DONE, reading(setting, paper))
        yield "there is nothing to push out", paper, nothing
        return
    path, mouth = moved(paper.path, paper.mouth)
    out = replace(paper, path=path, mouth=mouth)
    yield "the paper is pushed into the mouth", out, order_events.Offered(Outcome.DONE, reading(setting, out))
    yield (
        "the paper is in the mouth, and the answer is lost",
        out,
        order_events.Offered(Outcome.UNKNOWN, None),
    )
    yield "the presenter does not move", paper, order_events.Offered(Outcome.UNKNOWN, None)


def _retract(setting: Setting, paper: Paper) -> Acts:
    if any(paper.path) or any(paper.mouth):
        path, binned = moved(paper.path, paper.binned)
        mouth, binned = moved(paper.mouth, binned)
        retracts = paper.retracts + 1
        gone = replace(paper, path=path, mouth=mouth, binned=binned, retracts=retracts, held=False)
        yield (
            "the paper is pulled into the bin",
            gone,
            order_events.PaperRead(Outcome.DONE, reading(setting, gone)),
        )
        yield "the paper is in the bin, and the answer is lost", gone, SILENT
        stuck = order_events.PaperRead(Outcome.UNKNOWN, reading(setting, paper))
        yield "the paper sticks", paper, stuck
    else:
        nothing = order_events.PaperRead(Outcome.DONE, reading(setting, paper))
        yield "there is nothing to pull in", paper, nothing
    yield "the presenter does not answer", paper, SILENT


def _told(setting: Setting, world: World) -> Iterator[Next]:
    """What core hears: replies in their order; sheets, the job's end and a hand at the mouth by themselves."""
    paper, saga = world.paper, world.core.saga
    if paper.said:
        after = replace(world, paper=replace(paper, said=paper.said[1:]))
        yield from _heard(setting, after, Who.DEVICE, "core hears it", paper.said[0])
    if paper.taken_untold:
        after = replace(world, paper=replace(paper, taken_untold=False))
        yield from _heard(setting, after, Who.DEVICE, "the presenter says: taken", order_events.Taken())
    if saga is None or saga.stage not in FOLLOWED or paper.job is None:
        return
    job, key = paper.job, setting.keys[paper.job.copy]
    sheets = paper.printed[job.copy]
    if sheets > saga.sheet and setting.words_kept:
        moves = order_events.SheetMoved(key, sheets)
        yield from _heard(setting, world, Who.DEVICE, "the printer tells of a sheet", moves)
    if job.over:
        proof = Outcome.DONE if job.whole else Outcome.UNKNOWN
        yield from _heard(
            setting,
            world,
            Who.DEVICE,
            "the printer tells that the job is over",
            order_events.JobOver(key, proof, sheets),
        )
    if job.left > 0 and not saga.blocked and setting.words_kept:
        blocked = order_events.PrinterBlocked("paper-jam")
        yield from _heard(setting, world, Who.DEVICE, "the printer stands still: a jam", blocked)


def _heard(setting: Setting, world: World, who: Who, what: str, event: OrderEvent) -> Iterator[Next]:
    if world.core.saga is None:
        yield Step(who, what), world
        return
    for fate, after in hear(setting, world, event):
        yield Step(who, what + fate), after


def _troubles(world: World) -> Iterator[Next]:
    """The paper process dies and comes back; the presenter alone is reset, and its gate opens unless it sees paper."""
    paper = world.paper
    core = replace(world.core, faults=world.core.faults + 1)
    ends: list[OrderEvent] = []
    for effect in paper.asked:
        match effect:
            case order_effects.HoldGate():
                ends.append(order_events.GateHeld(Outcome.UNKNOWN))
            case order_effects.OpenJob(key):
                ends.append(order_events.JobFailed(key))
            case order_effects.Offer():
                ends.append(order_events.Offered(Outcome.UNKNOWN, None))
            case order_effects.FollowJob():
                pass
            case _:
                ends.append(SILENT)
    dead = replace(paper, asked=(), said=(*paper.said, *ends, order_events.JobLost()), taken_untold=False)
    yield (
        Step(Who.TROUBLE, "the paper process dies and is started again"),
        replace(world, core=core, paper=dead),
    )
    if paper.held and not any(paper.path):
        reset = replace(paper, held=False)
        yield (
            Step(Who.TROUBLE, "the presenter is reset: its gate is open"),
            replace(world, core=core, paper=reset),
        )
