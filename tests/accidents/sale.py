"""An order at a booth from the first coin to CLOSED: coins, sheets and counters are the physical world of the saga's
tests; number, seal and page are the real worker's and central's.
"""

from typing import Any

from drivers.contract import JobOpened
from kiosk.order import collecting
from kiosk.order import effects as order_effects
from kiosk.order.effects import Effect
from kiosk.order.model import Issue, Order, OrderOutcome
from kiosk.protocol import worker as worker_messages
from kiosk.worker.read_back import page_texts
from tests.accidents.booth import Booth, Printer, Want
from tests.accidents.issue_desk import BoothDesk
from tests.unit.order.wires import POLICY
from tests.unit.order.world import World

COIN = 100


class Sale(World):
    """One copy of line 1, drafted at `booth`, paid in coins of 100. `papers`: what reached the printer."""

    def __init__(self, booth: Booth, want: Want, ready: worker_messages.DraftReady) -> None:
        super().__init__(fee=ready.fee, sheets=ready.sheets, coins=(COIN,) * (ready.fee // COIN))
        self.booth, self.want, self.ready = booth, want, ready
        self.papers: list[bytes] = []
        self.desk = BoothDesk(booth, self.inbox.append)

    def serve(self) -> Order:
        """Pay, and see what comes."""
        issue = Issue(
            1, 1, self.booth.key(), self.want.type_code, self.fee, self.sheets, self.ready.draft_hash
        )
        self.apply(collecting.begin(self.booth.order, (issue,), self.position(), POLICY, self.now_ms, 0))
        self._citizen()
        self._run()
        assert self.stored is not None
        return self.stored

    def do(self, effect: Effect) -> None:
        """The worker's and central's part is real; the rest is the world's."""
        match effect:
            case order_effects.AskWorker():
                self.desk.seal_issue(effect)
            case order_effects.AskCentral():
                self.desk.ask_central(effect)
            case order_effects.OpenAnswer():
                self.desk.open_answer(effect)
            case order_effects.SendDocument(key):
                self._send(key)
            case _:
                super().do(effect)

    def _send(self, key: str) -> None:
        printer = Printer()
        self.desk.send_document(
            JobOpened(key, 1, "printer:631", "/ipp/print", "ipp://printer"), printer.socket
        )
        if got := printer.got():
            self.papers.append(got[got.index(b"%PDF") :])
            self._print(key)

    @property
    def text(self) -> str:
        """All that stands on the paper that came out."""
        return " ".join(text for paper in self.papers for text in page_texts(paper))


def buy(booth: Booth, want: Want) -> Sale:
    """Draft, pay, take: the way that a test plants its fault into. Fails when no draft comes."""
    ready = booth.draft(want)
    assert isinstance(ready, worker_messages.DraftReady), ready
    sale = Sale(booth, want, ready)
    sale.serve()
    return sale


def delivered(sale: Sale) -> str:
    """The control: the same path without the fault. The paper's text; the fee is kept."""
    order = sale.stored
    sale.check()
    assert order is not None
    assert (order.outcome, order.earned, sale.taken) == (OrderOutcome.DELIVERED, sale.fee, sale.sheets), order
    return sale.text


def ended(sale: Sale, code: str) -> None:
    """Refused for this reason before paper moved: not a byte at the printer, not a sheet, every coin back."""
    order = sale.stored
    sale.check()
    assert order is not None
    assert (order.outcome, order.issues[0].reason) == (OrderOutcome.REFUNDED, code)
    assert (sale.papers, sale.pages, order.paid) == ([], 0, sale.fee)


def refused(answer: Any, code: str) -> None:
    """The worker refuses before any fee is asked."""
    assert isinstance(answer, worker_messages.WorkRefused), answer
    assert answer.code == code, answer
