"""A file from before kiosk.toml had tables is read as it was; one that says a thing in both forms is refused."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.ledger.terms import LedgerTerms
from kiosk.settings import (
    Card,
    Cash,
    Hopper,
    Printer,
    Screen,
    Settings,
    SettingsError,
    Terminal,
    Ups,
    Validator,
    load,
)
from kiosk.settings.former import PLACES, tabled
from tests.unit.settings.made import FLAT, PLAIN, having, places, written

# config/kiosk.toml as it was before it had tables, filled in by somebody.
RECORDED = Path(__file__).parent / "flat.toml"
TODAY = """
kiosk_id = "YDP-0063"
site = "63시티 지하 1층 로비"
machine = "63-1"
municipality = "영등포구"
help_phone = "02-2670-3114"
central_url = "https://central.example"
updates = "when-asked"
evidence_s = 30

[screen]
panel = "17-landscape"
loudness = 80

[printer]
uri = "ipp://192.0.2.10:631/ipp/print"
snmp = "public"
snmp_version = "1"
take_s = 45

[printer.ground]
"urn:uuid:4b1d0f8e-0000-1000-8000-001b2c3d4e5f" = "2/6 4/20"

[cash]
port = "dev/ttyS1"

[[cash.hoppers]]
coin = 100
fill = 200
low = 30

[[cash.hoppers]]
coin = 500
fill = 40
low = 30

[cash.notes]
values = [1000, 5000]

[card]
reader = true

[terminal]
address = "192.0.2.20:20007"
password = "123456"
card_s = 120

[ups]
address = "kiosk@localhost"
user = "changgu"
halt_after_s = 300
halt_command = ["systemctl", "poweroff"]

