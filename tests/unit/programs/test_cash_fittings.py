"""What kiosk.toml names on the cash bus is built as it says, or refused in a sentence with the protocols there are."""

from pathlib import Path
from typing import Any

import pytest

from drivers.cash.bus import CashBus
from drivers.cctalk.coin import Coin
from drivers.ict104.validator import Validator
from kiosk.programs.devices import DevicesError, _build
from kiosk.settings import load
from tests.unit.settings.made import PLAIN, written


def built(folder: Path, cash: dict[str, Any]) -> CashBus:
    bus = _build("cash", load(written(folder, PLAIN | {"cash": cash})), lambda _event: None)
    assert isinstance(bus, CashBus)
    return bus


def test_each_device_speaks_what_the_settings_say_on_its_port(tmp_path: Path) -> None:
    bus = built(tmp_path, {"notes": {"protocol": "ict104", "port": "dev/note"}})
    assert isinstance(bus._coin, Coin)
    assert isinstance(bus._note, Validator)
    assert set(bus._wires) == {
        ("cctalk", str(tmp_path / "dev/cash")),
        ("ict104", str(tmp_path / "dev/note")),
    }


def test_devices_of_one_protocol_on_one_port_share_the_wire(tmp_path: Path) -> None:
    hopper = {"coin": 100, "fill": 60, "low": 20}
    bus = built(tmp_path, {"hoppers": [hopper, hopper | {"coin": 500}], "notes": {}})
    assert len(bus._wires) == 1


@pytest.mark.parametrize(
    ("cash", "said"),
    [
        ({"acceptor": "mdb"}, "no cash device speaks 'mdb'; known: cctalk, ict104"),
        ({"acceptor": "ict104"}, "ict104 has no coin acceptor"),
        ({"notes": {"protocol": "ict104"}}, "dev/cash can't be the port of ict104 and of cctalk"),
    ],
)
def test_what_there_is_no_driver_of_is_refused_and_says_what_there_is(
    tmp_path: Path, cash: dict[str, Any], said: str
) -> None:
    with pytest.raises(DevicesError, match=r"\[cash\] in kiosk.toml") as refused:
        built(tmp_path, cash)
    assert said in str(refused.value)
