"""Numbers and documents for an order, from a booth's real worker and the real central (order_runner.Issuer)."""

import socket
from collections.abc import Callable

from drivers.contract import JobOpened, Outcome
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.order.events import OrderEvent
from kiosk.protocol import courier as courier_messages
from kiosk.protocol import worker as worker_messages
from kiosk.protocol.looks import Check
from tests.accidents.booth import Booth

Hear = Callable[[OrderEvent], None]


class BoothDesk:
    """`hear` is told what came of each errand, as core's visit tells the order (kiosk/core/visit_runner.py)."""

    def __init__(self, booth: Booth, hear: Hear) -> None:
        self.booth, self.hear = booth, hear
        self.check = Check.NONE  # the look that found the last fault

    def seal_issue(self, effect: order_effects.AskWorker) -> None:
        """The worker seals the request."""
        made = self.booth.tell(worker_messages.MakeIssue("s1", effect.line, effect.copy, effect.key))
        sealed = isinstance(made, worker_messages.SealedRequest)
        self.hear(
            order_events.Sealed(effect.key, made.sealed) if sealed else order_events.WorkFailed(made.code)
        )

    def ask_central(self, effect: order_effects.AskCentral) -> None:
        """Central is asked."""
        line, copy, kind = effect.line, effect.copy, effect.type_code
        answer = self.booth.ask(
            courier_messages.SendIssue("s3", effect.key, self.booth.order, line, copy, kind, effect.sealed)
        )
        if answer.reply is courier_messages.Reply.DONE:
            self.hear(order_events.Answered(effect.key, answer.number, answer.sealed))
        else:
            self.hear(order_events.Answered(effect.key, code=answer.code))

    def ask_claims(self, effect: order_effects.AskClaims) -> None:
        raise AssertionError("an order for papers asks for no claims")

    def open_answer(self, effect: order_effects.OpenAnswer) -> None:
        """The worker opens, checks, sets and reads back."""
        end = self.booth.tell(worker_messages.OpenIssue("s2", effect.key, effect.number, effect.sealed))
        if isinstance(end, worker_messages.Prepared):
            self.hear(order_events.Prepared(end.key, end.number, end.sheets))
        else:
            self.check = end.check
            self.hear(order_events.WorkFailed(end.code))

    def send_document(self, job: JobOpened, printer: socket.socket) -> None:
        """The worker writes the page."""
        order = worker_messages.PrintOn("s4", job.key, job.job_id, job.host, job.path, job.printer_uri)
        sent = self.booth.tell(order, printer)
        if isinstance(sent, worker_messages.Sent):
            self.hear(order_events.DocumentSent(job.key, Outcome(sent.outcome)))
        else:
            self.hear(order_events.WorkFailed(sent.code))
