"""The librarian looks when there is a reason, tries out before it tells, and goes on after whatever ends a look."""

import logging
import queue
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.bundles.reading import read_whole
from kiosk.courier.librarian import PERIOD_S, Librarian
from kiosk.courier.looking import LookError, TrialError
from kiosk.courier.store import Store
from kiosk.protocol.bundle import Bundle, bundle_name_of, pack
from kiosk.protocol.courier import BundleLooked, BundleReady, BundlesInUse
from tests.unit.courier.bundles import bundle

WAIT_S = 10.0
ONE, TWO, THREE = (bundle(version) for version in (1, 2, 3))
SHIPPED = BundlesInUse("", "")


def name_of(of: Bundle) -> str:
    return bundle_name_of(of.version, pack(of))


class Room:
    """A librarian with a central that the test plays, and a core that listens."""

    def __init__(self, bundles: Path) -> None:
        self.bundles = bundles
        self.look: Callable[[], bytes] = lambda: pack(ONE)
        self.trial: Callable[[Path], str] = lambda place: ""
        self.steps: list[str] = []
        self.told: queue.SimpleQueue[BundleReady | BundleLooked] = queue.SimpleQueue()
        self.librarian = Librarian(Store(bundles), self._look, self._trial, self._tell)

    def _look(self) -> bytes:
        self.steps.append("look")
        return self.look()

    def _trial(self, place: Path) -> str:
        assert read_whole(place).version, "it is tried out before it lies there"
        self.steps.append("trial")
        return self.trial(place)

    def _tell(self, said: BundleReady | BundleLooked) -> None:
        self.steps.append("tell")
        self.told.put(said)

    def step(self, in_use: BundlesInUse = SHIPPED) -> tuple[BundleReady | BundleLooked, float]:
        due = self.librarian.step(in_use)
        return self.told.get_nowait(), due

    def hears(self) -> BundleReady | BundleLooked:
        return self.told.get(timeout=WAIT_S)

    def hears_nothing_more(self) -> None:
        """Whatever is asked next is answered next."""
        assert self.told.empty()

    def there(self) -> set[str]:
        return {place.name for place in self.bundles.iterdir()} if self.bundles.is_dir() else set()


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "bundles")


def looked(said: BundleReady | BundleLooked) -> BundleLooked:
    """What is told of a look that brought nothing."""
    assert isinstance(said, BundleLooked)
    return said


def failing(error: Exception) -> Callable[[], bytes]:
    def look() -> bytes:
        raise error

    return look


# --- one look ---


def test_a_newer_bundle_is_laid_down_then_tried_then_told(room: Room) -> None:
    assert room.step() == (BundleReady(name_of(ONE)), PERIOD_S)
    assert room.steps == ["look", "trial", "tell"]


@pytest.mark.parametrize("active", [TWO, THREE], ids=["the same", "an older one"])
def test_what_is_not_newer_is_not_laid_down(room: Room, active: Bundle) -> None:
    room.look = lambda: pack(TWO)
    said, due = room.step(BundlesInUse(name_of(active), ""))
    assert (said, due, room.steps) == (BundleLooked("nothing-newer"), PERIOD_S, ["look", "tell"])


def test_what_failed_its_trial_is_gone_and_not_tried_again_until_somebody_asks(room: Room) -> None:
    room.trial = lambda _place: "land: no form"
    assert room.step()[0] == BundleLooked("samples-differ", "land: no form")
    assert room.there() == set()
    room.steps.clear()
    assert looked(room.step()[0]).code == "samples-differ"
    assert "trial" not in room.steps
    room.librarian.look_now()
    room.trial = lambda _place: ""
    assert room.step()[0] == BundleReady(name_of(ONE))


def ending(code: str) -> Callable[[Path], str]:
    def trial(_place: Path) -> str:
        raise TrialError(code, "why")

    return trial


def test_what_this_machine_can_not_try_out_is_tried_again_soon(room: Room) -> None:
    room.trial = ending("not-tried")
    said, due = room.step()
    assert (said, due) == (BundleLooked("not-tried", "why"), 60.0)
    assert room.there() == set()
    room.trial = lambda _place: ""
    assert room.step()[0] == BundleReady(name_of(ONE))


def test_what_the_sandbox_killed_is_told_so_both_times_and_not_tried_again(room: Room) -> None:
    room.trial = ending("trial-killed")
    assert room.step() == (BundleLooked("trial-killed", "why"), PERIOD_S)
    room.trial = lambda _place: ""
    assert looked(room.step()[0]).code == "trial-killed"
    assert room.steps.count("trial") == 1


def test_a_later_bundle_than_the_refused_one_is_tried(room: Room) -> None:
    room.trial = lambda _place: "land: no form"
    room.step()
    room.look, room.trial = lambda: pack(TWO), lambda _place: ""
    assert room.step()[0] == BundleReady(name_of(TWO))


