"""A wrong value in kiosk.toml ends a program with one sentence: the setting's name, and what is allowed."""

import re
import tomllib
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from msgspec import Meta

from central.authority.keys import KIOSK_ID
from kiosk.bounds import allowed_for
from kiosk.core import cash_admin
from kiosk.protocol import exits
from kiosk.settings import Hopper, Settings, SettingsError, load
from kiosk.settings.former import PLACES
from tests.unit.programs.test_running import kiosk
from tests.unit.settings.made import FLAT, PLAIN, SHIPPED, having, places, shown, written

HUGE = 99999999999999999999
FORMER = {place: name for name, place in PLACES.items()}
COIN, FILL, LOW = (f"cash.hoppers[0].{name}" for name in ("coin", "fill", "low"))
NOTES = "cash.notes.values"

WRONG: list[tuple[str, object, str]] = [
    (COIN, 0, "10, 50, 100 or 500"),
    (COIN, -100, "10, 50, 100 or 500"),
    ("cash.hoppers[1].coin", 7, "10, 50, 100"),
    ("cash.hoppers[1].fill", -1, "0 to 5000"),
    ("cash.coins", [], "one or more of 10, 50, 100, 500"),
    ("cash.coins", [7, 100], "one or more of 10, 50, 100, 500"),
    ("cash.coins", [-100, 0], "one or more of 10, 50, 100, 500"),
    ("cash.coins", [100, 100], "each once"),
    ("cash.coins", [10, 50], rf"of which {re.escape(COIN)} \(100\) can pay one back"),
    (NOTES, [HUGE], "one or more of 1000, 5000, 10000, 50000"),
    (NOTES, [], "one or more of 1000, 5000, 10000, 50000"),
    (NOTES, [1000, 1000], "each once"),
    ("cash.notes.checksum", "md5", '"crc" or "plain"'),
    (FILL, -5, "0 to 5000"),
    (FILL, HUGE, "0 to 5000"),
    (LOW, -HUGE, "0 to 5000"),
    (LOW, 20.0, r"0 to 5000 coins \(Expected `int`, got `float`\)"),
    ("kiosk_id", "../../x", "letters, digits and hyphens"),
    ("kiosk_id", "x\n", "letters, digits and hyphens"),
    ("kiosk_id", "", "letters, digits and hyphens"),
    ("printer.uri", "ipp://x/é", "in ASCII"),
    ("printer.uri", "ipp://x:99999/", "ipp://HOST"),
    ("printer.uri", "ipp://[::::]/", "ipp://HOST"),
    ("central_url", "http://central.example", "https://HOST"),
    ("central_url", "https://me@central.example", "https://HOST"),
    ("central_url", "https://central.example:0", "https://HOST"),
    ("cash.port", "\0", "a path without control characters"),
    ("card.socket", "", "a path without control characters"),
    ("ups.halt_command", ["\0"], "a command and its words"),
    ("ups.halt_command", [""], "a command and its words"),
    ("site", "\x1b@", "one line of text"),
    ("terminal.address", "terminal.example:20007", "IP:PORT in numbers"),
    ("terminal.address", "192.0.2.1:0", "IP:PORT in numbers"),
    ("terminal.address", "::1:20007", "IP:PORT in numbers"),
    ("terminal.password", "１２３４５６", "six digits"),
    ("ups.address", "ups@elsewhere.example", "NAME@IP"),
    ("ups.password", "\x07", "printable ASCII"),
    ("printer.snmp", "públic", "printable ASCII"),
    ("printer.snmp_version", "3", '"1" or "2c"'),
    ("printer.ground", {"x": "1/1 2/2"}, "2/8 4/24"),
    ("printer.ground", {"a b": "2/8 4/24"}, "2/8 4/24"),
    ("ledger.keep_days", 0, "1 to 36500 days"),
    ("ledger.copies", "\0", "a path without control characters"),
]


def refused(file: Path) -> str:
    """In which words."""
    with pytest.raises(SettingsError) as no:
        load(file)
    assert no.value.exit_code == exits.USAGE
    assert str(no.value).isprintable()
    return str(no.value)


@pytest.mark.parametrize(("place", "value", "allowed"), WRONG)
def test_a_value_that_means_nothing_is_refused_with_what_is_allowed(
    place: str, value: object, allowed: str, tmp_path: Path
) -> None:
    said = refused(written(tmp_path, having(PLAIN, place, value)))
    assert re.search(rf"kiosk\.toml: {re.escape(place)} has to be .*{allowed}", said)


@pytest.mark.parametrize(("place", "value", "allowed"), WRONG)
def test_in_a_file_of_the_former_form_it_is_refused_by_the_name_that_stands_there(
    place: str, value: object, allowed: str, tmp_path: Path
) -> None:
    name = FORMER.get(place, place)
    said = refused(written(tmp_path, having(FLAT, name, value)))
    allowed = allowed.replace(re.escape(COIN), "hopper_coin")
    assert re.search(rf"kiosk\.toml: {re.escape(name)} has to be .*{allowed}", said)


