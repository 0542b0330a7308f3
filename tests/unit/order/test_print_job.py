"""The printer's job is known on disk before it has a document; what a printer can't prove of it ends nothing."""

from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from drivers.contract import Outcome as Proof
from drivers.contract import PaperReading
from kiosk.order import evidence
from kiosk.order.effects import (
    CancelJob,
    Effect,
    FollowJob,
    Offer,
    OpenJob,
    ReadPaper,
    RetractPaper,
    SendDocument,
)
from kiosk.order.events import JobFailed, JobLost, OrderEvent, PaperRead, Tick, WorkFailed
from kiosk.order.model import IssueState, Order, OrderOutcome, Policy
from kiosk.order.policies import SalePolicy
from tests.unit.order.test_late_evidence import ISSUE
from tests.unit.order.wires import JOB_ID
from tests.unit.order.world import World


@dataclass
class Watched(World):
    """Keeps what was asked of the printer, and how the order was stored when its document was sent."""

    asked: list[Effect] = field(default_factory=list)
    at_document: Order | None = None

    def do(self, effect: Effect) -> None:
        if isinstance(effect, OpenJob | FollowJob | CancelJob):
            self.asked.append(effect)
        if isinstance(effect, SendDocument):
            self.at_document = self.stored
        super().do(effect)


def test_what_the_printer_calls_the_job_is_stored_before_the_document_is_sent() -> None:
    (world := Watched()).serve()
    world.check()
    assert world.at_document is not None
    issue = world.at_document.issues[0]
    assert (issue.state, issue.job_id, issue.printer_serial) == (IssueState.PRINTING, JOB_ID, "P1")
    body = next(body for kind, body in world.records if kind == "print-intent")
    assert body["job"] == JOB_ID


def test_after_a_cut_the_job_is_cancelled_by_its_id() -> None:
    (whole := Watched()).serve()
    for cut in range(whole.steps, 0, -1):
        world = Watched(cut_at=cut)
        world.serve()
        told = [effect for effect in world.asked if isinstance(effect, CancelJob)]
        assert all((one.job_id, one.printer_serial) == (JOB_ID, "P1") for one in told)
        if told:
            return
    raise AssertionError("no cut fell after PRINT?")


@dataclass
class NoJob(Watched):
    """The job is not opened, for one reason or the other."""

    instead: OrderEvent = field(default_factory=lambda: JobFailed("O-1-1"))

    def do(self, effect: Effect) -> None:
        if isinstance(effect, OpenJob):
            self.asked.append(effect)
            self.inbox.append(self.instead)
            return
        super().do(effect)


@pytest.mark.parametrize("instead", [JobFailed("O-1-1"), JobLost(), WorkFailed("worker-gone"), Tick()])
def test_without_a_job_nothing_can_have_moved_and_the_money_goes_back(instead: OrderEvent) -> None:
    order = (world := NoJob(instead=instead)).serve()
    world.check()
    assert (order.outcome, order.paid, world.pages) == (OrderOutcome.REFUNDED, 500, 0)
    assert "print-intent" not in [kind for kind, _ in world.records]
    assert len(world.asked) == 1


@dataclass
class Silent(World):
    """The printer never tells whether the job is over. `exchanged`: another one stands there, which can't know."""

    exchanged: bool = False
    questions: int = 0

    def do(self, effect: Effect) -> None:
        if not isinstance(effect, CancelJob):
            super().do(effect)
            return
        self.questions += 1
        reading = self.paper()
        assert reading is not None
        if self.exchanged:
            reading = replace(reading, printer_serial="P2")
        self.inbox.append(PaperRead(Proof.UNKNOWN, reading))


def test_a_printer_that_does_not_tell_is_asked_again_and_the_copy_is_void_behind_the_closed_gate() -> None:
    order = (world := Silent(jam_at=1)).serve()
    assert world.questions > 2
    assert (order.outcome, order.paid) == (OrderOutcome.REFUNDED, 500)


def test_what_another_printer_does_not_know_proves_nothing() -> None:
    order = (world := Silent(jam_at=1, exchanged=True)).serve()
    assert world.questions == 1
    assert order.outcome is OrderOutcome.DISPUTED
    assert order.earned == 0


@dataclass
class WarmsUp(World):
    """From the first `after` on the printer tells another of its counts, for so many looks."""

    after: type[Effect] = CancelJob
    looks: int = 3
    begun: bool = False
    serials: list[str] = field(default_factory=list)

    def do(self, effect: Effect) -> None:
        self.begun = self.begun or isinstance(effect, self.after)
        if isinstance(effect, CancelJob | ReadPaper | RetractPaper) and self.begun:
            self.serials.append(effect.printer_serial)
        super().do(effect)

    def paper(self) -> PaperReading | None:
        reading = super().paper()
        if reading is None or not self.begun or self.looks == 0:
            return reading
        self.looks -= 1
        return replace(reading, printer_serial="P1 life-count", sheets=9_000)


@pytest.mark.parametrize("looks", [1, 3])
def test_another_count_of_the_same_printer_is_not_judged_but_asked_again(looks: int) -> None:
    order = (world := WarmsUp(jam_at=1, looks=looks)).serve()
    world.check()
    assert world.looks == 0
    assert (order.outcome, order.paid) == (OrderOutcome.REFUNDED, 500)


