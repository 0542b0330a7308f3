"""Runs an identification: card and PIN go to the worker, nonce and signature to central, the name comes back.

Runs on core's one thread. The PIN passes through core sealed. The screen gets only a masked name. An answer
that arrives after the end of its visit is dropped.
"""

from collections.abc import Callable
from typing import TypeVar

from kiosk.core.errands import Errands
from kiosk.log import log_event
from kiosk.protocol import courier as courier_messages
from kiosk.protocol import worker as worker_messages
from kiosk.protocol.identity import pin_info
from kiosk.visit import effects as visit_effects
from kiosk.visit import events as visit_events
from kiosk.visit.events import VisitEvent

UNREACHABLE = "central-unreachable"
A = TypeVar("A")


class Identifier:
    """Runs one card dialogue at a time.

    When core opens a card again, it drops the answers of the older dialogue.
    """

    def __init__(self, errands: Errands) -> None:
        self._errands = errands
        self._dialogue = 0

    def run(self, effect: visit_effects.OpenCard | visit_effects.Identify | visit_effects.CloseCard) -> None:
        """Run a card effect of the visit."""
        match effect:
            case visit_effects.OpenCard(reader, insertion):
                self._open(reader, insertion)
            case visit_effects.Identify():
                self._identify(effect)
            case visit_effects.CloseCard():
                self._dialogue += 1
                self._errands.close_card()

    def _open(self, reader: str, insertion: int) -> None:
        self._dialogue += 1
        errands, order = self._errands, self._errands.order_id

        def looked(message: worker_messages.CardReady | worker_messages.WorkRefused) -> None:
            if isinstance(message, worker_messages.CardReady):
                info = pin_info(errands.kiosk_id, order)
                self._tell(visit_events.CardReady(message.tries, message.pin_key, info))
            else:
                self._refused(message.code, message.tries)

        request = worker_messages.OpenCard(errands.request_id(), reader, insertion)
        errands.ask_worker(request, self._while_it_lasts(looked))

    def _identify(self, effect: visit_effects.Identify) -> None:
        """Get the nonce, the card's signature, central's answer and the name.

        Each step starts the next one.
        """
        errands = self._errands
        began_ms = errands.now_ms()

        def challenged(answer: courier_messages.CentralAnswer) -> None:
            if answer.reply is not courier_messages.Reply.DONE:
                self._refused(answer.code if answer.reply is courier_messages.Reply.REFUSED else UNREACHABLE)
                return
            sign = worker_messages.SignWithCard(
                errands.request_id(), effect.sealed, answer.nonce, effect.lines
            )
            errands.ask_worker(sign, self._while_it_lasts(signed))

        def signed(message: worker_messages.SealedRequest | worker_messages.WorkRefused) -> None:
            if isinstance(message, worker_messages.SealedRequest):
                send = courier_messages.SendIdentity(errands.request_id(), errands.order_id, message.sealed)
                errands.ask_courier(send, self._while_it_lasts(answered))
            else:
                self._refused(message.code, message.tries)

        def answered(answer: courier_messages.CentralAnswer) -> None:
            if answer.reply is courier_messages.Reply.DONE:
                opening = worker_messages.OpenIdentity(errands.request_id(), answer.sealed)
                errands.ask_worker(opening, self._while_it_lasts(opened))
            else:
                self._refused(answer.code if answer.reply is courier_messages.Reply.REFUSED else UNREACHABLE)

        def opened(message: worker_messages.HolderKnown | worker_messages.WorkRefused) -> None:
            if isinstance(message, worker_messages.HolderKnown):
                log_event("identified", order=errands.order_id, since_pin_ms=errands.now_ms() - began_ms)
                self._tell(visit_events.HolderKnown(message.masked_name, message.subject))
            else:
                self._refused(message.code, message.tries)

        ask = courier_messages.SendChallenge(errands.request_id(), errands.order_id)
        errands.ask_courier(ask, self._while_it_lasts(challenged))

    def _while_it_lasts(self, answer: Callable[[A], None]) -> Callable[[A], None]:
        """`answer`, but called only in the same visit and the same card dialogue."""
        order, dialogue = self._errands.order_id, self._dialogue

        def heard(message: A) -> None:
            if (self._errands.order_id, self._dialogue) == (order, dialogue):
                answer(message)

        return heard

    def _tell(self, event: VisitEvent) -> None:
        self._errands.post(event)

    def _refused(self, code: str, tries: int | None = None) -> None:
        log_event("card-refused", order=self._errands.order_id, code=code)
        self._tell(visit_events.CardRefused(code, tries))
