"""The command does its part and says in one sentence what is wrong."""

import errno
import json
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from central.authority.keys import Folder
from central.cli import app
from central.clock import system_clock
from central.commands.panels import PLACES
from central.registers import resident
from central.registers.land import read_certificate
from central.registers.lots import ONE_SHEET
from central.registers.refusal import RefusedError
from central.registers.residents import known
from central.services import Services, repository_of
from central.store.database import OnlyServer
from tests.contract.commands.typed import places
from tests.unit.central.citizen import FULL
from tests.unit.central.office import ALL, KIOSK, Journal, Office, subject_of
from tests.unit.central.stands import asked


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


def _no_room(_file: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def owner_now(office: Office) -> str:
    """The last owner of lot 60, or the refusal."""

    async def ask(services: Services) -> str:
        try:
            kind = services.types["land"]
            assert kind.source is not None
            lot = subject_of(ONE_SHEET)
            data = await read_certificate(services.book, kind.file, kind.source, lot, ALL, office.now)
        except RefusedError as error:
            return error.code
        return str(data["owners"][-1]["name"])

    return office.story(ask)


def test_export_gives_issues_orders_heads_and_alarms(office: Office) -> None:
    journal = Journal()
    rows = (journal.void("key-1"), journal.closed(0, 500, 500, outcome="REFUNDED"))
    office.story(lambda services: services.journals.take(KIOSK, rows))
    code, output = run("export", "--data", office.folder.data)
    document = json.loads(output)
    assert code == 0
    assert document["events_head"] == {KIOSK: {"seq": 2, "hash": rows[1].hash}}
    assert [(row["key"], row["number"], row["final"]) for row in document["issues"]] == [
        ("key-1", "", "void")
    ]
    assert [(row["outcome"], row["credit"], row["paid"]) for row in document["orders"]] == [
        ("REFUNDED", 500, 500)
    ]
    assert document["alarms"] == []


def test_a_clerk_enters_a_new_owner_and_takes_a_record_out(office: Office) -> None:
    data = office.folder.data
    assert run("clerk", "transfer", "여의도동", "60", "한새봄", "--data", data)[0] == 0
    assert owner_now(office) == "한새봄"
    run("clerk", "mark", "여의도동", "60", "changing", "--data", data)
    assert owner_now(office) == "record-under-change"
    run("clerk", "mark", "여의도동", "60", "live", "--data", data)
    assert owner_now(office) == "한새봄"


def test_a_clerk_closes_the_register(office: Office) -> None:
    data = office.folder.data
    run("clerk", "hours", "13:00", "14:00", "--data", data)
    assert owner_now(office) == "register-closed"
    assert run("clerk", "hours", "00:00", "24:00", "--data", data)[0] == 0
    assert owner_now(office) != "register-closed"
    assert run("clerk", "outage", "5", "--data", data) == (0, "down for 5 minutes\n")
    assert run("clerk", "outage", "0", "--data", data) == (0, "up\n")


def copy_now(office: Office, person: int) -> str:
    """The head on a person's 등본, or the refusal."""

    async def ask(services: Services) -> str:
        try:
            return str(
                (await resident.household_copy(services.residents, person, FULL, office.now)).data["head"]
            )
        except RefusedError as error:
            return error.code

    return office.story(ask)


def test_a_clerk_changes_a_resident_record_by_its_holders_card(office: Office) -> None:
    data = office.folder.data
    for state, said in (
        ("moving", "record-moving"),
        ("live", "홍길동"),
        ("protected", "address-protected"),
        ("deceased", "person-deceased"),
    ):
        assert run("clerk", "resident", known.FAMILY, state, "--data", data)[0] == 0
        assert copy_now(office, 1) == said
    code, output = run("clerk", "resident", known.FAMILY, "live", "--data", data)
    assert (code, "has died" in output) == (2, True)


def test_a_clerk_closes_the_resident_register_alone(office: Office) -> None:
    data = office.folder.data
    assert run("clerk", "outage", "5", "--register", "resident", "--data", data)[0] == 0
    office.now = system_clock()
    assert copy_now(office, 1) == "register-down"
    assert owner_now(office) not in ("register-down", "register-closed")
    run("clerk", "outage", "0", "--register", "resident", "--data", data)
    run("clerk", "hours", "00:00", "00:00", "--register", "resident", "--data", data)
    assert copy_now(office, 1) == "register-closed"


def livelihood_now(office: Office) -> str:
    """Who stands on the livelihood certificate of the one who lives alone, or the refusal."""

    async def ask(services: Services) -> str:
        kind = services.types["livelihood"]
        holder = await services.residents.holder(known.ALONE)
        assert holder is not None
        assert kind.source is not None
        desk, person = services.personal, holder.person.id
        try:
            found = await desk.read_certificate(kind.file, kind.source, person, {}, office.now)
        except RefusedError as error:
            return error.code
        return str(found.data["name"])

    return office.story(ask)


def test_a_clerk_takes_a_record_in_item_form_out_and_closes_its_register(office: Office) -> None:
    data = office.folder.data
    assert livelihood_now(office) == "한여름"
    for state, told in (("changing", "record-under-change"), ("closed", "no-record"), ("live", "한여름")):
        assert run("clerk", "record", "livelihood", known.ALONE, state, "--data", data)[0] == 0
        assert livelihood_now(office) == told
    assert run("clerk", "hours", "00:00", "00:00", "--register", "welfare", "--data", data)[0] == 0
    assert livelihood_now(office) == "register-closed"
    assert copy_now(office, 1) == "홍길동"


def test_a_clerk_empties_what_need_not_be_kept_any_longer(office: Office) -> None:
    data = office.folder.data
    assert run("clerk", "purge", "--data", data) == (0, "0 emptied\n")
    with sqlite3.connect(office.folder.database) as connection:
        row = "INSERT INTO issue (kiosk, key, type_code, status, issued_ms, retain_until_ms) VALUES "
        connection.execute(
            f"{row} ('K', 'one', 'land', 'refused', 1, 2), ('K', 'two', 'land', 'refused', 1, 0)"
        )
    connection.close()
    assert run("clerk", "purge", "--data", data) == (0, "1 emptied\n")
    with sqlite3.connect(office.folder.database) as connection:
        rows = connection.execute("SELECT key, type_code FROM issue ORDER BY key").fetchall()
        assert rows == [("one", ""), ("two", "land")]
    connection.close()


def test_a_purge_of_what_is_not_there_says_so(tmp_path: Path) -> None:
    code, output = run("clerk", "purge", "--data", tmp_path)
    assert (code, "central init" in output) == (2, True), output


def test_a_clerk_takes_a_sheet_of_what_stands_on_a_lot_out_and_puts_it_back(office: Office) -> None:
    data = office.folder.data
    for state, told in (("changing", "record-under-change"), ("closed", "record-closed")):
        assert run("clerk", "sheet", "building", "여의도동", "60", "b1", state, "--data", data)[0] == 0
        assert asked(office, "building", ONE_SHEET) == told
    run("clerk", "sheet", "building", "여의도동", "60", "b1", "live", "--data", data)
    assert isinstance(asked(office, "building", ONE_SHEET), dict)


def test_a_clerk_reports_a_card_lost_and_found(office: Office) -> None:
    async def state(services: Services) -> str:
        holder = await services.residents.holder(known.FAMILY)
        return str(holder and holder.state)

    for word in ("lost", "replaced", "valid"):
        assert run("clerk", "card", known.FAMILY, word, "--data", office.folder.data)[0] == 0
        assert office.story(state) == word


def test_cards_are_written_for_the_well_known_people_and_others(office: Office, tmp_path: Path) -> None:
    code, output = run("cards", "--data", office.folder.data, "--out", tmp_path / "cards", "--others", "5")
    files = [json.loads(file.read_text()) for file in (tmp_path / "cards").iterdir()]
    assert (code, len(files)) == (0, 21)
    assert "21 cards" in output
    others = [
        card for card in files if int(card["number"]) > 100_000 and card["label"].startswith("citizen-")
    ]
    assert len(others) == 5
    assert all(card["certificate_pem"].startswith("-----BEGIN CERTIFICATE") for card in others)
    faces = {card["label"]: card["face"] for card in files}
    assert (faces["citizen-1"], faces["unknown"], faces["staff"]) == ("홍길동", "", "")
    assert all(card["face"] for card in others)


def test_init_makes_a_town_whose_owners_are_its_residents_and_keeps_what_is_there(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run("init", "--data", data)[0] == 0
    folder = Folder(data)
    made = {
        file.name: file.read_bytes() for file in (folder.register, folder.residents, folder.key("cards.pem"))
    }
    with sqlite3.connect(folder.residents) as connection:
        (living,) = connection.execute("SELECT count(*) FROM person WHERE household > 0").fetchone()
    connection.close()
    assert 1_900 <= living <= 2_100
    assert run("init", "--data", data)[0] == 0
    assert {name: next(data.rglob(name)).read_bytes() for name in made} == made


def test_init_gives_a_folder_of_before_what_it_lacks(office: Office) -> None:
    folder = office.folder
    folder.residents.unlink()
    for name in ("cards.key", "cards.pem", "subject.key"):
        folder.key(name).unlink()
    register = folder.register.read_bytes()
    assert run("init", "--data", folder.data)[0] == 0
    assert folder.register.read_bytes() == register
    assert copy_now(office, 1) == "홍길동"


@pytest.mark.parametrize(
    "words",
    [
        ("clerk", "resident", "000000000001", "gone"),
        ("clerk", "resident", "777777777777", "live"),
        ("clerk", "record", "livelihood", "000000000001", "live"),
        ("clerk", "record", "livelihood", "000000000003", "gone"),
        ("clerk", "record", "no-such", "000000000003", "live"),
        ("clerk", "record", "livelihood", "777777777777", "live"),
        ("clerk", "sheet", "building", "여의도동", "60", "b1", "gone"),
        ("clerk", "sheet", "building", "여의도동", "60", "b9", "live"),
        ("clerk", "sheet", "no-such", "여의도동", "60", "b1", "live"),
        ("clerk", "card", "000000000001", "stolen"),
        ("clerk", "card", "777777777777", "lost"),
        ("clerk", "outage", "5", "--register", "sea"),
        ("clerk", "transfer", "여의도동", "9999", "x"),
        ("clerk", "transfer", "없는동", "60", "x"),
        ("clerk", "transfer", "여의도동", "육십", "x"),
        ("clerk", "mark", "여의도동", "60", "closed"),
        ("clerk", "hours", "25:00", "26:00"),
        ("clerk", "hours", "09:00", "24:30"),
        ("clerk", "outage", "99999999999999999999"),
        ("clerk", "outage", "600000"),
        ("clerk", "transfer", "여의도동", "60", ""),
        ("clerk", "transfer", "여의도동", "60", " "),
        ("clerk", "transfer", "여의도동", "60", "한\x1b[31m"),
        ("clerk", "transfer", "여의도동", "60", "가" * 5_000),
        ("clerk", "transfer", "x" * 5_000, "60", "x"),
        ("clerk", "resident", "x" * 5_000, "live"),
        ("clerk", "import", "agency", ""),
        ("keys", "roll", "--from", "9999-12-31"),
        ("keys", "roll", "--from", "0001-01-01"),
        ("keys", "revoke", "x", "--since", "9999-12-31"),
        ("keys", "revoke", "x" * 5_000, "--since", "now"),
        ("bundle", "change-key", "x" * 5_000),
        ("cases", "resolve", "1", "--as", "void", "--why", ""),
    ],
)
def test_what_a_clerk_mistypes_is_said(office: Office, words: tuple[str, ...]) -> None:
    code, output = run(*words, "--data", office.folder.data)
    assert code == 2
    assert "Traceback" not in output
    assert len(output) < 1_000


@pytest.mark.parametrize("words", [("keys", "roll"), ("keys", "renew"), ("bundle", "change-key", "root-1")])
def test_a_wrong_folder_for_the_keys_is_named(office: Office, words: tuple[str, ...]) -> None:
    code, output = run(*words, "--keys", "/nonexist", "--data", office.folder.data)
    assert (code, output) == (2, "central: /nonexist is not there; name one that is\n")


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("keys", "list", "--data", ""), "--data"),
        (("init", "--data="), "--data"),
        (("enrol", "K-1", "--data", ".", "--out", ""), "--out"),
        (("keys", "roll", "--data", ".", "--keys", ""), "--keys"),
        (("serve", "--data", ".", "--ready-file="), "--ready-file"),
        (("bundle", "publish", "--phase", "1", "--data", ".", "--add", ""), "--add"),
    ],
)
def test_a_place_without_a_name_is_not_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run(*words)
    assert (code, output) == (2, f"central: {option} names nothing; name a place, or . for where you are\n")
    assert [*tmp_path.iterdir()] == []


