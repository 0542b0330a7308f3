"""Runs the visit: sends its effects to worker, courier and order, and brings their answers back as events.

Runs on core's one thread. Core passes sealed bytes between worker and courier and never looks inside.
"""

import socket
from collections import deque
from collections.abc import Callable
from typing import TypeVar

import msgspec

from drivers import contract as device
from kiosk.clocks import Clocks
from kiosk.core.claim_errands import ClaimErrands
from kiosk.core.drafter import Drafter
from kiosk.core.identifier import Identifier
from kiosk.core.worker_question import WorkerQuestion
from kiosk.core.workers import Workers
from kiosk.ipc.peer import Listener, Peer
from kiosk.log import log_event
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order.events import OrderEvent
from kiosk.protocol import courier as courier_messages
from kiosk.protocol import worker as worker_messages
from kiosk.protocol.looks import Check
from kiosk.visit import effects as visit_effects
from kiosk.visit import events as visit_events
from kiosk.visit.effects import Effect
from kiosk.visit.events import VisitEvent
from kiosk.visit.order_view import Slip
from kiosk.visit.reduce import reduce
from kiosk.visit.state import Visit

ISSUE_MS = 8_000
ALREADY_SERVING = "out-of-order"

A = TypeVar("A")


class VisitPorts(msgspec.Struct, frozen=True, kw_only=True):
    """The calls of the visit to the rest of core.

    `print_guide` calls back with how the printing of the slip ended. `printer` returns the serial number of
    the present printer, or "".
    """

    order_event: Callable[[OrderEvent], None]
    order_open: Callable[[], bool]
    open_order: Callable[[visit_effects.OpenOrder], None]
    open_redemption: Callable[[visit_effects.OpenRedemption], None]
    printer: Callable[[], str]
    print_guide: Callable[[visit_effects.PrintGuide, Callable[[Slip], None]], None]
    print_slip: Callable[[], None]
    record_survey: Callable[[int], None]
    worker_changed: Callable[[], None]
    language_chosen: Callable[[str], None]
    first_byte: Callable[[str], None]


