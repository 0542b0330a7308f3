"""Every page and list is total over what the store can hold: any number, any text, any bytes that the tables take in.

Rows are put in below SQLAlchemy, as a database of another version, a bad disk or a hand with a shell would leave them.
"""

import asyncio
import json
import sqlite3
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from central.authority.numbers import draw_number
from central.claims.cases import untold
from central.cli import app
from central.clock import to_ms
from central.commands.export import export
from central.fleet.journal_reading import read_journal
from central.services import Services, open_services
from drivers.contract import DeviceName, DeviceState, ReasonCode
from tests.unit.central.office import KIOSK, NOON, ORDER, Office
from tests.unit.central.visitor import Reading, Visitor

T = TypeVar("T")
SCRIPT = "<script>alert(1)</script>"
ODD = (
    "",
    "\0",
    "\x1b[2J\x1b]0;owned\a",
    "\x9b31m",
    SCRIPT,
    "'\"><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "\u202eYDP-0001",
    "\u2066a\u2069\u200f",
    "a\r\nb\u2028c",
    "x" * 5_000,
    "가" * 2_000,
    "e" + "\u0301" * 500,
    "9" * 5_000,
    "inf",
    "%s%n",
)
texts = st.sampled_from(ODD).map(str.encode) | st.text(max_size=30).map(str.encode)
bytes_as_text = texts | st.sampled_from((b"\xed\xa0\x80", b"\xff\xfe", b"\xc3")) | st.binary(max_size=20)
codes = bytes_as_text | st.sampled_from([c.encode() for c in (*DeviceName, *DeviceState, *ReasonCode)])
integers = st.sampled_from((0, 1, -1, 2**31, 2**52, 2**53, 2**63 - 1, -(2**63))) | st.integers(
    -(2**63), 2**63 - 1
)
sums = integers.map(abs).map(lambda value: min(value, 2**63 - 1))
kiosks = st.sampled_from((KIOSK.encode(), b"YDP-0002")) | bytes_as_text
orders_of = st.sampled_from((ORDER.encode(),)) | bytes_as_text

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(ODD), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from((*DeviceName, *ODD)) | st.text(max_size=20)
wholes = st.integers() | st.sampled_from((2**52, -(2**70), 10**300))
counters = st.dictionaries(
    st.sampled_from(("tray", "bin", "hopper", "room-low", "copy-age-s", "copy-failed")) | names,
    wholes,
    max_size=4,
)
devices = st.fixed_dictionaries(
    {
        "device": names,
        "state": st.sampled_from((*DeviceState, "humming")) | names,
        "reasons": st.lists(
            st.fixed_dictionaries(
                {
                    "code": st.sampled_from((*ReasonCode, "flux")) | names,
                    "severity": st.sampled_from(("info", "x")),
                }
            ),
            max_size=9,
        ),
        "counters": counters,
    }
)
kinds = st.fixed_dictionaries(
    {"type_code": st.sampled_from(("land", "moon")) | names, "sellable": st.booleans(), "reason": names}
)
beats = st.fixed_dictionaries(
    {"kiosk": names, "at_ms": wholes, "state": names},
    optional={
        "uptime_s": wholes,
        "version": names,
        "catalogue": st.sampled_from(("3", "1e9", "inf", "-1", "٣")) | names,
        "devices": st.lists(devices, max_size=9),
        "types": st.lists(kinds, max_size=5),
        "counters": counters,
        "outbox": wholes,
        "oldest_outbox_s": wholes,
        "journal_seq": wholes,
    },
)
heartbeats = (beats | json_values).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40)

