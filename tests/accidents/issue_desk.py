"""Numbers and documents for an order, from a booth's real worker and the real central (order_runner.IssueDesk)."""

import socket
from collections.abc import Callable

from drivers.contract import JobOpened, Outcome
from kiosk.order import effects as act
from kiosk.order import events as seen
from kiosk.order.events import OrderEvent
from kiosk.protocol import courier as mail
from kiosk.protocol import worker as work
from kiosk.protocol.looks import Check
from tests.accidents.booth import Booth

Hear = Callable[[OrderEvent], None]


class BoothDesk:
    """`hear` is told what came of each errand, as core's visit tells the order (kiosk/core/visit_runner.py)."""

    def __init__(self, booth: Booth, hear: Hear) -> None:
        self.booth, self.hear = booth, hear
        self.check = Check.NONE  # the look that found the last fault

    def seal_issue(self, effect: act.AskWorker) -> None:
        """The worker seals the request."""
        made = self.booth.tell(work.MakeIssue("s1", effect.line, effect.copy, effect.key))
        sealed = isinstance(made, work.SealedRequest)
        self.hear(seen.Sealed(effect.key, made.sealed) if sealed else seen.WorkFailed(made.code))

    def ask_central(self, effect: act.AskCentral) -> None:
        """Central is asked."""
        line, copy, kind = effect.line, effect.copy, effect.type_code
        answer = self.booth.ask(
            mail.SendIssue("s3", effect.key, self.booth.order, line, copy, kind, effect.sealed)
        )
        if answer.reply is mail.Reply.DONE:
            self.hear(seen.Answered(effect.key, answer.number, answer.sealed))
        else:
            self.hear(seen.Answered(effect.key, code=answer.code))

    def ask_claims(self, effect: act.AskClaims) -> None:
        raise AssertionError("an order for papers asks for no claims")

    def open_answer(self, effect: act.OpenAnswer) -> None:
        """The worker opens, checks, sets and reads back."""
        end = self.booth.tell(work.OpenIssue("s2", effect.key, effect.number, effect.sealed))
        if isinstance(end, work.Prepared):
            self.hear(seen.Prepared(end.key, end.number, end.sheets))
        else:
            self.check = end.check
            self.hear(seen.WorkFailed(end.code))

    def send_document(self, job: JobOpened, printer: socket.socket) -> None:
        """The worker writes the page."""
        order = work.PrintOn("s4", job.key, job.job_id, job.host, job.path, job.printer_uri)
        sent = self.booth.tell(order, printer)
        if isinstance(sent, work.Sent):
            self.hear(seen.DocumentSent(job.key, Outcome(sent.outcome)))
        else:
            self.hear(seen.WorkFailed(sent.code))