class VisitRunner:
    """Runs the visit, its worker, and the errands between worker and central."""

    def __init__(
        self,
        state: Visit,
        kiosk_id: str,
        worker: Workers,
        courier: Peer[courier_messages.FromCourier],
        clocks: Clocks,
        ports: VisitPorts,
    ) -> None:
        self.state = state
        self.kiosk_id, self._worker, self._courier = kiosk_id, worker, courier
        self.now_ms, self._new_id = clocks.now_ms, clocks.new_id
        self._ports, self.order_event = ports, ports.order_event
        self._events: deque[VisitEvent] = deque()
        self._asked_worker: dict[str, WorkerQuestion] = {}
        self._asked_courier: dict[
            str, tuple[courier_messages.Question, Callable[[courier_messages.CentralAnswer], None]]
        ] = {}
        self._requests = 0
        self._identifier = Identifier(self)
        self._begun = False
        self.order_id = ""
        self.drafts: dict[int, tuple[str, worker_messages.DraftReady]] = {}
        self._drafter = Drafter(self)
        self.ask_claims = ClaimErrands(self).ask
        worker.listen(Listener(up=self._worker_up, down=self._worker_down, said=self._worker_said))

    def post(self, event: VisitEvent) -> None:
        """Handle an event: run its effects in order.

        Events that come from these effects are handled after it.
        """
        self._events.append(event)
        if len(self._events) > 1:
            return  # a call further down this thread's stack is already at work
        while self._events:
            before = self.state.display.lang
            self.state, effects = reduce(self.state, self._events[0], self.now_ms())
            if self.state.serving and self.state.display.lang != before:
                self._ports.language_chosen(self.state.display.lang)
            for effect in effects:
                self._run(effect)
            self._events.popleft()

    def _run(self, effect: Effect) -> None:
        match effect:
            case visit_effects.BeginVisit():
                self._begin()
            case visit_effects.RequestDraft():
                self._drafter.request(effect)
            case visit_effects.OpenOrder():
                self._ports.open_order(effect)
            case visit_effects.OpenRedemption():
                self._ports.open_redemption(effect)
            case (
                visit_effects.ConfirmRedemption()
                | visit_effects.CancelOrder()
                | visit_effects.ChooseMeans()
                | visit_effects.HoldPaper()
            ):
                self.order_event(_wished(effect))
            case visit_effects.RecordSurvey(score):
                self._ports.record_survey(score)
            case visit_effects.OpenCard() | visit_effects.Identify() | visit_effects.CloseCard():
                self._identifier.run(effect)
            case visit_effects.PrintGuide():
                self._print_guide(effect)
            case visit_effects.PrintSlip():
                self._ports.print_slip()
            case visit_effects.EndVisit():
                self._end()

    # --- the visit's worker: one for each visit, started early, dropped at its end --------------------------

    def _begin(self) -> None:
        self.order_id = self._new_id()
        self.drafts = {}
        self._begun = self._worker.send(
            worker_messages.BeginVisit(self.kiosk_id, self.order_id, self._ports.printer())
        )
        if self._begun:
            self.post(visit_events.WorkerReady())

    def _end(self) -> None:
        self.order_event(order_events.VisitOver())
        self.order_id = ""
        self.drafts = {}
        self._drafter.forget()
        self._asked_worker.clear()
        self._asked_courier = {
            r: a for r, a in self._asked_courier.items() if isinstance(a[0], courier_messages.SendIssue)
        }
        self._worker.drop()

    def _worker_up(self) -> None:
        # The last worker died, and its drafts with it. An order that uses those drafts gets no second worker.
        if self.state.serving and not self._ports.order_open():
            self._begin()
        self._ports.worker_changed()

    def _worker_down(self) -> None:
        self._begun = False
        asked, self._asked_worker = self._asked_worker, {}
        for question in asked.values():
            question.refuse("worker-gone")
        if self.order_id:
            log_event("worker-gone", order=self.order_id)
        self.order_event(order_events.WorkFailed("worker-gone"))
        self._ports.worker_changed()

    def ask_worker(
        self,
        request: worker_messages.Request[A],
        answer: Callable[[A | worker_messages.WorkRefused], None],
        handing: socket.socket | None = None,
    ) -> None:
        """Ask this visit's worker.

        The answer comes on core's thread; without a worker a refusal comes at once.
        """
        question = WorkerQuestion(request, answer)
        if self._begun and self._worker.send(request, handing):
            self._asked_worker[request.request] = question
        else:
            question.refuse("worker-gone")

    def close_card(self) -> None:
        """Tell the worker to close the card."""
        if self._begun:
            self._worker.send(worker_messages.CloseCard())

    def _worker_said(self, message: worker_messages.FromWorker, _handed: socket.socket | None) -> None:
        if isinstance(message, worker_messages.FirstByte):
            self._ports.first_byte(message.key)
            return
        if (
            isinstance(message, worker_messages.WorkRefused)
            and not message.request
            and message.code == ALREADY_SERVING
        ):
            # Only BeginVisit has no request id. So this worker already serves a visit, and core drops it.
            log_event("worker-used", order=self.order_id)
            self._worker.drop()
            return
        question = self._asked_worker.get(message.request)
        if question is None:
            return
        if not question.fits(message):
            log_event("worker-astray", order=self.order_id, said=type(message).__name__)
            self._worker_down()
            self._worker.drop()
            return
        del self._asked_worker[message.request]
        question.hear(message)

    def request_id(self) -> str:
        """A new id for a request."""
        self._requests += 1
        return f"v{self._requests}"

    # --- errands to central ---------------------------------------------------------------------------------

    def ask_courier(
        self,
        request: courier_messages.Question,
        answer: Callable[[courier_messages.CentralAnswer], None],
    ) -> None:
        """Ask the courier until it answers: core asks a restarted courier again, with the same key."""
        self._asked_courier[request.request] = (request, answer)
        self._courier.send(request)

    def ask_courier_again(self) -> None:
        """The courier is (again) there: send it all unanswered requests again, with the same keys."""
        for request, _answer in self._asked_courier.values():
            self._courier.send(request)

    def central_answered(self, answer: courier_messages.CentralAnswer) -> None:
        """The courier has brought an answer of central."""
        asked = self._asked_courier.pop(answer.request, None)
        if asked is not None:
            asked[1](answer)

    def _print_guide(self, effect: visit_effects.PrintGuide) -> None:
        order = self.order_id

        def over(slip: Slip) -> None:
            if self.order_id == order:
                self.post(visit_events.GuideOver(slip))

        self._ports.print_guide(effect, over)

    # --- numbers and documents, for the order ---------------------------------------------------------------

    def seal_issue(self, effect: order_effects.AskWorker) -> None:
        """Have the worker seal the issue request for one copy."""

        def sealed(message: worker_messages.SealedRequest | worker_messages.WorkRefused) -> None:
            if isinstance(message, worker_messages.SealedRequest):
                self.order_event(order_events.Sealed(effect.key, message.sealed))
            else:
                self._work_failed(effect.key, message)

        self.ask_worker(
            worker_messages.MakeIssue(self.request_id(), effect.line, effect.copy, effect.key), sealed
        )

    def ask_central(self, effect: order_effects.AskCentral) -> None:
        """Send the sealed issue request to central."""

        def answered(answer: courier_messages.CentralAnswer) -> None:
            if answer.reply is courier_messages.Reply.DONE and answer.number:
                self.order_event(order_events.Answered(effect.key, answer.number, answer.sealed))
            else:
                code = answer.code or "central-unreachable"
                _issue_failed(effect.key, code)
                self.order_event(order_events.Answered(effect.key, code=code))

        ask = courier_messages.SendIssue(
            self.request_id(),
            effect.key,
            _order_of(effect.key),
            effect.line,
            effect.copy,
            effect.type_code,
            effect.sealed,
            ISSUE_MS,
        )
        self.ask_courier(ask, answered)

    def open_answer(self, effect: order_effects.OpenAnswer) -> None:
        """Have the worker open the answer, and render and check the document."""

        def prepared(message: worker_messages.Prepared | worker_messages.WorkRefused) -> None:
            if isinstance(message, worker_messages.Prepared):
                self.order_event(order_events.Prepared(message.key, message.number, message.sheets))
            else:
                self._work_failed(effect.key, message)

        self.ask_worker(
            worker_messages.OpenIssue(self.request_id(), effect.key, effect.number, effect.sealed), prepared
        )

    def send_document(self, job: device.JobOpened, printer: socket.socket) -> None:
        """Hand the printer's socket to the worker; core keeps no copy."""

        def sent(message: worker_messages.Sent | worker_messages.WorkRefused) -> None:
            if isinstance(message, worker_messages.Sent):
                self.order_event(order_events.DocumentSent(job.key, device.Outcome(message.outcome)))
            else:
                self._work_failed(job.key, message)

        print_on = worker_messages.PrintOn(
            self.request_id(), job.key, job.job_id, job.host, job.path, job.printer_uri
        )
        self.ask_worker(print_on, sent, printer)

    def _work_failed(self, key: str, refused: worker_messages.WorkRefused) -> None:
        _issue_failed(key, refused.code, refused.check)
        self.order_event(order_events.WorkFailed(refused.code))


def _wished(
    effect: visit_effects.ConfirmRedemption
    | visit_effects.CancelOrder
    | visit_effects.ChooseMeans
    | visit_effects.HoldPaper,
) -> OrderEvent:
    """The citizen's wish as an event of the order under way."""
    match effect:
        case visit_effects.ConfirmRedemption():
            return order_events.Confirmed()
        case visit_effects.CancelOrder():
            return order_events.Stop("cancelled")
        case visit_effects.ChooseMeans(means):
            return order_events.MeansChosen(means)
        case visit_effects.HoldPaper():
            return order_events.MoreTime()


def _order_of(key: str) -> str:
    return key.partition("-")[0]


def _issue_failed(key: str, code: str, check: Check = Check.NONE) -> None:
    """Log a refusal with its code and the name of the check that refused.

    Its detail is free text from the worker, the only program that reads certificates, so it is not logged.
    """
    found = {"check": check.value} if check else {}
    log_event("issue-failed", order=_order_of(key), key=key, code=code, **found)