def test_what_no_worker_could_serve_from_is_not_brought_again(room: Room) -> None:
    room.look = lambda: pack(TWO)
    said, _ = room.step(BundlesInUse(name_of(ONE), "", refused=name_of(TWO)))
    assert (looked(said).code, room.steps) == ("refused", ["look", "tell"])


@pytest.mark.parametrize(
    "code", ["expired", "rolled-back", "unsigned", "damaged", "invalid", "nothing-newer"]
)
def test_a_look_that_brings_nothing_is_told_with_its_code_and_due_in_an_hour(room: Room, code: str) -> None:
    room.look = failing(LookError(code, "why"))
    assert room.step() == (BundleLooked(code, "why"), PERIOD_S)


def test_without_a_way_to_central_the_next_look_is_due_soon(room: Room) -> None:
    room.look = failing(LookError("unreachable"))
    said, due = room.step()
    assert said == BundleLooked("unreachable")
    assert 10 <= due <= 300


def test_what_this_program_can_not_read_is_told_as_that(room: Room) -> None:
    room.look = lambda: b"signed, and no bundle"
    said, _ = room.step()
    assert (looked(said).code, room.there()) == ("other-program", set())


def test_a_full_disk_is_told_and_the_next_look_finds_its_way(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", _no_space)
        assert room.step()[0] == BundleLooked("disk", ": No space left on device")
    assert room.step()[0] == BundleReady(name_of(ONE))


def _no_space(_handle: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_long_story_is_cut_before_it_is_told(room: Room) -> None:
    room.trial = lambda _place: "x" * 2_000_000
    said, _ = room.step()
    assert len(looked(said).detail) < 1_000


# --- what may be tidied away ---


def test_while_it_looks_core_may_take_over_what_came_before_and_that_stays(room: Room) -> None:
    """The trial of version 3 begins while version 1 serves; meanwhile core has switched to version 2."""
    for one in (ONE, TWO):
        Store(room.bundles).put(pack(one), one)
    room.look = lambda: pack(THREE)
    room.step(BundlesInUse(name_of(ONE), ""))
    assert room.there() == {name_of(ONE), name_of(TWO), name_of(THREE)}


def test_a_bundle_that_is_brought_twice_is_not_laid_down_anew_below_core(room: Room) -> None:
    room.step()
    before = (room.bundles / name_of(ONE)).stat().st_ino
    assert room.step()[0] == BundleReady(name_of(ONE))
    assert (room.bundles / name_of(ONE)).stat().st_ino == before


def test_what_is_older_than_the_one_before_goes_at_the_next_look(room: Room) -> None:
    for one in (ONE, TWO, THREE):
        Store(room.bundles).put(pack(one), one)
    room.look = lambda: pack(THREE)
    room.step(BundlesInUse(name_of(THREE), name_of(TWO)))
    assert room.there() == {name_of(TWO), name_of(THREE)}


# --- the thread: reasons to look ---


def test_it_waits_for_what_core_serves_from_before_its_first_look(room: Room) -> None:
    room.librarian.start()
    room.librarian.newest("1")
    room.librarian.look_now()
    room.hears_nothing_more()
    room.librarian.in_use(SHIPPED)
    assert room.hears() == BundleReady(name_of(ONE))


def test_a_new_word_in_the_heartbeat_is_a_reason_and_the_same_word_is_none(room: Room) -> None:
    room.librarian.start()
    room.librarian.in_use(SHIPPED)
    room.hears()
    room.librarian.newest("2")
    room.look = lambda: pack(TWO)
    assert room.hears() in (BundleReady(name_of(ONE)), BundleReady(name_of(TWO)))
    room.librarian.newest("2")
    room.librarian.newest("")
    room.hears_nothing_more()
    room.look = lambda: pack(THREE)
    room.librarian.look_now()
    assert room.hears() == BundleReady(name_of(THREE))
    assert room.steps.count("look") == 3


@pytest.mark.parametrize(
    "error",
    [OSError(5, "Input/output error"), KeyError("x"), RecursionError(), MemoryError(), UnicodeError()],
    ids=repr,
)
def test_whatever_ends_a_look_the_thread_goes_on(room: Room, error: Exception) -> None:
    room.look = failing(error)
    room.librarian.start()
    room.librarian.in_use(SHIPPED)
    assert looked(room.hears()).code in {"disk", "invalid"}
    room.look = lambda: pack(ONE)
    room.librarian.look_now()
    assert room.hears() == BundleReady(name_of(ONE))


def test_the_log_says_what_came_of_it_and_nothing_of_what_is_inside(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    said = bundle(4, "홍길동")
    room.look = lambda: pack(said)
    with caplog.at_level(logging.DEBUG):
        room.step()
    assert name_of(said) in caplog.text
    assert "홍길동" not in caplog.text
