"""Whatever stands in kiosk.toml: it is refused as a wrong setting, or every program can be set up by it."""

import datetime as dt
import math
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.authority.keys import KIOSK_ID
from drivers.card_terminal.tcp import TcpPort
from drivers.page_printer.client import Endpoint
from drivers.page_printer.snmp import Dialect, SnmpSettings
from drivers.ups.words import address, command
from kiosk.core.order_terms import order_terms
from kiosk.health.power import PowerPolicy
from kiosk.order import policies
from kiosk.protocol import exits
from kiosk.settings import Settings, SettingsError, load
from kiosk.worker.screens import Grounds

PLAIN: dict[str, Any] = {
    "kiosk_id": "YDP-0063",
    "site": "63시티",
    "machine": "63-1",
    "municipality": "영등포구",
    "help_phone": "02-2670-3114",
    "central_url": "https://central.example",
    "printer_uri": "ipp://192.0.2.10:631/ipp/print",
}
NAMES = sorted(Settings.__struct_fields__)
NEARLY = [0, -1, 1, 7, 10, 50, 100, 500, 1_000, 10_000, 50_000, 5_001, 65_536, 10**20, -(10**20)]
WORDS = [
    "",
    "../../x",
    "ipp://x/é",
    "ipp://x/",
    "ipp://[::1%x]/",
    "https://x",
    "https://x:0",
    "https://[x]",
    "ups@[::1]:1",
]
WORDS += [
    "192.0.2.1:1",
    "[::1]:1",
    "[fe80::1%x]:1",
    "１.1.1.1:1",
    "a@::1",
    "a@1.2.3.4:",
    "2/8 4/24",
    "9/99 9/99",
    "crc",
    "\0",
]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(WORDS)
SIMPLE = (
    st.sampled_from(NEARLY)
    | st.integers()
    | st.floats()
    | st.booleans()
    | TEXT
    | st.dates()
    | st.times()
    | st.datetimes()
)
VALUES = st.recursive(
    SIMPLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6
)


def toml(value: Any) -> str:
    """The value as TOML writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if not math.isfinite(value):
            return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
        case str():
            return '"' + "".join(f"\\U{ord(sign):08x}" for sign in value) + '"'
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return "{" + ", ".join(f"{toml(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return repr(value)


def loaded(values: dict[str, Any]) -> Settings | None:
    """The settings; None where they were refused, as a wrong setting is."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "kiosk.toml"
        file.write_text("\n".join(f"{toml(name)} = {toml(value)}" for name, value in values.items()), "utf-8")
        try:
            return load(file)
        except SettingsError as error:
            refused = error
    assert refused.exit_code == exits.USAGE
    assert str(refused).isprintable()
    return None


def set_up(settings: Settings) -> None:
    """What the programs make of their settings at their start; nothing of it may fail."""
    assert KIOSK_ID.fullmatch(settings.kiosk_id)
    terms = order_terms(settings, cards=bool(settings.terminal))
    assert terms.denominations
    assert min(*terms.denominations, *terms.notes, *settings.hopper_coins) > 0
    assert all(policies.payable(coin, settings.hopper_coin) for coin in (*terms.denominations, *terms.notes))
    PowerPolicy(grace_ms=settings.battery_s * 1_000, hold_ms=settings.halt_after_s * 1_000)
    Endpoint(settings.printer_uri).host_header.encode("ascii")
    Dialect(SnmpSettings(settings.printer_snmp, settings.printer_snmp_port, settings.printer_snmp_version))
    Grounds(settings.ground)
    for name in ("cash_port", "presenter_port", "receipt_port", "card_socket"):
        Path(settings.port(name)).exists()
    settings.path(settings.ledger.copies).exists()
    if settings.ups:
        address(settings.ups)
        command("USERNAME", settings.ups_user)
        command("PASSWORD", settings.ups_password)
    assert all("\0" not in word for word in settings.halt_command)


@given(st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1, max_size=3))
def test_any_value_in_any_setting_is_refused_or_every_program_can_be_set_up(odd: dict[str, Any]) -> None:
    settings = loaded(PLAIN | odd)
    if settings is not None:
        set_up(settings)


@given(st.sampled_from(["central_url", "printer_uri", "terminal", "ups"]), st.data())
def test_any_address_that_is_taken_is_one(name: str, data: st.DataObject) -> None:
    schemes = ["", "https://", "ipp://", "ups@"]
    hosts = [
        "h",
        "h.example",
        "192.0.2.1",
        "[::1]",
        "[::ffff:1.2.3.4]",
        "[:::]",
        "::1",
        "localhost",
        "1.2.3.999",
        "..",
        "%41",
    ]
    ports = ["", ":", ":0", ":1", ":65535", ":65536", ":x", ":01", ":1:2"]
    parts = [
        data.draw(st.sampled_from(some))
        for some in (schemes, hosts, ports, ["", "/", "/a b", "/é", "/?x", "/a/b"])
    ]
    settings = loaded(PLAIN | {name: "".join(parts)})
    if settings is not None:
        set_up(settings)
        if settings.terminal:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("socket.socket.connect_ex", lambda *_: 0)
                TcpPort(settings.terminal, 0)._socket.close()


def test_the_plain_settings_are_taken() -> None:
    """The control of the tests above: it is the odd value that is refused."""
    settings = loaded(PLAIN)
    assert settings is not None
    set_up(settings)
