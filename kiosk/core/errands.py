"""What the errands of a visit need of whoever runs it: its names, its worker, its way to central, its order."""

from collections.abc import Callable
from typing import Any, Protocol

from kiosk.order.events import OrderEvent
from kiosk.protocol.courier import CentralAnswer
from kiosk.protocol.worker import DraftReady
from kiosk.visit.events import VisitEvent


class Errands(Protocol):
    """The present visit. `order_id` is its name, "" for nobody's; `drafts` by line, each with its certificate type."""

    kiosk_id: str
    order_id: str
    drafts: dict[int, tuple[str, DraftReady]]

    @property
    def order_event(self) -> Callable[[OrderEvent], None]: ...
    def now_ms(self) -> int: ...
    def request_id(self) -> str: ...
    def ask_worker(self, request: Any, answer: Callable[[Any], None]) -> None: ...
    def ask_courier(self, request: Any, answer: Callable[[CentralAnswer], None]) -> None: ...
    def close_card(self) -> None: ...
    def post(self, event: VisitEvent) -> None: ...
