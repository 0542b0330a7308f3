"""The thread that brings newer bundles: looks when central has one, lays it down, has it tried out, tells core.

Nothing of a sale waits for it, and what goes wrong here stops updates only: the machine goes on serving what it has.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.courier.looking import NOT_TRIED, NOTHING_NEWER, SAMPLES_DIFFER, LookError, TrialError
from kiosk.courier.store import Store
from kiosk.faults import trail
from kiosk.protocol.bundle import BundleError, bundle_name_of, unpack, version_of
from kiosk.protocol.courier import BundleLooked, BundleReady, BundlesInUse

PERIOD_S = 3_600.0
_AGAIN_S = 60.0
# Nobody has to publish anything anew: the next look may find a line, and room to try it out.
_TRIED_AGAIN = frozenset({"unreachable", NOT_TRIED})
_DETAIL = 500  # characters: a note for a technician, not a document

log = logging.getLogger(__name__)


class Librarian:
    """`look` brings the newest document (repository.py), `trial` tries one out: "" or what is wrong; it may
    raise TrialError.

    `tell` gets what core is to hear. `by_itself`: it looks without being asked to. All methods but `run` are for any
    thread.
    """

    def __init__(
        self,
        store: Store,
        look: Callable[[], bytes],
        trial: Callable[[Path], str],
        tell: Callable[[BundleReady | BundleLooked], None],
        *,
        by_itself: bool = True,
    ) -> None:
        self._by_itself = by_itself
        self._store, self._look, self._trial, self._tell = store, look, trial, tell
        self._news = threading.Condition()
        self._in_use: BundlesInUse | None = None
        self._asked = False
        self._request = 0
        self._newest = ""
        self._refused = ""
        self._refused_as = SAMPLES_DIFFER
        self._tried = ""

    def start(self) -> None:
        """Run until the program ends."""
        threading.Thread(target=self.run, name="librarian", daemon=True).start()

    def in_use(self, in_use: BundlesInUse) -> None:
        """What core serves from. Before the first word of that there is nothing to compare with."""
        with self._news:
            self._asked, self._in_use = self._asked or self._by_itself, in_use
            self._news.notify()

    def look_now(self, request: int = 0) -> None:
        """Somebody wants it now; the look that begins after this word answers the request."""
        with self._news:
            self._asked, self._request = True, request
            self._refused = ""
            self._news.notify()

    def newest(self, version: str) -> None:
        """Central's heartbeat says which version is the newest; a word that is new is a reason to look."""
        with self._news:
            if self._by_itself and version and version != self._newest:
                self._newest = version
                self._asked = True
                self._news.notify()

    def run(self) -> None:
        """Wait for a reason, look, and so on."""
        pause = PERIOD_S
        while True:
            with self._news:
                due = self._news.wait_for(self._has_reason, timeout=pause if self._by_itself else None)
                self._asked, in_use, request = False, self._in_use, self._request
            if in_use is not None and (due or self._by_itself):
                pause = self.step(in_use, request)

    def step(self, in_use: BundlesInUse, request: int = 0) -> float:
        """One look; in how many seconds the next is due if nobody asks before."""
        try:
            said = self._bring(in_use)
        except LookError as error:
            said = BundleLooked(error.code, error.detail[:_DETAIL])
        except OSError as error:
            said = BundleLooked("disk", f"{error.filename or ''}: {error.strerror or type(error).__name__}")
        except Exception as error:  # whatever it was, the next bundle may be another one
            log.warning("a bundle could not be looked at\n%s", trail(error))
            said = BundleLooked("invalid", type(error).__name__)
        said = msgspec.structs.replace(said, request=request)
        log.info("bundles: %s", said)
        self._tell(said)
        return _AGAIN_S if isinstance(said, BundleLooked) and said.code in _TRIED_AGAIN else PERIOD_S

    def _has_reason(self) -> bool:
        return self._asked and self._in_use is not None

    def _bring(self, in_use: BundlesInUse) -> BundleReady | BundleLooked:
        self._store.tidy(in_use.active, in_use.previous)
        raw = self._look()
        try:
            bundle = unpack(raw)
        except BundleError as error:
            return BundleLooked("other-program", str(error)[:_DETAIL])
        name = bundle_name_of(bundle.version, raw)
        if bundle.version <= version_of(in_use.active):
            return BundleLooked(NOTHING_NEWER)
        if name == in_use.refused:
            return BundleLooked("refused", f"no worker could serve from bundle {bundle.version}")
        if name == self._refused:
            return BundleLooked(self._refused_as, f"bundle {bundle.version} was tried before")
        place = self._store.put(raw, bundle)
        return (self._wrong_with(name, place) if name != self._tried else None) or BundleReady(name)

    def _wrong_with(self, name: str, place: Path) -> BundleLooked | None:
        """Try a bundle out. What this machine can't try out today says nothing against the bundle."""
        try:
            wrong, code = self._trial(place), SAMPLES_DIFFER
        except TrialError as error:
            wrong, code = error.detail, error.code
        if not wrong:
            self._tried = name
            return None
        if code != NOT_TRIED:
            self._refused, self._refused_as = name, code
        self._store.remove(name)
        return BundleLooked(code, wrong[:_DETAIL])
