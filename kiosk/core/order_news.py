"""Passes the progress of an order on: tells the visit, and prints the receipt or slip when it is due."""

from drivers import contract as device
from kiosk.core.order_runner import OrderRunner
from kiosk.core.order_view import view
from kiosk.core.outbox_sender import OutboxSender
from kiosk.core.receipts import ReceiptSlips
from kiosk.core.sale_state import SaleState
from kiosk.core.terminal_client import TerminalClient
from kiosk.core.visit_runner import VisitRunner
from kiosk.order.model import OrderState
from kiosk.order.saga import Saga, Stage
from kiosk.visit import events as visit_events
from kiosk.visit.order_view import Slip


class OrderNews:
    """Stands between the order and the visit; all on core's one thread."""

    def __init__(
        self,
        visit: VisitRunner,
        order: OrderRunner,
        receipts: ReceiptSlips,
        terminal: TerminalClient | None,
        sale: SaleState,
        outbox: OutboxSender,
    ) -> None:
        self._visit, self._order, self._receipts, self._terminal = visit, order, receipts, terminal
        self._sale, self._outbox = sale, outbox
        self._falling: device.CoinOut | None = None

    def moved(self, saga: Saga) -> None:
        """An order has made a move."""
        if saga.stage is Stage.OVER and saga.order.reason == "interrupted":
            self._visit.post(visit_events.Interrupted(view(saga)))
        else:
            if self._has_its_paper_now(saga) and self._receipts.slip is Slip.NONE:
                self._receipts.print(saga.order, saga.order.lang or self._visit.state.display.lang)
            # The next visitor gets no late news of this order (its receipt).
            if saga.order.id == self._visit.order_id:
                prompt = self._terminal.prompt if self._terminal is not None else ""
                self._visit.post(
                    visit_events.OrderMoved(view(saga, self._receipts.slip, self._falling, prompt))
                )
        self._sale.judge()
        self._outbox.pump()

    def _has_its_paper_now(self, saga: Saga) -> bool:
        """Whether the receipt or slip is due: the order is over, or waits only for the payment terminal.

        In both cases the payer must still be here.
        """
        if saga.order.state is OrderState.CARD_DUE:
            return saga.order.id == self._visit.order_id and self._visit.state.serving
        return saga.stage is Stage.OVER and saga.live

    def paper_is_out(self) -> None:
        """The printing of the receipt has ended: tell the screen, if it still shows that order."""
        saga = self._order.saga or self._order.waiting.get(self._visit.order_id)
        if saga is not None:
            self.moved(saga)

    def print_slip(self) -> None:
        """A press asks for the slip, because a citizen who left the paper may still be here.

        It is printed once.
        """
        saga = self._order.waiting.get(self._visit.order_id) or self._order.saga
        ours = saga is not None and saga.order.id == self._visit.order_id
        if saga is not None and ours and self._receipts.slip in (Slip.NONE, Slip.FAILED):
            self._receipts.print(saga.order, self._visit.state.display.lang)
            self.moved(saga)

    def seen_by_citizen(self, event: device.CoinOut | device.CardPrompt) -> None:
        """Show at once what happens at the devices: a coin falls, the terminal asks for something."""
        if isinstance(event, device.CoinOut):
            self._falling = event
        elif self._terminal is not None:
            self._terminal.prompt = event.prompt
        if self._order.saga is not None and self._order.open:
            self.moved(self._order.saga)
