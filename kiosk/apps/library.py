"""What core serves from: a kit and its catalogue of the day. Another takes its place between two visits, never in one.

The pointer is a row of the ledger: switching is one durable step, and after a power cut the machine serves from what
the row says. A kit that is not whole any more, or that no worker can get ready with, gives way to the one before it.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from kiosk.apps.kits import SHIPPED_KIT, Kit, KitError, open_kit
from kiosk.apps.shelf import today
from kiosk.catalogue.catalogue import Catalogue
from kiosk.catalogue.problems import CatalogueError
from kiosk.ledger.ledger import BundlePointer, Ledger
from kiosk.order.saga import Record
from kiosk.protocol.bundle import version_of
from kiosk.protocol.courier import BundleLooked, BundleReady, BundlesInUse

# A worker gets ready in a second or two; with a kit that it can't read it never does.
PROBATION_MS = 60_000
# Ends of a look that nobody has to hear of. Whoever watches the fleet hears of all others, once each time.
_NO_NEWS = frozenset({"nothing-newer", "unreachable", "looking"})


class Library:
    """Of one machine. `bundles`: the folder where the courier lays them down. Raises CatalogueError or OSError when not
    even what the machine was shipped with can be read.
    """

    def __init__(
        self, bundles: Path, ledger: Ledger, *, card_reader: bool, day: Callable[[], date] = today
    ) -> None:
        self._bundles, self._ledger, self._card_reader, self._today = bundles, ledger, card_reader, day
        self._pointer = ledger.bundle_pointer() or BundlePointer()
        self._staged = ""
        self._probation_ms: int | None = None
        self.looked = BundleLooked("not-yet")
        self.kit, self.catalogue, self._day = SHIPPED_KIT, self._shipped(), self._today()
        self._take_up()

    @property
    def in_use(self) -> BundlesInUse:
        """For the courier."""
        return BundlesInUse(self._pointer.active, self._pointer.previous)

    @property
    def staged(self) -> str:
        """The kit that waits for the next moment with nobody here; "" when there is none."""
        return self._staged

    def stale(self, now_s: int) -> bool:
        """Whether the kit is past its own term: nothing may be sold from it."""
        return self.kit.valid_until is not None and now_s > self.kit.valid_until

    def heard(self, said: BundleReady | BundleLooked) -> None:
        """The courier brought one, or says why not."""
        match said:
            case BundleReady(kit=kit):
                self.looked = BundleLooked("ready", kit)
                older = version_of(kit) < self._pointer.floor
                if not older and kit not in (self._pointer.active, self._pointer.refused):
                    self._staged = kit
            case BundleLooked(code=code):
                if code not in _NO_NEWS and code != self.looked.code:
                    self._ledger.commit((Record("bundle-not-taken", {"why": code}),))
                self.looked = said

    def change(self, now_ms: int) -> bool:
        """Nobody is here: take over what waits, or the new day's fees. Whether the catalogue is another one now."""
        if self._staged:
            return self._switch(self._staged, now_ms)
        if self._today() != self._day:
            self._day = self._today()
            self.catalogue = self.kit.catalogue(card_reader=self._card_reader, day=self._day)
            return True
        return False

    def proved(self, *, worker_up: bool, now_ms: int) -> bool:
        """Whether all is well with a kit that was taken over: a worker has got ready with it, or still may."""
        if worker_up:
            self._probation_ms = None
        return self._probation_ms is None or now_ms < self._probation_ms

    def fall_back(self, why: str) -> None:
        """To the kit before this one. What was refused is not taken up again; a later one is."""
        gone, self._probation_ms = self._pointer.active, None
        pointer = BundlePointer(self._pointer.previous, "", self._pointer.floor, refused=gone)
        self._point(pointer, Record("bundle-refused", {"kit": gone, "why": why, "back_to": pointer.active}))
        self._take_up()

    def _switch(self, name: str, now_ms: int) -> bool:
        self._staged = ""
        try:
            kit, catalogue = self._open(name)
        except (KitError, CatalogueError, OSError) as error:
            said = Record("bundle-refused", {"kit": name, "why": type(error).__name__})
            self._ledger.commit((said,))
            return False
        before = self._pointer.active
        pointer = BundlePointer(name, before, kit.version)
        self._point(pointer, Record("bundle-activated", {"kit": name, "before": before}))
        self.kit, self.catalogue, self._probation_ms = kit, catalogue, now_ms + PROBATION_MS
        return True

    def _take_up(self) -> None:
        """What the pointer says, or what is left of it."""
        try:
            self.kit, self.catalogue = self._open(self._pointer.active)
        except (KitError, CatalogueError, OSError) as error:
            if not self._pointer.active:
                raise
            self.fall_back(type(error).__name__)

    def _open(self, name: str) -> tuple[Kit, Catalogue]:
        kit = open_kit(self._bundles, name)
        self._day = self._today()
        return kit, kit.catalogue(card_reader=self._card_reader, day=self._day)

    def _shipped(self) -> Catalogue:
        return SHIPPED_KIT.catalogue(card_reader=self._card_reader, day=self._today())

    def _point(self, pointer: BundlePointer, record: Record) -> None:
        self._ledger.commit((record,), bundle=pointer)
        self._pointer = pointer