def test_another_count_from_the_offer_on_leaves_the_order_to_a_person() -> None:
    order = (world := WarmsUp(after=Offer, looks=10_000)).serve()
    assert (order.outcome, order.issues[0].state) == (OrderOutcome.DISPUTED, IssueState.DISPUTED)
    assert (order.earned, order.paid) == (0, 0), "nothing is proved, so neither side has the fee"
    assert world.looks < 9_990, "it was asked again for as long as evidence may take"


def test_another_count_from_a_cut_on_leaves_no_order_open_for_ever() -> None:
    (whole := WarmsUp(looks=0)).serve()
    ends = set()
    for cut in range(whole.steps, 0, -1):
        world = WarmsUp(looks=10_000, cut_at=cut)
        order = world.serve()
        if "print-intent" not in [kind for kind, _ in world.records]:
            break
        if world.begun:
            ends.add((order.outcome, order.earned))
    assert ends == {(OrderOutcome.DISPUTED, 0)}


@pytest.mark.parametrize("after", [SendDocument, Offer])
def test_a_copy_that_was_delivered_is_delivered_whichever_count_the_printer_told_meanwhile(
    after: type[Effect],
) -> None:
    order = (world := WarmsUp(after=after)).serve()
    world.check()
    assert world.looks == 0
    assert order.outcome is OrderOutcome.DELIVERED
    assert set(world.serials) == {"P1"}, "the printer is told which count it was"


@pytest.mark.parametrize("remembered", [True, False])
def test_of_a_printer_that_counts_no_life_it_does_not_matter_which_count_it_names(remembered: bool) -> None:
    issue = replace(ISSUE, printer_serial="P1", presenter_serial="R1", pages_remembered=remembered)
    reading = PaperReading("P1 life-count", 8, "R1", 0, path=False, mouth=False, job_sheets=1)
    assert evidence.same_printer(issue, reading)
    assert evidence.same_devices(issue, reading) is not remembered
    assert evidence.comparable(issue, reading) is not remembered
    assert evidence.comparable(issue, replace(reading, printer_serial="P2"))
    assert not evidence.same_printer(issue, replace(reading, printer_serial="P2"))


@dataclass
class CountsJobs(World):
    """The printer has no count for life; it counts a job, and forgets it with the current."""

    policy: Policy = field(default_factory=lambda: Policy(sale=SalePolicy(printer_remembers=False)))
    before_job: int | None = None

    def do(self, effect: Effect) -> None:
        if isinstance(effect, OpenJob):
            self.before_job = self.pages
        super().do(effect)

    def paper(self) -> PaperReading | None:
        reading = super().paper()
        of_job = None if self.before_job is None else self.pages - self.before_job
        return None if reading is None else replace(reading, sheets=None, job_sheets=of_job)

    def _power_returns(self) -> None:
        self.before_job = None
        super()._power_returns()


@pytest.mark.parametrize(("copies", "sheets"), [(1, 1), (1, 3), (2, 2)])
def test_a_printer_that_counts_its_jobs_only_delivers_what_it_counts(copies: int, sheets: int) -> None:
    order = (world := CountsJobs(copies=copies, sheets=sheets, coins=(500,) * copies)).serve()
    world.check()
    assert order.outcome is OrderOutcome.DELIVERED
    assert not any(issue.pages_remembered for issue in order.issues)
    assert order.counters is None or order.counters.printer is None


def test_a_jam_on_it_gives_the_money_back_at_once() -> None:
    order = (world := CountsJobs(sheets=3, jam_at=2)).serve()
    world.check()
    assert (order.outcome, order.paid, order.issues[0].spoiled) == (OrderOutcome.REFUNDED, 500, 1)


@pytest.mark.parametrize("pulls", [False, True])
def test_a_cut_at_any_step_leaves_at_most_the_document_under_way_to_doubt(pulls: bool) -> None:
    (whole := CountsJobs(sheets=2, pulls_in_the_dark=pulls)).serve()
    ends = set()
    for cut in range(2, whole.steps + 1):
        world = CountsJobs(sheets=2, pulls_in_the_dark=pulls, cut_at=cut)
        order = world.serve()
        world.check()
        ends.add(order.outcome)
        if order.outcome is OrderOutcome.DISPUTED:
            assert (order.earned, order.claim) == (0, 500)
    assert {OrderOutcome.DELIVERED, OrderOutcome.CLAIM} <= ends


@dataclass
class AwayForAWhile(CountsJobs):
    """After the cut the printer is not there for some questions; the presenter is."""

    away_for: int = 5

    def paper(self) -> PaperReading | None:
        reading = super().paper()
        if self.before_job is not None or self.away_for <= 0 or self.cut_at is not None or reading is None:
            return reading
        self.away_for -= 1
        return replace(reading, printer_serial="", job_sheets=None)


def test_a_printer_that_is_away_says_nothing_and_is_waited_for() -> None:
    waited = 0
    for cut in range(2, 200):
        world = AwayForAWhile(sheets=2, cut_at=cut)
        order = world.serve()
        world.check()
        if order.outcome is OrderOutcome.CLAIM and order.issues[0].job_id:
            waited += world.away_for < 5
            assert order.issues[0].state is IssueState.UNDELIVERED
    assert waited