NO_TABLES: list[tuple[str, object, str]] = [
    ("cash", 5, r"a table \[cash\]"),
    ("cash.notes", True, r"a table \[cash\.notes\]"),
    ("cash.hoppers", [], r"one or two tables \[\[cash\.hoppers\]\]"),
    ("cash.hoppers", [{"coin": 100, "fill": 0, "low": 0}] * 3, r"one or two tables \[\[cash\.hoppers\]\]"),
    ("cash.hoppers", [5], r"one or two tables \[\[cash\.hoppers\]\]"),
    ("ledger", [], r"a table \[ledger\]"),
]


@pytest.mark.parametrize(("place", "value", "allowed"), NO_TABLES)
def test_what_is_no_table_is_refused_by_the_tables_name(
    place: str, value: object, allowed: str, tmp_path: Path
) -> None:
    said = refused(written(tmp_path, having(PLAIN, place, value)))
    assert re.search(rf"kiosk\.toml: {re.escape(place)} has to be {allowed}", said)


@pytest.mark.parametrize("program", [("core",), ("devices", "cash"), ("courier",), ("worker",)])
def test_every_program_ends_with_that_sentence(program: tuple[str, ...], tmp_path: Path) -> None:
    file = written(tmp_path, having(PLAIN, COIN, 0))
    done = kiosk(*program, "--run", str(file.parent))
    assert done.returncode == exits.USAGE
    assert done.stderr == (
        f"kiosk: {file}: cash.hoppers[0].coin has to be 10, 50, 100 or 500; compare with config/kiosk.toml\n"
    )


RIGHT = [
    ("terminal.address", "192.0.2.20:20007"),
    ("terminal.address", "[2001:db8::1]:20007"),
    ("ups.address", "kiosk@localhost"),
    ("ups.address", "kiosk@192.0.2.1:3493"),
    ("ups.address", "kiosk@[::1]:3493"),
    ("ups.address", "kiosk@[::1]"),
    ("ups.address", "kiosk@/run/시험 대/ups.sock"),
    ("central_url", "https://[2001:db8::1]:8443/kiosks"),
    ("printer.uri", "ipp://printer_1.example/ipp/print"),
    ("site", "63시티 지하 1층 로비"),
]


@pytest.mark.parametrize(("place", "value"), RIGHT)
def test_what_a_machine_may_have_is_taken(place: str, value: str, tmp_path: Path) -> None:
    found: Any = load(written(tmp_path, having(PLAIN, place, value)))
    for name in place.split("."):
        found = getattr(found, name)
    assert found == value


def test_a_setting_that_there_is_not_is_named(tmp_path: Path) -> None:
    said = refused(written(tmp_path, PLAIN | {"hopper\n_coin": 100}))
    assert "kiosk.toml: there is no setting hopper\\n_coin;" in said
    said = refused(written(tmp_path, having(PLAIN, "cash.hoppers[1].colour", 1)))
    assert "kiosk.toml: there is no setting cash.hoppers[1].colour;" in said


def test_a_setting_that_is_missing_is_named(tmp_path: Path) -> None:
    said = refused(written(tmp_path, {"kiosk_id": "x"}))
    assert "site is missing: it has to be one line of text" in said
    others = {name: value for name, value in PLAIN.items() if name != "printer"}
    assert "printer.uri is missing: it has to be ipp://" in refused(written(tmp_path, others))
    said = refused(written(tmp_path, having(PLAIN, "cash.hoppers", [{"coin": 100, "low": 0}])))
    assert "cash.hoppers[0].fill is missing: it has to be 0 to 5000 coins" in said


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    file = written(tmp_path, having(PLAIN, "printer.take_s", 30))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert load(file).printer.take_s == 30


@pytest.mark.parametrize(
    "odd", ["x = " + "[" * 20_000, "evidence_s = " + "9" * 5_000, "x = 2026-99-99", "\ufffe"]
)
def test_what_toml_itself_does_not_take_is_no_mistake_of_ours(odd: str, tmp_path: Path) -> None:
    file = written(tmp_path, PLAIN)
    file.write_text(file.read_text("utf-8") + odd + "\n", "utf-8")
    with pytest.raises(SettingsError, match="not valid TOML"):
        load(file)


@pytest.mark.parametrize("place", sorted({*places()} - {"printer.ground"}))
def test_the_shipped_file_says_behind_each_setting_what_is_allowed(place: str) -> None:
    assert shown()[place].endswith(allowed_for(Settings, place))


def test_the_shipped_file_says_above_the_ground_what_is_allowed() -> None:
    said = allowed_for(Settings, "printer.ground")
    assert re.search(rf"\n# {re.escape(said)}\.\n(# .*\n)?\[printer\.ground\]\n", SHIPPED.read_text("utf-8"))


def test_a_machines_id_is_what_central_enrols() -> None:
    """Two rooms that share no code: what one writes the other has to take."""
    field = get_type_hints(Settings, include_extras=True)["kiosk_id"]
    (pattern,) = (meta.pattern for meta in field.__metadata__)
    assert pattern == rf"^{KIOSK_ID.pattern}\Z"


def test_a_hopper_holds_at_first_what_can_be_counted_into_it() -> None:
    (meta,) = get_type_hints(Hopper, include_extras=True)["fill"].__metadata__
    assert isinstance(meta, Meta)
    assert (meta.ge, meta.le) == (0, cash_admin.MOST_COINS)


def test_the_shipped_file_loads() -> None:
    assert load(SHIPPED).kiosk_id == tomllib.loads(SHIPPED.read_text("utf-8"))["kiosk_id"]