def test_every_place_that_can_be_named_is_one_that_an_empty_name_is_refused_for() -> None:
    named = {found.how for found in places() if found.command.startswith("central ") and found.how}
    assert named == set(PLACES)


@pytest.mark.parametrize("closed", ["<&-", "<&- >&- 2>&-"])
def test_a_command_that_was_started_with_closed_streams_does_its_work(office: Office, closed: str) -> None:
    """And none of its files gets the number of one: what is said would be written into it."""
    before = office.folder.trust_list.read_bytes()
    repository_of(office.folder).create(system_clock())
    renew = f'exec "{sys.executable}" -m central.cli keys renew --data "$1" {closed}'
    done = subprocess.run(
        ["sh", "-c", renew, "sh", str(office.folder.data)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done
    assert office.folder.trust_list.read_bytes() != before
    wrong = renew.replace("renew --data", "roll --from never --data")
    done = subprocess.run(
        ["sh", "-c", wrong, "sh", str(office.folder.data)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done


def test_an_output_without_room_is_named(office: Office) -> None:
    command = [sys.executable, "-m", "central.cli", "keys", "list", "--data", str(office.folder.data)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        3,
        "central: the output has no room left; make room on its disk, then try again\n",
    )


def test_a_data_folder_without_room_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    monkeypatch.setattr("os.fsync", _no_room)
    code, output = run("init", "--data", data)
    assert (code, f"{data}" in output, "has no room left" in output) == (3, True, True), output


def test_a_second_server_on_the_same_folder_does_not_start(office: Office) -> None:
    running = OnlyServer(office.folder.data)
    code, output = run("serve", "--api-port", "0", "--web-port", "0", "--data", office.folder.data)
    running.release()
    assert (code, "another central server is running" in output) == (3, True)


@pytest.mark.parametrize(("name", "says"), [("x" * 255, "too long a name"), (".", "is a folder")])
def test_a_ready_file_that_can_not_be_one_is_told_before_anybody_is_served(
    office: Office, tmp_path: Path, name: str, says: str
) -> None:
    file = tmp_path / name
    code, output = run(
        "serve", "--api-port", "0", "--web-port", "0", "--ready-file", file, "--data", office.folder.data
    )
    assert (code, says in output, "machines:" in output) == (2, True, False), output


def test_a_port_that_is_taken_is_named(office: Office) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, output = run("serve", "--api-port", str(port), "--web-port", "0", "--data", office.folder.data)
    assert (code, f"port {port} cannot be used" in output) == (3, True)


@pytest.mark.parametrize(
    "words",
    [
        ("export",),
        ("serve",),
        ("enrol", "K", "--out", "out"),
        ("cards", "--out", "out"),
        ("clerk", "outage", "1"),
        ("clerk", "card", "000000000001", "lost"),
    ],
)
def test_without_init_every_command_says_to_run_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "data").mkdir()
    code, output = run(*words, "--data", tmp_path / "data")
    assert code == 2
    assert "run `central init` first" in output
