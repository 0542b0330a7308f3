"""Whatever stands in kiosk.toml: it is refused as a wrong setting, or every program can be set up by it."""

import tempfile
from pathlib import Path
from typing import Any, get_args

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
from kiosk.settings import Hopper, Settings, SettingsError, Validator, former, load
from kiosk.settings.tables import Wire
from kiosk.worker.screens import Grounds
from tests.unit.settings.made import FLAT, PLAIN, having, places, written

FORMS = {"tables": PLAIN, "flat": FLAT}
# Each table as a whole, and each value in it.
PLACES = sorted(
    {*Settings.__struct_fields__, *places(), "cash.hoppers", "cash.notes"}
    | {f"cash.hoppers[{at}].{name}" for at in range(2) for name in Hopper.__struct_fields__}
)
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


def loaded(values: dict[str, Any]) -> Settings | None:
    """The settings; None where they were refused, as a wrong setting is."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return load(written(Path(folder), values))
        except SettingsError as error:
            refused = error
    assert refused.exit_code == exits.USAGE
    assert str(refused).isprintable()
    return None


def with_all(form: str, odd: dict[str, Any]) -> dict[str, Any]:
    """A plain machine of that form, and these values by place or former name; a part before what stands in it."""
    values = FORMS[form]
    for place in sorted(odd):
        values = having(values, place, odd[place])
    return values


def set_up(settings: Settings) -> None:
    """What the programs make of their settings at their start; nothing of it may fail."""
    assert KIOSK_ID.fullmatch(settings.kiosk_id)
    terms = order_terms(settings, cards=bool(settings.terminal.address))
    assert terms.denominations
    assert 1 <= len(settings.hopper_coins) <= 2
    assert min(*terms.denominations, *terms.notes, *settings.hopper_coins) > 0
    paid = settings.hopper_coins[0]
    assert all(policies.payable(coin, paid) for coin in (*terms.denominations, *terms.notes))
    ups, printer = settings.ups, settings.printer
    PowerPolicy(grace_ms=ups.battery_s * 1_000, hold_ms=ups.halt_after_s * 1_000)
    Endpoint(printer.uri).host_header.encode("ascii")
    Dialect(SnmpSettings(printer.snmp, printer.snmp_port, printer.snmp_version))
    Grounds(printer.ground)
    for wire in get_args(Wire):
        Path(settings.port(wire)).exists()
    settings.path(settings.ledger.copies).exists()
    if ups.address:
        address(ups.address)
        command("USERNAME", ups.user)
        command("PASSWORD", ups.password)
    assert all("\0" not in word for word in ups.halt_command)


@given(st.dictionaries(st.sampled_from(PLACES), VALUES, min_size=1, max_size=3))
def test_any_value_in_any_setting_is_refused_or_every_program_can_be_set_up(odd: dict[str, Any]) -> None:
    settings = loaded(with_all("tables", odd))
    if settings is not None:
        set_up(settings)


@given(
    st.sampled_from(sorted(FORMS)),
    st.dictionaries(st.sampled_from(sorted(former.PLACES)), VALUES, min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(PLACES), VALUES, max_size=2),
)
def test_so_is_any_value_by_any_former_name_also_beside_tables(
    form: str, flat: dict[str, Any], tables: dict[str, Any]
) -> None:
    settings = loaded(with_all(form, tables | flat))
    if settings is not None:
        set_up(settings)


ALONE = sorted(name for name in former.PLACES if not name.startswith(("second_", "note")))


@given(st.sampled_from(ALONE), st.data())
def test_a_former_name_takes_what_its_place_takes_and_means_the_same(name: str, data: st.DataObject) -> None:
    place = former.PLACES[name]
    usual = having(PLAIN, "run_dir", "/m")
    fit = [*NEARLY, *WORDS, True, False, [10], [100, 500], ["a", "b"], {"x": "2/8 4/24"}]
    value = data.draw(st.sampled_from(fit) | VALUES)
    if name == place.partition(".")[0] and isinstance(value, dict):
        return  # that is a table now
    flat = FLAT | {"run_dir": "/m", name: value}
    assert loaded(flat) == loaded(having(usual, place, value))


COINS = st.sampled_from([10, 50, 100, 500])
HELD = st.integers(0, 5_000)


@given(
    st.fixed_dictionaries({}, optional={"hopper_coin": COINS, "hopper_fill": HELD, "hopper_low": HELD}),
    st.fixed_dictionaries(
        {}, optional={"second_hopper_coin": COINS | st.just(0), "second_hopper_fill": HELD}
    ),
)
def test_the_former_names_of_one_hopper_or_two_mean_them(
    first: dict[str, int], second: dict[str, int]
) -> None:
    settings = loaded(FLAT | {"denominations": [500]} | first | second)
    assert settings is not None
    low = first.get("hopper_low", 20)
    hoppers = [Hopper(first.get("hopper_coin", 100), first.get("hopper_fill", 60), low)]  # type: ignore[arg-type]
    if coin := second.get("second_hopper_coin", 0):
        hoppers.append(Hopper(coin, second.get("second_hopper_fill", 0), low))  # type: ignore[arg-type]
    assert settings.cash.hoppers == tuple(hoppers)


NOTES = st.lists(st.sampled_from([1_000, 5_000, 10_000, 50_000]), min_size=1, max_size=4, unique=True)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "note_reader": st.booleans(),
            "notes": NOTES,
            "note_checksum": st.sampled_from(["crc", "plain"]),
        },
    )
)
def test_the_former_names_of_a_bill_validator_mean_it(said: dict[str, Any]) -> None:
    settings = loaded(FLAT | said)
    assert settings is not None
    values = tuple(said.get("notes", (1_000, 5_000, 10_000)))
    there = Validator(values, said.get("note_checksum", "crc"))
    assert settings.cash.notes == (there if said.get("note_reader", False) else None)


@given(st.sampled_from(["central_url", "printer.uri", "terminal.address", "ups.address"]), st.data())
def test_any_address_that_is_taken_is_one(place: str, data: st.DataObject) -> None:
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
    settings = loaded(having(PLAIN, place, "".join(parts)))
    if settings is not None:
        set_up(settings)
        if settings.terminal.address:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("socket.socket.connect_ex", lambda *_: 0)
                TcpPort(settings.terminal.address, 0)._socket.close()


@pytest.mark.parametrize("form", FORMS)
def test_the_plain_settings_are_taken(form: str) -> None:
    """The control of the tests above: it is the odd value that is refused."""
    settings = loaded(FORMS[form])
    assert settings is not None
    set_up(settings)
