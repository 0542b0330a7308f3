"""A folder that a command of central's fills is new, empty, or was filled by it before; any other stays as it is."""

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from central.authority import card_files
from central.authority.keys import Folder, card_authority, enrolled, make_folder
from central.authority.keys import enrol as give
from central.commands.places import DATA_MARK, take_data
from central.key_files import write_private
from central.services import repository_of
from tests.unit.central.office import KIOSK, NOON, Office
from tests.unit.central.test_cli import run

OTHER = "YDP-0002"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def stranger(tmp_path: Path) -> Folder:
    """Another central server."""
    folder = Folder(tmp_path / "stranger")
    make_folder(folder, NOON - timedelta(days=1))
    return folder


def state_of(place: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in place.rglob("*") if file.is_file()}


def enrol(office: Office, out: Path, kiosk: str = KIOSK) -> tuple[int, str]:
    repository_of(office.folder).create(NOON)
    return run("enrol", kiosk, "--data", office.folder.data, "--out", out)


def cards(office: Office, out: Path) -> tuple[int, str]:
    return run("cards", "--data", office.folder.data, "--out", out)


def assert_refused(found: tuple[int, str], place: Path, before: dict[str, bytes], says: str) -> None:
    code, said = found
    assert (code, says in said, str(place) in said) == (2, True, True), said
    assert state_of(place) == before


# --- init ---


def test_somebodys_own_folder_gets_no_data(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "keys").mkdir(parents=True)  # as many a certificate authority has it
    (mine / "keys" / "ca.key").write_text("mine")
    before = state_of(mine)
    assert_refused(run("init", "--data", mine), mine, before, "name a new or empty folder with --data")


@pytest.mark.parametrize("part", ["data", "pki", "cards"])
def test_what_else_central_makes_gets_no_data(office: Office, tmp_path: Path, part: str) -> None:
    places = {"data": office.folder.data / "keys", "pki": tmp_path / "pki", "cards": tmp_path / "c"}
    assert enrol(office, places["pki"])[0] == cards(office, places["cards"])[0] == 0
    before = state_of(places[part])
    assert_refused(run("init", "--data", places[part]), places[part], before, "stay as they are")


def test_a_first_init_that_was_ended_at_any_moment_is_gone_on_with(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    take_data(Folder(data))
    (data / "keys").mkdir()
    take_data(Folder(data))
    (data / DATA_MARK).rename(data / f".{DATA_MARK}.new")
    (data / "keys").rmdir()
    take_data(Folder(data))
    assert (data / DATA_MARK).exists()


def test_a_data_folder_from_before_there_was_a_mark_is_one(office: Office) -> None:
    assert not (office.folder.data / DATA_MARK).exists()
    take_data(office.folder)


# --- enrol ---


def test_a_machine_is_enrolled_again_into_its_own_folder(office: Office, out: Path) -> None:
    assert enrol(office, out)[0] == 0
    (out / "notes.txt").write_text("put beside it")
    first = (out / "kiosk.pem").read_bytes()
    assert enrol(office, out)[0] == 0
    assert (out / "kiosk.pem").read_bytes() != first
    assert (out / "notes.txt").read_text() == "put beside it"


def test_an_enrolment_that_was_ended_at_any_moment_is_gone_on_with(office: Office, out: Path) -> None:
    assert enrol(office, out)[0] == 0
    written = ["bundles-root.json", "trust.cbor", "trust-root.pem", "kiosk.pem", "kiosk.key", "ca.pem"]
    for name in written:
        (out / name).unlink()
        assert enrol(office, out)[0] == 0
        for gone in written[: written.index(name) + 1]:
            (out / gone).unlink()
    write_private(out / ".ca.pem.new", b"half of")
    assert enrol(office, out)[0] == 0


def test_another_central_servers_data_are_not_replaced(office: Office, stranger: Folder) -> None:
    before = state_of(stranger.data)
    assert_refused(enrol(office, stranger.data), stranger.data, before, "name a new or empty folder")
    keys = stranger.data / "keys"
    assert_refused(enrol(office, keys), keys, state_of(keys), "name a new or empty folder")
    assert enrolled(office.folder, KIOSK) is None


def test_a_central_servers_own_data_are_not_replaced(office: Office) -> None:
    for place in (office.folder.data, office.folder.data / "keys"):
        enrol(office, place)
        assert_refused(enrol(office, place), place, state_of(place), "name a new or empty folder")
    assert enrolled(office.folder, KIOSK) is None


def test_a_machine_of_another_central_server_keeps_its_keys(
    office: Office, stranger: Folder, out: Path
) -> None:
    give(stranger, KIOSK, out, NOON)
    assert_refused(enrol(office, out), out, state_of(out), "not of a machine of this central server")


def test_another_machine_keeps_its_key(office: Office, out: Path) -> None:
    assert enrol(office, out)[0] == 0
    assert_refused(enrol(office, out, OTHER), out, state_of(out), f"the machine {KIOSK!r}")
    assert enrolled(office.folder, OTHER) is None


def test_somebodys_own_folder_gets_no_certificate(office: Office, out: Path) -> None:
    out.mkdir()
    (out / "kiosk.key").write_text("mine")
    assert_refused(enrol(office, out), out, state_of(out), "stay as they are")


@pytest.mark.parametrize("name", ["", "../x", "a/b", "ㄱ", "영등포 1", "a b", "..", "x" * 33, "x" * 5_000])
def test_what_is_no_machines_id_is_refused_in_one_short_sentence(
    office: Office, out: Path, name: str
) -> None:
    code, said = enrol(office, out, name)
    assert (code, "letters, digits and hyphens" in said, said.count("\n")) == (2, True, 1), said
    assert len(said) < 300
    assert not out.exists()


# --- cards ---


def test_cards_are_written_again_over_ones_own(office: Office, out: Path) -> None:
    assert cards(office, out)[0] == 0
    (out / "notes.txt").write_text("put beside it")
    assert cards(office, out)[0] == 0
    assert (out / "notes.txt").read_text() == "put beside it"


def test_somebody_elses_cards_stay(office: Office, stranger: Folder, out: Path) -> None:
    assert cards(office, out)[0] == 0
    for name in ("cards.key", "cards.pem"):
        shutil.copy(stranger.key(name), office.folder.key(name))
    assert_refused(cards(office, out), out, state_of(out), "not of the cards of this central server")


@pytest.mark.parametrize("text", ["{}", "[", json.dumps({"certificate_pem": "x"}), "\0", "[" * 9_999])
def test_what_only_has_a_cards_name_stays(office: Office, out: Path, text: str) -> None:
    out.mkdir()
    (out / "citizen-1.json").write_text(text)
    assert_refused(cards(office, out), out, state_of(out), "stay as they are")


def test_the_first_card_says_whose_the_folder_is(
    office: Office, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However early the writing of them has ended."""
    made = card_files.demonstration_cards(card_authority(office.folder), NOON)

    def ended(written: Path, name: Path) -> None:
        written.rename(name)
        raise OSError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", ended)
        with pytest.raises(OSError, match="power"):
            card_files.write_cards(out, made)
    assert [file.name for file in out.iterdir()] == [f"{card_files.FIRST_CARD}.json"]
    assert cards(office, out)[0] == 0
