"""The question of a redemption: the worker seals it, central answers it, the worker opens the answer.

Core passes sealed bytes on and learns only which claims central holds for this redemption. If no answer can
be read, central may hold the claims all the same. It releases them when it hears how the redemption ended.
"""

from kiosk.core.errands import Errands
from kiosk.log import log_event
from kiosk.order import effects as order_effects
from kiosk.order import events as order_events
from kiosk.protocol import courier as courier_messages
from kiosk.protocol import worker as worker_messages


class ClaimErrands:
    """Asks one question for each redemption."""

    def __init__(self, errands: Errands) -> None:
        self._errands = errands

    def ask(self, effect: order_effects.AskClaims) -> None:
        """Have central hold the claims.

        The order then hears Reserved or WorkFailed, or its own deadline passes.
        """
        errands, order = self._errands, effect.order

        def sealed(message: worker_messages.SealedRequest | worker_messages.WorkRefused) -> None:
            if not isinstance(message, worker_messages.SealedRequest):
                self._failed(order, message.code)
                return
            send = courier_messages.SendClaims(errands.request_id(), order, message.sealed)
            errands.ask_courier(send, answered)

        def answered(answer: courier_messages.CentralAnswer) -> None:
            if answer.reply is courier_messages.Reply.DONE:
                errands.ask_worker(worker_messages.OpenClaims(errands.request_id(), answer.sealed), opened)
            else:
                code = (
                    answer.code if answer.reply is courier_messages.Reply.REFUSED else "central-unreachable"
                )
                self._tell(order, (), code)

        def opened(message: worker_messages.ClaimsKnown | worker_messages.WorkRefused) -> None:
            if isinstance(message, worker_messages.ClaimsKnown):
                held = tuple(order_events.Claimed(one.kiosk, one.order, one.amount) for one in message.held)
                self._tell(order, held, message.code)
            else:
                self._failed(order, message.code)

        errands.ask_worker(worker_messages.MakeClaims(errands.request_id(), effect.most), sealed)

    def _tell(self, order: str, held: tuple[order_events.Claimed, ...], code: str) -> None:
        log_event("claims", order=order, held=sum(claim.amount for claim in held), code=code)
        self._errands.order_event(order_events.Reserved(order, held, code))

    def _failed(self, order: str, code: str) -> None:
        log_event("claims-failed", order=order, code=code)
        self._errands.order_event(order_events.Reserved(order, (), code))