NOON_MS = to_ms(NOON)
NUMBER = draw_number(lambda span: span - 7)
TABLES = {
    "machine": {
        "kiosk": kiosks,
        "received_ms": integers,
        "alive_since_ms": integers,
        "journal_seq": integers,
        "heartbeat": heartbeats.map(bytearray),
    },
    "alarm": {
        "kiosk": kiosks,
        "code": codes,
        "subject": bytes_as_text,
        "first_ms": integers,
        "last_ms": integers,
        "times": integers,
    },
    "orders": {
        "kiosk": kiosks,
        "order_id": orders_of,
        "opened_ms": integers,
        "closed_ms": integers,
        "outcome": codes,
        "fee": integers,
        "claim": integers,
        "reason": codes,
    },
    "claim": {
        "kiosk": kiosks,
        "order_id": orders_of,
        "amount": st.just(2**63 - 1),
        "paid": sums,
        "holder": st.sampled_from((b"", b"x")),
        "state": st.sampled_from((b"open", b"reserved", b"paid", b"counter", b"case", b"kept", b"void")),
        "reason": codes,
        "opened_ms": integers,
        "by_kiosk": bytes_as_text,
        "until_ms": integers,
        "verdict": bytes_as_text,
        "why": bytes_as_text,
        "resolved_ms": integers,
        "told_ms": integers,
    },
    "issue": {
        "kiosk": kiosks,
        "key": bytes_as_text,
        "order_id": orders_of,
        "type_code": st.sampled_from((b"", b"land", b"moon")) | bytes_as_text,
        "status": st.just(b"issued"),
        "number": st.just(NUMBER.encode()) | bytes_as_text,
        "sheets": sums,
        "fee": sums,
        "issued_ms": integers,
        "verify_until_ms": integers,
        "seal": st.sampled_from((b"", b"KC1:")) | bytes_as_text,
        "final": st.sampled_from((b"", b"delivered", b"void")),
        "final_ms": integers,
    },
    "event": {
        "kiosk": kiosks,
        "seq": integers,
        "boot": bytes_as_text,
        "at_ms": integers,
        "mono_ms": integers,
        "kind": st.sampled_from((b"note-credit", b"surplus", b"order-closed")) | bytes_as_text,
        "body": (json_values.map(lambda value: json.dumps(value).encode()) | bytes_as_text)
        | st.just(b'{"what":"note","value":1000}'),
        "prev": bytes_as_text,
        "hash": bytes_as_text,
        "received_ms": integers,
    },
}
stored = st.fixed_dictionaries(
    {name: st.lists(st.fixed_dictionaries(row), max_size=3) for name, row in TABLES.items()}
)


EXTREMES = (2**63 - 1, -(2**63), 2**52, -1, 0)


def worst() -> dict[str, list[dict[str, Any]]]:
    """A row of each table for each extreme, with it wherever a whole number may stand, and an odd text in each text."""
    plain = {
        "machine": ("received_ms", "alive_since_ms", "journal_seq"),
        "alarm": ("first_ms", "last_ms", "times"),
        "orders": ("opened_ms", "closed_ms", "fee", "claim"),
        "claim": ("opened_ms", "until_ms", "resolved_ms", "told_ms"),
        "issue": ("issued_ms", "verify_until_ms", "final_ms"),
        "event": ("seq", "at_ms", "mono_ms", "received_ms"),
    }
    fixed: dict[str, dict[str, Any]] = {
        "machine": {},
        "alarm": {"code": b"flux-low"},
        "orders": {"outcome": SCRIPT.encode()},
        "claim": {"amount": 2**63 - 1, "state": b"case", "verdict": SCRIPT.encode(), "why": b"\x1b[2J"},
        "issue": {"status": b"issued", "final": b"", "type_code": b"land", "seal": b""},
        "event": {"kind": b"surplus", "body": f'{{"order":"{ODD[7]}"}}'.encode(), "boot": b"", "prev": b""},
    }
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in plain}
    for at, extreme in enumerate(EXTREMES):
        text = f"{ODD[at + 2]}{at}".encode() + b"\xed\xa0\x80"
        texts_of: dict[str, dict[str, Any]] = {
            "machine": {"kiosk": text, "heartbeat": bytearray(worst_beat(extreme, ODD[at + 2]))},
            "alarm": {"kiosk": text, "subject": text},
            "orders": {
                "kiosk": KIOSK.encode(),
                "order_id": text,
                "reason": text,
                "fee": 2**63 - 1,
                "closed_ms": NOON_MS,
            },
            "claim": {"kiosk": KIOSK.encode(), "order_id": text, "reason": text, "by_kiosk": text},
            "issue": {
                "kiosk": text,
                "key": text,
                "order_id": text,
                "number": NUMBER.encode() if at == 2 else text,
            },
            "event": {"kiosk": text, "hash": text},
        }
        for name, columns in plain.items():
            rows[name].append({**fixed[name], **dict.fromkeys(columns, extreme), **texts_of[name]})
    return rows


