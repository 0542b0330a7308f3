"""Prints the receipt of a closed order, or the slip of an order that waits only for the payment terminal.

It also knows how the printing ended. If nothing is proved about it, it is UNSURE, never a guess.
"""

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby

from drivers import contract as device
from kiosk.catalogue.catalogue import Catalogue
from kiosk.clocks import SEOUL
from kiosk.ipc.peer import Bus
from kiosk.ledger.ledger import claim_code
from kiosk.order.model import Issue, IssueState, Order, OrderOutcome, OrderState
from kiosk.settings import Settings
from kiosk.visit.order_view import Slip
from kiosk.words.card_due import CardDueFacts, card_due
from kiosk.words.paid_out import PaidOutFacts, paid_out
from kiosk.words.receipt import ReceiptFacts, ReceiptItem, receipt
from kiosk.words.words import load

PRINT_MS = 12_000
FATES = {
    device.Outcome.DONE: Slip.PRINTED,
    device.Outcome.NOT_DONE: Slip.FAILED,
    device.Outcome.UNKNOWN: Slip.UNSURE,
}


class ReceiptSlips:
    """Prints one receipt for each order, never twice by itself.

    `printed` is called when the printing has ended.
    """

    def __init__(
        self,
        settings: Settings,
        catalogue: Callable[[], Catalogue],
        printer: Bus,
        wall_ms: Callable[[], int],
        *,
        printed: Callable[[], None],
    ) -> None:
        self._settings, self._catalogue, self._printer, self._wall_ms = settings, catalogue, printer, wall_ms
        self._printed = printed
        self.slip = Slip.NONE
        self._request = ""

    def forget(self) -> None:
        """A new order begins: how the last order's receipt ends does not matter any more."""
        self.slip = Slip.NONE
        self._request = ""

    def print(self, order: Order, lang: str) -> None:
        """Print the receipt of an order in the given language; nothing if no money moved.

        An order that waits for the terminal has no receipt yet: its slip says so.
        """
        waits = order.state is OrderState.CARD_DUE
        if not (order.credit or order.paid or order.by_card or waits):
            return
        if not self._printer.up:
            self.slip = Slip.FAILED
            return
        self.slip = Slip.PRINTING
        command = device.PrintReceipt(
            request=self._printer.request(),
            key=order.id,
            lines=self._lines(order, lang),
            deadline_ms=PRINT_MS,
        )
        self._request = command.request
        self._printer.ask(command, self._over)

    def _lines(self, order: Order, lang: str) -> tuple[device.ReceiptLine, ...]:
        words = load(lang)
        if order.state is OrderState.CARD_DUE:
            return card_due(self._card_due(order), words)
        if order.redeems:
            return paid_out(self._paid_out(order), words)
        return receipt(self._facts(order, lang), words)

    def _over(self, end: device.Completed, _handed: socket.socket | None) -> None:
        if end.request != self._request:
            return
        self.slip = FATES[end.outcome]
        self._printed()

    def _at(self) -> str:
        at = datetime.fromtimestamp(self._wall_ms() / 1000, UTC).astimezone(SEOUL)
        return at.strftime("%Y-%m-%d %H:%M")

    def _paid_out(self, order: Order) -> PaidOutFacts:
        return PaidOutFacts(
            order=order.id,
            at=self._at(),
            site=self._settings.site,
            machine=self._settings.machine,
            help_phone=self._settings.help_phone,
            paid=order.paid,
            left=max(0, order.due),
            disputed=order.outcome is OrderOutcome.DISPUTED,
        )

    def _card_due(self, order: Order) -> CardDueFacts:
        return CardDueFacts(
            order=order.id,
            at=self._at(),
            site=self._settings.site,
            machine=self._settings.machine,
            help_phone=self._settings.help_phone,
            asked=order.card.amount if order.card is not None else 0,
            kept=order.earned,
        )

    def _facts(self, order: Order, lang: str) -> ReceiptFacts:
        return ReceiptFacts(
            order=order.id,
            at=self._at(),
            site=self._settings.site,
            machine=self._settings.machine,
            help_phone=self._settings.help_phone,
            items=tuple(
                self._item(list(issues), lang) for _, issues in groupby(order.issues, lambda i: i.line)
            ),
            inserted=order.credit,
            kept=order.earned,
            returned=order.paid,
            claim=order.claim,
            claim_code=claim_code(order.id) if order.claim else "",
            disputed=order.outcome is OrderOutcome.DISPUTED,
            by_card=order.by_card,
            reserved=order.card.amount if order.card is not None else 0,
            given_back=order.card.reversed if order.card is not None else 0,
            at_card=bool(order.holder),
        )

    def _item(self, issues: list[Issue], lang: str) -> ReceiptItem:
        kind = self._catalogue().type(issues[0].type_code)
        return ReceiptItem(
            name=kind.name.text(lang) if kind is not None else issues[0].type_code,
            copies=len(issues),
            delivered=sum(issue.state is IssueState.DELIVERED for issue in issues),
            sheets=issues[0].sheets,
            fee_each=issues[0].fee,
            waived=kind is not None and kind.fee.base > 0 and issues[0].fee == 0,
        )
