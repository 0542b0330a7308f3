"""A machine's trust list is replaced by a newer one of the root's, and by nothing else; it is never lost."""

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.courier.list_updater import PERIOD_S, ListUpdater
from kiosk.courier.looking import NOTHING_NEWER, LookError
from kiosk.protocol.signed_list import load_list, newest_list_of, sign_list
from kiosk.protocol.trust import TrustList
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE, lists_of, said_version
from tests.authority import ROOT, TRUST, put_list

STRANGER = ec.derive_private_key(0xBAD, ec.SECP256R1())


def of_version(version: int) -> TrustList:
    return msgspec.structs.replace(TRUST, version=version)


def unreachable() -> bytes:
    raise LookError("unreachable", "no line")


def nothing() -> bytes:
    raise LookError(NOTHING_NEWER)


def broken() -> bytes:
    raise OSError(28, "No space left on device")


class Machine:
    """One that has list 5."""

    def __init__(self, run: Path) -> None:
        put_list(run / "pki", of_version(5))
        self.run = run
        self.looks: Callable[[], bytes] = nothing
        self.updater = ListUpdater(run, self._look)

    def _look(self) -> bytes:
        return self.looks()

    def offered(self, look: Callable[[], bytes]) -> tuple[int, float]:
        """The version that it has after such a look, and when it looks again."""
        self.looks = look
        pause = self.updater.step()
        return self.newest().version, pause

    def newest(self) -> TrustList:
        return newest_list_of(lists_of(self.run), self.run / "pki" / ROOT_FILE)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_newer_list_takes_the_place_of_the_older(machine: Machine) -> None:
    assert machine.offered(lambda: sign_list(of_version(6), ROOT)) == (6, PERIOD_S)
    assert [file.name for file in (machine.run / "trust").iterdir()] == [LIST_FILE]
    assert load_list(machine.run / "pki" / LIST_FILE, machine.run / "pki" / ROOT_FILE).version == 5


@pytest.mark.parametrize(
    "look",
    [
        lambda: sign_list(of_version(4), ROOT),
        lambda: sign_list(of_version(9), STRANGER),
        lambda: sign_list(of_version(9), ROOT)[:-1] + b"\0",
        lambda: b"",
        lambda: b"junk" * 1000,
        broken,
    ],
    ids=["older", "stranger", "altered", "empty", "junk", "disk-full"],
)
def test_nothing_else_does(machine: Machine, look: Callable[[], bytes]) -> None:
    assert machine.offered(look) == (5, PERIOD_S)


@pytest.mark.parametrize("look", [unreachable, nothing])
def test_where_there_is_none_to_be_had_yet_central_is_asked_again_in_a_minute(
    machine: Machine, look: Callable[[], bytes]
) -> None:
    assert machine.offered(look) == (5, 60.0)


def test_a_list_that_came_and_was_damaged_leaves_the_one_of_the_enrolment_until_it_comes_again(
    machine: Machine,
) -> None:
    assert machine.offered(lambda: sign_list(of_version(6), ROOT))[0] == 6
    (machine.run / "trust" / LIST_FILE).write_bytes(b"torn")
    assert machine.newest().version == 5
    assert machine.offered(lambda: sign_list(of_version(6), ROOT))[0] == 6


def test_where_all_are_damaged_any_of_the_roots_is_better(machine: Machine) -> None:
    (machine.run / "pki" / LIST_FILE).write_bytes(b"torn")
    assert machine.offered(lambda: sign_list(of_version(3), ROOT))[0] == 3


def test_a_list_that_can_not_be_laid_down_leaves_the_one_that_is_there(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kiosk.courier.list_updater.os.replace", full)
    assert machine.offered(lambda: sign_list(of_version(6), ROOT))[0] == 5


def test_a_word_of_centrals_about_a_newer_one_is_a_reason_to_look_at_once(tmp_path: Path) -> None:
    looked = threading.Semaphore(0)

    def look() -> bytes:
        looked.release()
        raise LookError(NOTHING_NEWER)

    put_list(tmp_path / "pki", of_version(5))
    updater = ListUpdater(tmp_path, look)
    updater.start()
    updater.newest(5)  # what is here
    assert not looked.acquire(timeout=0.1)
    updater.newest(6)
    assert looked.acquire(timeout=10)
    updater.newest(6)  # there was nothing: not at once again
    assert not looked.acquire(timeout=0.1)
    updater.newest(7)
    assert looked.acquire(timeout=10)


def test_what_a_file_says_it_is_is_read_without_proof_and_junk_says_nothing(tmp_path: Path) -> None:
    [file] = put_list(tmp_path, of_version(5)).files
    assert said_version(file) == 5
    for junk in (b"", b"torn", file.read_bytes()[:-5], b"\xd2\x80", b"\xd2\x84\x40\xa0\x41\x01\x40"):
        file.write_bytes(junk)
        assert said_version(file) == 0
    assert said_version(tmp_path / "none") == 0
