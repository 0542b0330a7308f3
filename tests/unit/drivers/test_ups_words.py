"""upsd's lines: its own answers are understood, and no other bytes ever are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import PowerReading, ReasonCode, Severity, Supply
from drivers.ups.meaning import identity, reading, reasons, supply
from drivers.ups.words import Acknowledged, Address, Reader, UpsdError, Variables, address, command

LIST = (
    b'BEGIN LIST VAR kiosk\nVAR kiosk ups.status "OL CHRG"\n'
    b'VAR kiosk ups.model "a \\"b\\" \\\\c"\nEND LIST VAR kiosk\n'
)


def heard(*pieces: bytes) -> dict[str, str]:
    variables = Variables("kiosk")
    reader = Reader(variables)
    for piece in pieces:
        reader.feed(piece)
    assert reader.done
    return variables.found


@pytest.mark.parametrize("size", [1, 7, len(LIST)])
def test_a_list_is_read_however_it_is_cut(size: int) -> None:
    pieces = [LIST[at : at + size] for at in range(0, len(LIST), size)]
    assert heard(*pieces) == {"ups.status": "OL CHRG", "ups.model": 'a "b" \\c'}


@pytest.mark.parametrize(
    "data",
    [
        b"\n",
        b"OK\n",
        b"BEGIN LIST VAR other\n",
        b"VAR kiosk ups.status OL\n",
        b'BEGIN LIST VAR kiosk\nVAR kiosk ups.status "OL\n',
        b"BEGIN LIST VAR kiosk\nVAR kiosk ups.status\n",
        LIST + LIST,
        b"x" * 5_000,
        b"BEGIN LIST VAR kiosk\n" + b'VAR kiosk a "b"\n' * 5_000,
    ],
)
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(UpsdError):
        Reader(Variables("kiosk")).feed(data)


def test_a_refusal_carries_the_servers_own_word() -> None:
    with pytest.raises(UpsdError, match="DATA-STALE"):
        Reader(Variables("kiosk")).feed(b"ERR DATA-STALE\n")


@given(pieces=st.lists(st.binary(max_size=60), max_size=20))
def test_any_bytes_are_an_answer_or_an_error(pieces: list[bytes]) -> None:
    for answer in (Variables("kiosk"), Acknowledged()):
        assert complaint(Reader(answer), pieces).isprintable()


def complaint(reader: Reader, pieces: list[bytes]) -> str:
    try:
        for piece in pieces:
            reader.feed(piece)
    except UpsdError as error:
        return str(error)
    return ""


@given(word=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20))
def test_a_word_of_ours_arrives_as_it_is(word: str) -> None:
    variables = Variables(word)
    line = command("BEGIN", "LIST", "VAR", word) + command("END", "LIST", "VAR", word)
    reader = Reader(variables)
    reader.feed(line)
    assert reader.done


def test_a_line_break_has_no_place_in_a_line() -> None:
    with pytest.raises(ValueError, match="printable"):
        command("PASSWORD", "a\nFSD kiosk")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kiosk@127.0.0.1", Address("kiosk", "127.0.0.1", 3493)),
        ("kiosk@localhost:34", Address("kiosk", "127.0.0.1", 34)),
        ("kiosk@[::1]:34", Address("kiosk", "::1", 34)),
        ("kiosk@[::1]", Address("kiosk", "::1", 3493)),
        ("kiosk@/run/nut.sock", Address("kiosk", "/run/nut.sock", 0)),
    ],
)
def test_an_address_is_an_ip_or_a_socket(text: str, found: Address) -> None:
    assert address(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kiosk",
        "@localhost",
        "kiosk@",
        "kiosk@upsd.example",
        "kiosk@127.0.0.1:0",
        "a b@localhost",
        "k@1.2.3.400",
    ],
)
def test_any_other_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not of the form"):
        address(text)


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("OL", Supply.LINE),
        ("OL CHRG LB", Supply.LINE),
        ("OB DISCHRG", Supply.BATTERY),
        ("OB LB", Supply.LOW),
        ("FSD OL", Supply.LOW),
        ("", Supply.UNKNOWN),
        ("OL OB", Supply.UNKNOWN),
        ("OFF", Supply.UNKNOWN),
        ("NOCOMM OL", Supply.UNKNOWN),
        ("ol", Supply.UNKNOWN),
    ],
)
def test_the_supply_is_what_the_status_says_and_nothing_is_guessed(status: str, found: Supply) -> None:
    assert supply(status) is found


@given(status=st.text(max_size=20))
def test_on_line_is_never_concluded_from_anything_else(status: str) -> None:
    assert supply(status) is not Supply.LINE or "OL" in status.split()


@pytest.mark.parametrize("text", ["", "-1", "nan", "inf", "1e999", "101", "many"])
def test_a_charge_that_is_none_is_not_told(text: str) -> None:
    assert reading({"ups.status": "OL", "battery.charge": text}) == PowerReading(Supply.LINE)


def test_figures_are_rounded_down() -> None:
    told = {"ups.status": "OB", "battery.charge": "79.9", "battery.runtime": "61.5"}
    assert reading(told) == PowerReading(Supply.BATTERY, 79, 61)


def test_a_battery_that_is_low_on_line_is_a_warning_only() -> None:
    assert reasons({"ups.status": "OL LB RB"}) == {
        ReasonCode.BATTERY_LOW: Severity.WARN,
        ReasonCode.BATTERY_WORN: Severity.WARN,
    }


def test_who_it_says_it_is_holds_no_odd_signs() -> None:
    said = identity({"device.mfr": "A\x07B", "ups.model": "김" + "x" * 99})
    assert (said.maker, said.model) == ("AB", "x" * 40)
