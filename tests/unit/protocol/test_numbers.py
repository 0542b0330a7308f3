"""No message of core, courier and central holds a number that SQLite or a timer can't take, whoever wrote it."""

import sqlite3
import threading
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect

from kiosk.protocol import central, courier
from kiosk.protocol.courier import TO_COURIER, SendChallenge, SendDraft, ToCourier
from kiosk.protocol.frames import Decoder, FrameError
from kiosk.protocol.not_json import NOT_JSON
from kiosk.protocol.numbers import FURTHEST, LONGEST_MS

MESSAGES = sorted(
    {
        kind
        for module in (central, courier)
        for kind in vars(module).values()
        if isinstance(kind, type)
        and issubclass(kind, msgspec.Struct)
        and kind.__module__.startswith("kiosk.")
    }
    - {msgspec.Struct},
    key=lambda kind: kind.__name__,
)
EXTREMES = (2**53 - 1, 2**53, 2**63 - 1, 2**63, 2**64, 2**70, -(2**63), -(2**63) - 1, 10**400)
wholes = st.integers(0, 1_000) | st.integers() | st.sampled_from(EXTREMES)


PLAIN: dict[type[inspect.Type], st.SearchStrategy[Any]] = {
    inspect.IntType: wholes,
    inspect.BoolType: st.booleans(),
    inspect.NoneType: st.none(),
    inspect.BytesType: st.just("QUJD"),
    inspect.StrType: st.just("x"),
    inspect.RawType: st.just({}),
    inspect.AnyType: st.just({}),
}


def of_the_devices(kind: inspect.Type) -> bool:
    """What a driver tells is bounded where core hears the driver (drivers/contract)."""
    return isinstance(kind, inspect.StructType) and kind.cls.__module__.startswith("drivers.")


def inside(kind: inspect.Type) -> Iterator[inspect.Type]:
    match kind:
        case inspect.StructType() if not of_the_devices(kind):
            yield from (field.type for field in kind.fields)
        case inspect.DictType():
            yield from (kind.key_type, kind.value_type)
        case inspect.UnionType():
            yield from kind.types
        case inspect.VarTupleType():
            yield kind.item_type
        case _:
            return


def integers_in(kind: inspect.Type) -> Iterator[inspect.IntType]:
    if isinstance(kind, inspect.IntType):
        yield kind
    for inner in inside(kind):
        yield from integers_in(inner)


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_each_whole_number_of_a_message_has_its_bounds(kind: type) -> None:
    for whole in integers_in(inspect.type_info(kind)):
        assert whole.ge is not None
        assert whole.le is not None
        assert -FURTHEST <= whole.ge <= whole.le <= FURTHEST


def test_the_messages_that_have_whole_numbers_are_found() -> None:
    found = {kind.__name__ for kind in MESSAGES if any(integers_in(inspect.type_info(kind)))}
    told = {
        "EventsReply",
        "HeartbeatReply",
        "EventsAcked",
        "EventsRefused",
        "LinkChanged",
        "SendDraft",
        "SendEvents",
    }
    assert told <= found


def values_of(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """JSON of that shape, with any whole numbers."""
    match kind:
        case inspect.StructType() if of_the_devices(kind):
            return st.just({"device": "printer", "state": "ready"})
        case inspect.StructType():
            said = {field.encode_name: values_of(field.type) for field in kind.fields}
            tag = {kind.tag_field: st.just(kind.tag)} if kind.tag_field else {}
            return st.fixed_dictionaries(tag | said)
        case inspect.DictType():
            return st.dictionaries(st.sampled_from("ab"), values_of(kind.value_type), max_size=2)
        case inspect.UnionType():
            return st.one_of(*map(values_of, kind.types))
        case inspect.VarTupleType():
            return st.lists(values_of(kind.item_type), max_size=2)
        case inspect.EnumType():
            return st.sampled_from([one.value for one in kind.cls])
        case _:
            return PLAIN[type(kind)]


def numbers_in(value: Any, name: str = "") -> Iterator[tuple[str, int]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from numbers_in(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers_in(inner, name)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield name, value


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
@settings(max_examples=40)
@given(data=st.data())
def test_what_is_accepted_can_be_stored_and_waited_for(kind: type, data: st.DataObject) -> None:
    said = data.draw(values_of(inspect.type_info(kind)))
    try:
        msgspec.convert(said, type=kind)
    except (*NOT_JSON, OverflowError):
        return
    for name, number in numbers_in(said):
        sqlite3.connect(":memory:").execute("SELECT ?", (number,)).fetchone()
        if name == "deadline_ms":
            assert 0 <= number <= LONGEST_MS
            assert number / 1000 < threading.TIMEOUT_MAX


def test_the_longest_deadline_is_a_timers_and_the_next_one_nobodys() -> None:
    accepted = msgspec.json.encode(SendChallenge("r", "o", LONGEST_MS))
    assert msgspec.json.decode(accepted, type=ToCourier) == SendChallenge("r", "o", LONGEST_MS)
    for ask in (
        SendChallenge("r", "o", 10**18),
        SendChallenge("r", "o", -1),
        SendDraft("r", "o", 1, "x", b"", 2**63),
    ):
        raw = msgspec.json.encode(ask)
        with pytest.raises(FrameError):
            Decoder(TO_COURIER).feed(len(raw).to_bytes(4, "big") + raw)


def test_every_kind_that_core_and_courier_say_is_among_the_messages() -> None:
    said = {one for union in (courier.ToCourier, courier.FromCourier) for one in get_args(union)}
    assert said <= set(MESSAGES)