[ledger]
copies = "/mnt/copy"
keep_days = 800
"""
MEANT = Settings(
    kiosk_id="YDP-0063",
    run_dir="/m",
    site="63시티 지하 1층 로비",
    machine="63-1",
    municipality="영등포구",
    help_phone="02-2670-3114",
    central_url="https://central.example",
    updates="when-asked",
    evidence_s=30,
    screen=Screen(panel="17-landscape", loudness=80),
    printer=Printer(
        uri="ipp://192.0.2.10:631/ipp/print",
        snmp="public",
        snmp_version="1",
        take_s=45,
        ground={"urn:uuid:4b1d0f8e-0000-1000-8000-001b2c3d4e5f": "2/6 4/20"},
    ),
    cash=Cash(
        port="dev/ttyS1",
        hoppers=(Hopper(coin=100, fill=200, low=30), Hopper(coin=500, fill=40, low=30)),
        notes=Validator(values=(1_000, 5_000)),
    ),
    card=Card(reader=True),
    terminal=Terminal(address="192.0.2.20:20007", password="123456", card_s=120),
    ups=Ups("kiosk@localhost", "changgu", halt_after_s=300, halt_command=("systemctl", "poweroff")),
    ledger=LedgerTerms(copies="/mnt/copy", keep_days=800),
)


def read(text: str, folder: Path) -> Settings:
    file = folder / "kiosk.toml"
    file.write_text(f'run_dir = "/m"\n{text}', "utf-8")
    return load(file)


def test_a_recorded_file_of_the_former_form_says_what_it_said(tmp_path: Path) -> None:
    assert read(RECORDED.read_text("utf-8"), tmp_path) == MEANT


def test_todays_form_of_the_same_facts_reads_the_same(tmp_path: Path) -> None:
    assert read(TODAY, tmp_path) == MEANT


def test_the_recorded_file_shows_every_former_name() -> None:
    text = RECORDED.read_text("utf-8")
    assert [name for name in PLACES if f"\n{name} = " not in text.replace("\n# ", "\n")] == ["ground"]
    assert "\n[ground]\n" in text


def test_every_value_in_a_table_had_a_former_name_but_those_that_came_with_the_tables() -> None:
    moved = {place.replace("[0]", "").replace("[1]", "") for place in PLACES.values()} - {"cash.notes"}
    ledger = {place for place in places() if place.startswith("ledger.")}
    spoken = {f"cash.{table}.{name}" for table in ("hoppers", "notes") for name in ("protocol", "port")}
    assert moved == {place for place in places() if "." in place} - ledger - spoken - {"cash.acceptor"}


def test_reading_changes_nothing_of_what_was_read() -> None:
    raw = tomllib.loads(RECORDED.read_text("utf-8"))
    tabled(raw)
    assert raw == tomllib.loads(RECORDED.read_text("utf-8"))


def test_a_file_may_say_one_thing_in_a_table_and_another_by_its_former_name(tmp_path: Path) -> None:
    mixed = load(written(tmp_path, FLAT | {"take_s": 30, "printer": {"stall_s": 5}, "ups": {"battery_s": 3}}))
    assert (mixed.printer.take_s, mixed.printer.stall_s, mixed.ups.battery_s) == (30, 5, 3)


def default(place: str) -> Any:
    """What stands there in a machine with all that there can be."""
    found = msgspec.to_builtins(MEANT)
    for name in place.replace("[", ".").replace("]", "").split("."):
        found = found[int(name)] if name.isdecimal() else found[name]
    return found


BOTH = [(name, place) for name, place in PLACES.items() if name != place.partition(".")[0]]


@pytest.mark.parametrize(("name", "place"), BOTH)
def test_one_thing_in_both_forms_is_refused_in_a_sentence_that_names_both(
    name: str, place: str, tmp_path: Path
) -> None:
    value = default(place)
    file = written(tmp_path, having(PLAIN, place, value) | {name: True if name == "note_reader" else value})
    with pytest.raises(SettingsError) as no:
        load(file)
    there = next((whole for whole in ("cash.hoppers", "cash.notes") if place.startswith(whole)), place)
    assert str(no.value) == (
        f"{file}: {name} and {there} are one thing by its former name and its new one; leave one;"
        " compare with config/kiosk.toml"
    )


def test_an_address_in_both_forms_is_no_toml(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not valid TOML"):
        read('ups = "kiosk@localhost"\n[ups]\nbattery_s = 3\n', tmp_path)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"second_hopper_coin": 7}, "second_hopper_coin has to be 10, 50, 100, 500, or 0 for none"),
        ({"second_hopper_coin": False}, "second_hopper_coin has to be 10, 50, 100, 500, or 0 for none"),
        ({"second_hopper_fill": -1}, "second_hopper_fill has to be 0 to 5000 coins"),
        ({"note_reader": 1}, "note_reader has to be true or false"),
        ({"notes": [7]}, "notes has to be one or more of 1000, 5000, 10000, 50000, each once"),
        ({"notes": [1_000, 1_000]}, "notes has to be one or more of 1000, 5000, 10000, 50000, each once"),
        ({"note_checksum": "md5"}, 'note_checksum has to be "crc" or "plain"'),
    ],
)
def test_what_is_said_of_a_part_that_is_not_there_is_looked_at_too(
    said: dict[str, object], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as no:
        load(written(tmp_path, FLAT | said))
    assert f"kiosk.toml: {sentence}" in str(no.value)


def test_what_is_missing_is_missed_by_the_name_that_the_file_would_have_for_it(tmp_path: Path) -> None:
    others = {name: value for name, value in FLAT.items() if name != "printer_uri"}
    with pytest.raises(SettingsError, match=r"toml: printer_uri is missing: it has to be ipp://HOST"):
        load(written(tmp_path, others | {"hopper_fill": 90}))
    with pytest.raises(SettingsError, match=r"toml: printer\.uri is missing: it has to be ipp://HOST"):
        load(written(tmp_path, others | {"hopper_fill": 90, "printer": {"take_s": 30}}))