def worst_beat(extreme: int, text: str) -> bytes:
    """A heartbeat of the same kind."""
    counters = dict.fromkeys(("tray", "bin", "hopper", "room-low", "copy-age-s", text), extreme * 2**40)
    reasons = [{"code": text, "severity": text}] * 9
    device = {"state": text, "reasons": reasons, "counters": counters, "epoch": extreme}
    beat = {
        "kiosk": text,
        "at_ms": extreme,
        "state": text,
        "version": text,
        "catalogue": "9" * 5_000,
        "uptime_s": extreme,
        "outbox": extreme,
        "oldest_outbox_s": extreme,
        "counters": counters,
        "devices": [{**device, "device": name} for name in ("printer", "presenter", text)],
        "types": [{"type_code": text, "sellable": False, "reason": text}] * 2,
    }
    return json.dumps(beat).encode()


def put(file: Path, tables: dict[str, list[dict[str, Any]]]) -> None:
    """Only these rows are in the database; what a constraint refuses is left out."""
    with sqlite3.connect(file) as connection:
        for table, rows in tables.items():
            connection.execute(f"DELETE FROM {table}")
            for row in rows:
                places = ", ".join("CAST(? AS TEXT)" if isinstance(v, bytes) else "?" for v in row.values())
                statement = f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({places})"
                connection.execute(statement, list(row.values()))
    connection.close()


class Central:
    """A central office that stays open over many examples."""

    def __init__(self, office: Office) -> None:
        self.folder = office.folder
        self._loop = asyncio.new_event_loop()
        self.services: Services = self.run(open_services(office.folder, lambda: office.now))
        self.visitor = Visitor(self.services)

    def run(self, story: Coroutine[Any, Any, T]) -> T:
        """Live through it."""
        return self._loop.run_until_complete(story)

    def close(self) -> None:
        """The office closes."""
        self.run(self.services.close())
        self._loop.close()

    def command(self, *words: str) -> str:
        """What a command of central's prints. It must end well."""
        result = CliRunner().invoke(app, [*words, "--data", str(self.folder.data)])
        assert result.exit_code == 0, (result.output, result.exception)
        return result.output


@pytest.fixture(scope="module")
def central(small_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Central]:
    """One for all examples."""
    one = Central(Office(small_town, tmp_path_factory.mktemp("stored") / "data"))
    yield one
    one.close()


def is_well(page: str) -> Reading:
    """No page shows what a machine wrote as anything but text, and none of it moves or hides what stands beside it."""
    reading = Reading(page)
    assert reading.elements.count("script") <= 1
    assert "img" not in reading.elements
    assert not any(letter in page for letter in "\0\x1b\x9b\a\r\u202e\u2066\u2028")
    return reading


@settings(max_examples=30)
@given(stored)
@example(worst())
def test_the_fleet_page_and_its_stream_show_whatever_is_stored(
    central: Central, tables: dict[str, list[dict[str, Any]]]
) -> None:
    put(central.folder.database, tables)
    answer = central.run(central.visitor.get("/"))
    assert answer.status_code == 200
    reading = is_well(answer.text)
    shown = reading.text
    assert "기준" in shown  # the page's last words: it was drawn to its end
    msgspec.json.encode(answer.text)


@settings(max_examples=30)
@given(stored)
@example(worst())
def test_a_number_is_judged_whatever_is_stored_of_it(
    central: Central, tables: dict[str, list[dict[str, Any]]]
) -> None:
    put(central.folder.database, tables)
    answer = central.run(central.visitor.verify(NUMBER))
    assert answer.status_code == 200
    assert is_well(answer.text).elements.count("h2") == 3


@settings(max_examples=12)
@given(stored)
@example(worst())
def test_the_lists_of_cases_print_whatever_is_stored(
    central: Central, tables: dict[str, list[dict[str, Any]]]
) -> None:
    put(central.folder.database, tables)
    printed = central.command("cases", "list") + central.command("cases", "list", "--all")
    for line in printed.splitlines():
        number = line[:5].strip()
        if number.isdigit():
            printed += central.command("cases", "show", number)
    unseen = {letter for letter in printed if not letter.isprintable() and not letter.isspace()}
    assert unseen == set()


@settings(max_examples=20)
@given(stored)
@example(worst())
def test_the_export_the_journal_and_the_answer_to_a_heartbeat_hold_whatever_is_stored(
    central: Central, tables: dict[str, list[dict[str, Any]]]
) -> None:
    put(central.folder.database, tables)

    async def read() -> None:
        msgspec.json.encode(await export(central.folder))
        async with central.services.database.reading() as connection:
            msgspec.json.encode(await read_journal(connection, KIOSK, 0))
            msgspec.json.encode(await untold(connection, KIOSK))

    central.run(read())
    json.loads(central.command("export"))
