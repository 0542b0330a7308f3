"""Numbers that two readers may take differently: a machine that sends one is neither dead nor silenced for it."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.commands.export import export
from central.fleet.beat import Beat, known_numbers, stored_beat
from central.fleet.journal_reading import read_journal
from central.http.bodies import SMALL_BYTES
from central.services import Services
from central.store.schema import event
from kiosk.protocol.canonical import canonical_json
from kiosk.protocol.central import EventsCall
from kiosk.protocol.journal import TYPES
from tests.unit.central.office import KIOSK, Journal, Office, all_rows, arrived
from tests.unit.central.visitor import Reading, Visitor

WHOLE = st.sampled_from((2**53 - 1, 2**53, 2**63, 2**64 - 1, 2**64, -(2**63) - 1, 10**300)) | st.integers()
LITERALS = ("1e400", "-1e-400", "1.5", "-0", "9" * 5_000, "9007199254740992", "18446744073709551615", "1E+2")
TOLD = {"kiosk": KIOSK, "at_ms": 1, "state": "ready"}
values: st.SearchStrategy[Any] = st.recursive(
    WHOLE | st.text(max_size=5) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def of_shape(shape: type[msgspec.Struct]) -> st.SearchStrategy[dict[str, Any]]:
    """A body of this kind's fields and one more, with any values."""
    fields = dict.fromkeys(
        (*shape.__struct_fields__, "kept", "counters"), values | st.sampled_from(("o1", "k1"))
    )
    return st.fixed_dictionaries({}, optional=fields)


rows = st.sampled_from(sorted(TYPES)).flatmap(
    lambda kind: st.tuples(st.just(kind), of_shape(TYPES[kind]))
) | st.tuples(st.just("day-closed-of-tomorrow"), st.dictionaries(st.text(max_size=5), values, max_size=3))


@pytest.mark.timeout(180)  # each has a central server of its own
@settings(max_examples=10)
@given(told=st.lists(rows, min_size=5, max_size=25))
def test_a_journal_with_any_numbers_in_it_arrives_whole_and_all_that_reads_it_works(
    small_town: Path, tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, dict[str, Any]]]
) -> None:
    office = Office(small_town, tmp_path_factory.mktemp("numbers") / "data")

    async def tell(services: Services) -> None:
        journal = Journal()
        sent = tuple(journal.row(kind, body) for kind, body in told)
        wire = msgspec.json.decode(msgspec.json.encode(EventsCall(KIOSK, sent)), type=EventsCall)
        assert await services.journals.take(KIOSK, wire.rows) == len(told)
        assert [json.loads(row["body"]) for row in await all_rows(services, event)] == [
            body for _, body in told
        ]
        async with services.database.reading() as connection:
            back = await read_journal(connection, KIOSK, 0)
        # As they are hashed: central keeps the names in a body in their one order.
        assert [bytes(row.body) for row in back.rows] == [canonical_json(body) for _, body in told]
        msgspec.json.encode(await export(office.folder))
        assert (await Visitor(services).get("/")).status_code == 200

    office.story(tell)


@given(
    st.fixed_dictionaries(
        {"kiosk": st.just(KIOSK), "at_ms": WHOLE, "state": st.just("ready")},
        optional={
            "uptime_s": WHOLE,
            "outbox": WHOLE,
            "oldest_outbox_s": WHOLE,
            "journal_seq": WHOLE,
            "version": st.text(max_size=8) | st.sampled_from(("1e400", '"9', "\\", '\\"1e400')),
            "counters": st.dictionaries(st.text(max_size=5), WHOLE, max_size=4),
            "devices": st.lists(
                st.fixed_dictionaries(
                    {"device": st.just("printer"), "state": st.just("ready")},
                    optional={"epoch": WHOLE, "counters": st.dictionaries(st.text(max_size=3), WHOLE)},
                ),
                max_size=3,
            ),
        },
    )
)
def test_of_any_heartbeat_the_numbers_that_can_be_are_read_and_the_others_unknown(
    told: dict[str, Any],
) -> None:
    def expected(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: expected(one) for key, one in value.items()}
        if isinstance(value, list):
            return [expected(one) for one in value]
        return value if not isinstance(value, int) or abs(value) < 2**53 else None

    body = json.dumps(told).encode()
    read = msgspec.to_builtins(msgspec.json.decode(known_numbers(body), type=Beat))
    assert json.loads(known_numbers(body)) == expected(told)
    assert {name: read[name] for name in told if name != "devices"} == {
        name: value for name, value in expected(told).items() if name != "devices"
    }
    assert stored_beat(body) == msgspec.json.decode(known_numbers(body), type=Beat)


@pytest.mark.parametrize("literal", LITERALS)
def test_a_number_in_any_writing_is_read_or_unknown(literal: str) -> None:
    body = json.dumps({**TOLD, "outbox": 0, "counters": {"1e400": 0}}).replace(": 0", f": {literal}").encode()
    beat = stored_beat(body)
    assert beat is not None
    assert (beat.outbox, beat.counters) in ((None, {"1e400": None}), (0, {"1e400": 0}))


@pytest.mark.parametrize("literal", ["01", "1.", ".5", "1.5.5", "--1", "+1", "1e", "0x1", "NaN", "1 1"])
def test_what_is_no_number_is_not_made_one(literal: str) -> None:
    body = json.dumps({**TOLD, "outbox": 0}).replace('"outbox": 0', f'"outbox": {literal}').encode()
    assert stored_beat(body) is None


@pytest.mark.parametrize(
    "body", [b'"' * SMALL_BYTES, b'"\\' * SMALL_BYTES, b"-" * SMALL_BYTES, b"1e" * SMALL_BYTES]
)
def test_any_bytes_are_looked_through_once(body: bytes) -> None:
    assert stored_beat(body) is None


def test_the_page_says_of_such_a_number_that_it_is_unknown(office: Office) -> None:
    tray = {"device": "printer", "state": "ready", "counters": {"tray": 2**64}}
    told = {**TOLD, "outbox": 2**60, "counters": {"hopper": 2**64 - 1}, "devices": [tray]}

    async def tell(services: Services) -> None:
        visitor = Visitor(services)
        assert "알 수 없음" not in Reading((await visitor.get("/")).text).text
        await services.heartbeats.take(arrived(told))
        page = (await visitor.get("/")).text
        for column in ("용지", "동전", "보낼 기록"):
            assert f'data-label="{column}">알 수 없음' in page

    office.story(tell)
