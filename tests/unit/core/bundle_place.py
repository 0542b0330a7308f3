"""The disk of a machine with an active bundle: bundles and a real ledger, and a day that the test sets."""

from datetime import date
from pathlib import Path

from kiosk.core.active_bundle import ActiveBundle
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.protocol.bundle import Bundle
from kiosk.protocol.courier import BundleReady
from tests.unit.bundles.bundle_maker import TYPE, lay_down

TODAY = date(2026, 11, 25)


class Place:
    """A machine's disk: it can be started again and again."""

    def __init__(self, folder: Path) -> None:
        self.bundles, self._file = folder / "bundles", folder / "ledger.db"
        self.today = TODAY
        self._ledger: Ledger | None = None
        self.active = self.start()

    @property
    def ledger(self) -> Ledger:
        assert self._ledger is not None
        return self._ledger

    def start(self) -> ActiveBundle:
        """As after a power cut."""
        self.close()
        self._ledger = Ledger(self._file, lambda: Stamp("boot", 0, 0))
        self.active = ActiveBundle(self.bundles, self._ledger, card_reader=True, day=lambda: self.today)
        return self.active

    def close(self) -> None:
        if self._ledger is not None:
            self._ledger.close()

    def brought(self, bundle: Bundle) -> str:
        """By the courier; core has heard of it. Its name."""
        name = lay_down(self.bundles, bundle)
        self.active.heard(BundleReady(name))
        return name

    def serving(self, bundle: Bundle) -> str:
        """Taken over, and a worker has got ready with it."""
        name = self.brought(bundle)
        assert self.active.change(0)
        assert self.active.proved(worker_up=True, now_ms=1)
        return name

    def damage(self, name: str) -> None:
        (self.bundles / name / TYPE / "form.typ").write_text("another", "utf-8")

    def kinds(self) -> list[str]:
        return [row.kind for row in self.ledger.outbox(100)]
