"""The desk's machine: its settings are a file that loads, with what a show or a test wants on top."""

from pathlib import Path

from kiosk.desk.machine_folder import (
    WITH_DIRECT_READER,
    WITH_TERMINAL,
    WITH_UPS,
    hoppers,
    with_wires,
    write_settings,
)
from kiosk.desk.toml_text import Tables, over
from kiosk.settings import Hopper, Settings, Validator, load


def made(run: Path, *others: Tables) -> Settings:
    write_settings(run, central_port=1, printer_uri="ipp://127.0.0.1:1/ipp/print", others=over(*others))
    return load(run / "kiosk.toml")


def test_a_desk_has_one_hopper_that_its_simulator_fills_and_a_bill_validator(tmp_path: Path) -> None:
    settings = made(tmp_path)
    assert settings.cash.hoppers == (Hopper(coin=100, fill=120, low=20),)
    assert settings.cash.notes == Validator()
    assert (settings.card.reader, settings.terminal.address, settings.ups.address) == (False, "", "")


def test_what_else_it_has_is_laid_over_that(tmp_path: Path) -> None:
    settings = made(tmp_path, WITH_DIRECT_READER, hoppers(30, second=20), {"printer": {"take_s": 6}})
    assert settings.hopper_coins == (100, 500)
    assert [hopper.fill for hopper in settings.cash.hoppers] == [30, 20]
    assert settings.cash.notes == Validator()
    assert (settings.card.reader, settings.card.service) == (True, "direct")
    assert (settings.printer.uri, settings.printer.take_s) == ("ipp://127.0.0.1:1/ipp/print", 6)


def test_where_terminal_and_ups_are_is_written_once_somebody_has_found_them(tmp_path: Path) -> None:
    others = over(WITH_TERMINAL, WITH_UPS, {"ups": {"battery_s": 1}})
    before = made(tmp_path, with_wires(tmp_path, others, {}))
    assert (before.terminal.address, before.ups.address) == ("", "")
    found = {"terminal": "127.0.0.1:7", "ups": "kiosk@127.0.0.1:8"}
    settings = made(tmp_path, with_wires(tmp_path, others, found))
    assert (settings.terminal.address, settings.ups.address) == ("127.0.0.1:7", "kiosk@127.0.0.1:8")
    assert settings.ups.battery_s == 1
    assert settings.ups.halt_command[-1] == str(tmp_path)
