"""A pipe, a device, a folder or garbage in the place of a file that a program reads at its start is told at once.

What is read in this process ends by the limit of its test; a device without end would fill the memory before.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.bundles.installed import InstalledBundleError, open_bundle
from kiosk.bundles.newest_list import NewestList
from kiosk.courier.list_updater import ListUpdater
from kiosk.protocol import exits
from kiosk.protocol.fault import EnvironmentFault
from kiosk.protocol.trust import TrustError
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE, lists_of, said_version
from kiosk.whole_file import OddFileError, read_whole_file
from tests.authority import TRUST, put_list
from tests.rig.machines import machine_folder
from tests.unit.bundles.bundle_maker import lay_down, small
from tests.unit.courier.pki import Authority
from tests.unit.programs.test_running import kiosk

WITHIN_S = 3


def far_too_much(file: Path) -> None:
    file.touch()
    os.truncate(file, 1 << 34)


ODD: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a device without end": lambda file: file.symlink_to("/dev/zero"),
    "a folder": Path.mkdir,
    "garbage": lambda file: file.write_bytes(b"\xff\x00garbage\n" * 99),
    "far too much": far_too_much,
    "a link to itself": lambda file: file.symlink_to(file.name),
}


def put(what: str, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    ODD[what](file)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """One that was enrolled."""
    run = machine_folder(tmp_path)
    Authority(run / "pki").issue("kiosk")
    put_list(run / "pki")
    return run


def ends_with_a_sentence_about(file: Path, *program: str, run: Path) -> None:
    done = kiosk(*program, "--run", str(run))
    assert done.returncode == exits.USAGE, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert str(file) in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("what", ODD)
def test_in_the_place_of_the_settings(machine: Path, what: str) -> None:
    put(what, machine / "kiosk.toml")
    ends_with_a_sentence_about(machine / "kiosk.toml", "core", run=machine)


@pytest.mark.parametrize("name", ["kiosk.pem", "kiosk.key", "ca.pem"])
@pytest.mark.parametrize("what", ODD)
def test_in_the_place_of_a_key_or_a_certificate(machine: Path, name: str, what: str) -> None:
    put(what, machine / "pki" / name)
    ends_with_a_sentence_about(machine / "pki" / name, "courier", run=machine)


@pytest.mark.timeout(WITHIN_S)
@pytest.mark.parametrize("name", [LIST_FILE, ROOT_FILE])
@pytest.mark.parametrize("what", ODD)
def test_in_the_place_of_what_a_worker_trusts(machine: Path, name: str, what: str) -> None:
    put(what, machine / "pki" / name)
    with pytest.raises(TrustError, match=rf"pki/{name}: ") as no:
        NewestList(machine)
    assert str(no.value).isprintable()


@pytest.mark.timeout(WITHIN_S)
@pytest.mark.parametrize("what", ODD)
def test_in_the_place_of_the_newest_list_the_one_of_the_enrolment_counts(machine: Path, what: str) -> None:
    put(what, lists_of(machine)[0])
    assert NewestList(machine).read() == TRUST
    assert said_version(lists_of(machine)[0], read_whole_file) == 0


@pytest.mark.timeout(WITHIN_S)
@pytest.mark.parametrize("what", ["a pipe", "a device without end", "a folder", "far too much"])
def test_the_courier_tells_of_it_when_it_begins(
    machine: Path, what: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(what, lists_of(machine)[0])
    monkeypatch.setattr(threading.Thread, "start", lambda _thread: None)
    ListUpdater(machine, bytes).start()
    (told,) = caplog.messages
    assert str(lists_of(machine)[0]) in told


@pytest.mark.timeout(20)  # a bundle is made first
@pytest.mark.parametrize("what", ODD)
def test_in_the_place_of_a_bundles_document(machine: Path, what: str) -> None:
    name = lay_down(machine / "bundles", small())
    put(what, machine / "bundles" / name / "bundle")
    with pytest.raises(InstalledBundleError, match="bundle"):
        open_bundle(machine / "bundles", name)


@pytest.mark.timeout(WITHIN_S)
@pytest.mark.parametrize("what", ["a pipe", "a device without end", "far too much"])
def test_what_is_no_file_is_an_error_of_the_world_with_its_name_cause_and_remedy(
    tmp_path: Path, what: str
) -> None:
    put(what, tmp_path / "file")
    with pytest.raises(OddFileError, match=r"file: .*; put the right file in its place$") as no:
        read_whole_file(tmp_path / "file", 9)
    assert isinstance(no.value, OSError)
    assert isinstance(no.value, EnvironmentFault)


@pytest.mark.timeout(WITHIN_S)
def test_a_file_is_read_to_its_last_byte_and_a_link_only_where_it_may_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"123456789")
    (tmp_path / "link").symlink_to("file")
    assert read_whole_file(tmp_path / "file", 9) == b"123456789"
    assert read_whole_file(tmp_path / "link", 9) == b"123456789"
    with pytest.raises(OddFileError, match="larger than 8 bytes"):
        read_whole_file(tmp_path / "file", 8)
    with pytest.raises(OSError, match="not a regular file"):
        read_whole_file(tmp_path / "link", 9, follow=False)
