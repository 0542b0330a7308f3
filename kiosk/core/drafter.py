"""Gets the draft of a line: the worker seals the request, central answers, the worker opens the answer.

The visit hears the result as events. If a line could be about several things, core asks again with the
citizen's choice. From then on only the new request counts: an answer to the earlier one is not sent on,
opened, reported or kept.
"""

from kiosk.core.errands import Errands
from kiosk.log import log_event
from kiosk.protocol import courier as courier_messages
from kiosk.protocol import worker as worker_messages
from kiosk.protocol.looks import Check
from kiosk.visit import effects as visit_effects
from kiosk.visit import events as visit_events


class Drafter:
    """The drafts of the present visit, one request for each line at a time."""

    def __init__(self, errands: Errands) -> None:
        self._errands = errands
        self._asking: dict[int, _Asking] = {}

    def request(self, effect: visit_effects.RequestDraft) -> None:
        """Request the draft. This replaces an earlier request for the same line."""
        errands = self._errands
        asking = _Asking(errands.order_id, effect)
        self._asking[effect.line] = asking
        errands.drafts.pop(effect.line, None)
        make = worker_messages.MakeDraft(
            errands.request_id(),
            effect.line,
            effect.type_code,
            effect.subject,
            effect.options,
            effect.lang,
            effect.which,
        )
        errands.ask_worker(make, lambda message: self._sealed(asking, message))

    def forget(self) -> None:
        """The visit is over: forget all requests and the citizen's choices in them."""
        self._asking.clear()

    def _awaited(self, asking: "_Asking") -> bool:
        """Whether this request is of the present visit and the last of its line.

        The object itself is compared, because two requests may have the same content.
        """
        return self._errands.order_id == asking.order and self._asking.get(asking.effect.line) is asking

    def _sealed(
        self, asking: "_Asking", message: worker_messages.SealedRequest | worker_messages.WorkRefused
    ) -> None:
        if not isinstance(message, worker_messages.SealedRequest):
            self._failed(asking, message.code, message.check)
        elif self._awaited(asking):
            effect, name = asking.effect, self._errands.request_id()
            ask = courier_messages.SendDraft(
                name, asking.order, effect.line, effect.type_code, message.sealed
            )
            self._errands.ask_courier(ask, lambda answer: self._answered(asking, answer))

    def _answered(self, asking: "_Asking", answer: courier_messages.CentralAnswer) -> None:
        if not self._awaited(asking):
            return
        if answer.reply is courier_messages.Reply.DONE:
            opening = worker_messages.OpenDraft(self._errands.request_id(), asking.effect.line, answer.sealed)
            self._errands.ask_worker(opening, lambda message: self._opened(asking, message))
        else:
            self._failed(asking, answer.code or "central-unreachable")

    def _opened(
        self,
        asking: "_Asking",
        message: worker_messages.DraftReady | worker_messages.DraftChoice | worker_messages.WorkRefused,
    ) -> None:
        line, which = asking.effect.line, asking.effect.which
        if isinstance(message, worker_messages.WorkRefused):
            self._failed(asking, message.code, message.check)
        elif not self._awaited(asking):
            return
        elif isinstance(message, worker_messages.DraftReady):
            self._errands.drafts[line] = (asking.effect.type_code, message)
            sums = (message.sheets, message.fee, message.waiver)
            self._errands.post(visit_events.DraftCame(line, *sums, message.summary, message.notes, which))
        else:
            self._errands.post(visit_events.DraftChoice(line, message.what, message.offered, which))

    def _failed(self, asking: "_Asking", code: str, check: Check = Check.NONE) -> None:
        line = asking.effect.line
        found = {"check": check.value} if check else {}
        log_event("draft-failed", order=asking.order, line=line, code=code, **found)
        if self._awaited(asking):
            self._errands.post(visit_events.DraftFailed(line, code, asking.effect.which))


class _Asking:
    """One request for a line's draft, in the visit of `order`."""

    def __init__(self, order: str, effect: visit_effects.RequestDraft) -> None:
        self.order = order
        self.effect = effect
