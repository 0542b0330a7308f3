"""The active bundle and its catalogue of the day. Core changes it between two visits, never during one.

A pointer in the ledger names the active bundle (`kit` in the journal). So a change is one durable step, and
after a power cut the machine serves from the bundle that the pointer names. If a bundle is damaged, or no
worker can get ready with it, core goes back to the bundle before it.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec

from kiosk.bundles.catalogue_files import today
from kiosk.bundles.installed import SHIPPED_BUNDLE, InstalledBundle, InstalledBundleError, open_bundle
from kiosk.catalogue.catalogue import Catalogue
from kiosk.catalogue.problems import CatalogueError
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.step import BundlePointer
from kiosk.protocol import journal
from kiosk.protocol.bundle import is_bundle_name, version_of
from kiosk.protocol.courier import BundleLooked, BundleReady, BundlesInUse

# A worker gets ready in a second or two. With a bundle that it can't read it never gets ready.
PROBATION_MS = 60_000
# Results of a look at central that need no journal row. All other results get one, so that the fleet page
# shows them.
LOOKING = "looking"
_NO_NEWS = frozenset({"nothing-newer", "unreachable", "looking"})


class ActiveBundle:
    """The active bundle of one machine. `bundles`: the folder into which the courier writes bundles.

    Raises CatalogueError or OSError if even the shipped bundle can't be read.
    """

    def __init__(
        self, bundles: Path, ledger: Ledger, *, card_reader: bool, day: Callable[[], date] = today
    ) -> None:
        self._bundles, self._ledger, self._card_reader, self._today = bundles, ledger, card_reader, day
        self._pointer = ledger.bundle_pointer() or BundlePointer()
        self._staged = ""
        self._probation_ms: int | None = None
        self.looked = BundleLooked("not-yet")
        self.bundle, self._day = SHIPPED_BUNDLE, self._today()
        self.catalogue = SHIPPED_BUNDLE.catalogue(card_reader=card_reader, day=self._day)
        self._take_up()

    @property
    def in_use(self) -> BundlesInUse:
        """The active, the previous and the refused bundle, for the courier."""
        return BundlesInUse(self._pointer.active, self._pointer.previous, self._pointer.refused)

    @property
    def staged(self) -> str:
        """The bundle that core takes over as soon as nobody is here; "" if there is none."""
        return self._staged

    def stale(self, now_s: int) -> bool:
        """Whether the bundle is past its own term: then nothing may be sold from it."""
        return self.bundle.valid_until is not None and now_s > self.bundle.valid_until

    def heard(self, said: BundleReady | BundleLooked) -> None:
        """The courier has brought a bundle, or says why it has not."""
        match said:
            case BundleReady(bundle=bundle):
                trouble = self._unwanted(bundle)
                self._staged = self._staged if trouble else bundle
                if not trouble or not self._of_an_earlier_look(said):
                    self.looked = BundleLooked(trouble or "ready", bundle)
            case BundleLooked(code=code):
                if code not in _NO_NEWS and code != self.looked.code:
                    self._ledger.commit((journal.BundleNotTaken(code),))
                if not self._of_an_earlier_look(said):
                    self.looked = said

    def _of_an_earlier_look(self, said: BundleReady | BundleLooked) -> bool:
        """Whether this result belongs to an earlier look than the one that a person has asked for."""
        return self.looked.code == LOOKING and said.request != self.looked.request

    def _unwanted(self, bundle: str) -> str:
        """Why core does not take this bundle over; "" if it does."""
        if not bundle or not is_bundle_name(bundle):
            return "invalid"
        if bundle == self._pointer.active:
            return "nothing-newer"
        if bundle == self._pointer.refused:
            return "refused"
        return "rolled-back" if version_of(bundle) < self._pointer.floor else ""

    def change(self, now_ms: int) -> bool:
        """Nobody is here: take over the waiting bundle or the fees of the new day.

        Returns whether anything changed.
        """
        if self._staged:
            return self._switch(self._staged, now_ms)
        if self._today() == self._day:
            return False
        self._turn_the_page()
        return True

    def proved(self, *, worker_up: bool, now_ms: int) -> bool:
        """Whether a worker has got ready with the bundle that was taken over, or still has time to do so."""
        if self._pointer.proved or not self._pointer.active:
            return True
        if worker_up:
            proved = msgspec.structs.replace(self._pointer, proved=True)
            self._point(proved, journal.BundleProved(proved.active))
            return True
        if self._probation_ms is None:  # taken over before core restarted
            self._probation_ms = now_ms + PROBATION_MS
        return now_ms < self._probation_ms

    def fall_back(self, why: str) -> None:
        """Go back to the bundle before this one.

        Core does not take the refused bundle again, but does take a later one.
        """
        self._give_way(why, refused=self._pointer.active)

    def _give_way(self, why: str, refused: str) -> None:
        gone, self._probation_ms = self._pointer.active, None
        pointer = BundlePointer(self._pointer.previous, "", self._pointer.floor, refused, proved=True)
        self._point(pointer, journal.BundleRefused(gone, why, back_to=pointer.active))
        self._take_up()

    def _switch(self, name: str, now_ms: int) -> bool:
        self._staged = ""
        try:
            bundle, catalogue = self._open(name)
        except (InstalledBundleError, CatalogueError, OSError) as error:
            self.looked = BundleLooked("damaged", type(error).__name__)
            said = journal.BundleRefused(name, type(error).__name__)
            self._ledger.commit((said,))
            return False
        # Core never falls back to a bundle with which no worker has got ready.
        before = self._pointer.active if self._pointer.proved else self._pointer.previous
        pointer = BundlePointer(name, before, bundle.version, self._pointer.refused)
        self._point(pointer, journal.BundleActivated(name, before))
        self.bundle, self.catalogue, self._probation_ms = bundle, catalogue, now_ms + PROBATION_MS
        return True

    def _turn_the_page(self) -> None:
        """A new day has begun: read the catalogue of that day."""
        try:
            self._take_up()
        except (
            CatalogueError,
            OSError,
        ):  # the shipped bundle can't be read: keep yesterday's fees; central has the last word
            self._day = self._today()

    def _take_up(self) -> None:
        """Open the bundle that the pointer names. If that fails, go back to the one before it."""
        try:
            self.bundle, self.catalogue = self._open(self._pointer.active)
        except (InstalledBundleError, OSError) as error:
            if not self._pointer.active:
                raise
            # The disk is at fault, not the bundle: the same bundle may be taken over again once it is whole.
            self._give_way(type(error).__name__, refused=self._pointer.refused)
        except CatalogueError as error:
            if not self._pointer.active:
                raise
            self.fall_back(type(error).__name__)

    def _open(self, name: str) -> tuple[InstalledBundle, Catalogue]:
        bundle = open_bundle(self._bundles, name)
        self._day = self._today()
        return bundle, bundle.catalogue(card_reader=self._card_reader, day=self._day)

    def _point(self, pointer: BundlePointer, fact: journal.Row) -> None:
        self._ledger.commit((fact,), bundle=pointer)
        self._pointer = pointer
