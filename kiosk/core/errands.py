"""What the errands of a visit (questions to worker and central) need from the visit runner."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from kiosk.order.events import OrderEvent
from kiosk.protocol.courier import CentralAnswer, Question
from kiosk.protocol.worker import DraftReady, Request, WorkRefused
from kiosk.visit.events import VisitEvent

A = TypeVar("A")


class Errands(Protocol):
    """The present visit.

    `order_id`: its name, "" without a visit. `drafts`: by line, each with its certificate type.
    """

    kiosk_id: str
    order_id: str
    drafts: dict[int, tuple[str, DraftReady]]

    @property
    def order_event(self) -> Callable[[OrderEvent], None]: ...
    def now_ms(self) -> int: ...
    def request_id(self) -> str: ...
    def ask_worker(self, request: Request[A], answer: Callable[[A | WorkRefused], None]) -> None: ...
    def ask_courier(self, request: Question, answer: Callable[[CentralAnswer], None]) -> None: ...
    def close_card(self) -> None: ...
    def post(self, event: VisitEvent) -> None: ...
