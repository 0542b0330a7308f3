"""A wrong value in kiosk.toml ends a program with one sentence: the setting's name, and what is allowed."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from central.authority.keys import KIOSK_ID
from kiosk.bounds import allowed_for
from kiosk.core import cash_desk
from kiosk.ledger.terms import LedgerTerms
from kiosk.protocol import exits
from kiosk.settings import Settings, SettingsError, load
from tests.rig.machines import machine_folder
from tests.unit.programs.test_running import kiosk

SHIPPED = Path(__file__).parents[3] / "config" / "kiosk.toml"
HUGE = "99999999999999999999"


def machine(place: Path, line: str) -> Path:
    """Its settings, with this one in the place of the one that was there."""
    file = machine_folder(place) / "kiosk.toml"
    name = line.partition(" = ")[0]
    others = [old for old in file.read_text().splitlines() if not old.startswith(f"{name} = ")]
    file.write_text("\n".join([*others, line]) + "\n", "utf-8")
    return file


WRONG = [
    ("hopper_coin = 0", "10, 50, 100 or 500"),
    ("hopper_coin = -100", "10, 50, 100 or 500"),
    ("second_hopper_coin = 7", "10, 50, 100, 500, or 0 for none"),
    ("denominations = []", "one or more of 10, 50, 100, 500"),
    ("denominations = [7, 100]", "one or more of 10, 50, 100, 500"),
    ("denominations = [-100, 0]", "one or more of 10, 50, 100, 500"),
    ("denominations = [100, 100]", "each once"),
    ("denominations = [10, 50]", r"of which hopper_coin \(100\) can pay one back"),
    (f"notes = [{HUGE}]", "one or more of 1000, 5000, 10000, 50000"),
    ("notes = []", "one or more of 1000, 5000, 10000, 50000"),
    ("notes = [1000, 1000]", "each once"),
    ("hopper_fill = -5", "0 to 5000"),
    (f"hopper_fill = {HUGE}", "0 to 5000"),
    (f"hopper_low = -{HUGE}", "0 to 5000"),
    ("hopper_low = 20.0", r"0 to 5000 coins \(Expected `int`, got `float`\)"),
    ('kiosk_id = "../../x"', "letters, digits and hyphens"),
    ('kiosk_id = "x\\n"', "letters, digits and hyphens"),
    ('kiosk_id = ""', "letters, digits and hyphens"),
    ('printer_uri = "ipp://x/é"', "in ASCII"),
    ('printer_uri = "ipp://x:99999/"', "ipp://HOST"),
    ('printer_uri = "ipp://[::::]/"', "ipp://HOST"),
    ('central_url = "http://central.example"', "https://HOST"),
    ('central_url = "https://me@central.example"', "https://HOST"),
    ('central_url = "https://central.example:0"', "https://HOST"),
    ('cash_port = "\\u0000"', "a path without control characters"),
    ('card_socket = ""', "a path without control characters"),
    ('halt_command = ["\\u0000"]', "a command and its words"),
    ('halt_command = [""]', "a command and its words"),
    ('site = "\\u001b@"', "one line of text"),
    ('terminal = "terminal.example:20007"', "IP:PORT in numbers"),
    ('terminal = "192.0.2.1:0"', "IP:PORT in numbers"),
    ('terminal = "::1:20007"', "IP:PORT in numbers"),
    ('terminal_password = "１２３４５６"', "six digits"),
    ('ups = "ups@elsewhere.example"', "NAME@IP"),
    ('ups_password = "\\u0007"', "printable ASCII"),
    ('printer_snmp = "públic"', "printable ASCII"),
    ('printer_snmp_version = "3"', '"1" or "2c"'),
    ('ground = {"x" = "1/1 2/2"}', "2/8 4/24"),
    ('ground = {"a b" = "2/8 4/24"}', "2/8 4/24"),
    ("ledger = {keep_days = 0}", "1 to 36500 days"),
    ('ledger = {copies = "\\u0000"}', "a path without control characters"),
]


@pytest.mark.parametrize(("line", "allowed"), WRONG)
def test_a_value_that_means_nothing_is_refused_with_what_is_allowed(
    line: str, allowed: str, tmp_path: Path
) -> None:
    file = machine(tmp_path, line)
    name = line.partition(" = ")[0]
    with pytest.raises(SettingsError, match=rf"kiosk\.toml: {name}[\w.]* has to be .*{allowed}") as no:
        load(file)
    assert no.value.exit_code == exits.USAGE
    assert str(no.value).isprintable()


@pytest.mark.parametrize("program", [("core",), ("devices", "cash"), ("courier",), ("worker",)])
def test_every_program_ends_with_that_sentence(program: tuple[str, ...], tmp_path: Path) -> None:
    file = machine(tmp_path, "hopper_coin = 0")
    done = kiosk(*program, "--run", str(file.parent))
    assert done.returncode == exits.USAGE
    assert done.stderr == (
        f"kiosk: {file}: hopper_coin has to be 10, 50, 100 or 500; compare with config/kiosk.toml\n"
    )


RIGHT = [
    ("terminal", "192.0.2.20:20007"),
    ("terminal", "[2001:db8::1]:20007"),
    ("ups", "kiosk@localhost"),
    ("ups", "kiosk@192.0.2.1:3493"),
    ("ups", "kiosk@[::1]:3493"),
    ("ups", "kiosk@[::1]"),
    ("ups", "kiosk@/run/시험 대/ups.sock"),
    ("central_url", "https://[2001:db8::1]:8443/kiosks"),
    ("printer_uri", "ipp://printer_1.example/ipp/print"),
    ("site", "63시티 지하 1층 로비"),
]


@pytest.mark.parametrize(("name", "value"), RIGHT)
def test_what_a_machine_may_have_is_taken(name: str, value: str, tmp_path: Path) -> None:
    assert getattr(load(machine(tmp_path, f'{name} = "{value}"')), name) == value


def test_a_setting_that_there_is_not_and_one_that_is_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"kiosk\.toml: there is no setting hopper\\n_coin;"):
        load(machine(tmp_path, '"hopper\\n_coin" = 100'))
    (tmp_path / "kiosk.toml").write_text('kiosk_id = "x"')
    with pytest.raises(SettingsError, match="site is missing: it has to be one line of text"):
        load(tmp_path / "kiosk.toml")


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    file = machine(tmp_path, "take_s = 30")
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert load(file).take_s == 30


@pytest.mark.parametrize(
    "odd", ["x = " + "[" * 20_000, "take_s = " + "9" * 5_000, "x = 2026-99-99", "\ufffe"]
)
def test_what_toml_itself_does_not_take_is_no_mistake_of_ours(odd: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not valid TOML"):
        load(machine(tmp_path, odd))


def shown() -> dict[str, str]:
    """Each setting of the shipped file, and the comment behind it."""
    lines = re.findall(r"(?m)^(?:# )?(\w+) = .*?  # (.*)$", SHIPPED.read_text("utf-8"))
    return dict(lines)


@pytest.mark.parametrize("shape", [Settings, LedgerTerms])
def test_the_shipped_file_says_behind_each_setting_what_is_allowed(shape: Any) -> None:
    for name in set(shape.__struct_fields__) - {"ledger", "ground"}:
        assert shown()[name].endswith(allowed_for(shape, [name])), name
    assert f"\n# {allowed_for(Settings, ['ground'])}.\n" in SHIPPED.read_text("utf-8")


def test_a_machines_id_is_what_central_enrols() -> None:
    """Two rooms that share no code: what one writes the other has to take."""
    field = Settings.__annotations__["kiosk_id"]
    (pattern,) = (meta.pattern for meta in field.__metadata__)
    assert pattern == rf"^{KIOSK_ID.pattern}\Z"


def test_a_hopper_holds_at_first_what_can_be_counted_into_it() -> None:
    (meta,) = Settings.__annotations__["hopper_fill"].__metadata__
    assert (meta.ge, meta.le) == (0, cash_desk.MOST_COINS)


def test_the_shipped_file_loads() -> None:
    assert load(SHIPPED).kiosk_id == tomllib.loads(SHIPPED.read_text("utf-8"))["kiosk_id"]
