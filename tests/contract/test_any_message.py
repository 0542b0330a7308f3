"""Whatever messages a caller sends to a bus, of the right kinds, with any values or without end, it ends itself only.

Each bus is the real program's server on its real socket, with the desk's devices behind it.
"""

import contextlib
import json
import queue
import resource
import threading
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import (
    AnyCommand,
    CancelJob,
    Completed,
    ErrorCode,
    Event,
    FollowJob,
    OpenJob,
    Outcome,
    ReadPower,
    ReadTerminal,
    StatusChanged,
)
from kiosk.ipc.link import Link, connect
from kiosk.ipc.peer import EVENTS
from kiosk.programs.devices import MOST_ASKED
from kiosk.programs.devices import Server as DevicesServer
from kiosk.programs.names import BUSES
from kiosk.settings import Card, Printer, Settings, Terminal, Ups
from tests.contract.test_any_caller import PATIENCE_S, framed, greeted, wait_until
from tests.wire.desk import Desk, desk

HUGE = (-(2**70), -(2**63), -1, 2**16, 2**31, 2**32, 2**53, 2**63, 2**70, 10**400)
LONG = ("x" * 10_000, "x" * 40_000, "가" * 300, "\x00", "\udcff", "\x10\x14", "🜚" * 63, "%s{}\r\n\r\n")
# A command that has been taken is over soon, so that one that is wrong in the middle of its work is found.
SOON_MS = (0, 1, 100)


def values(kind: Any, name: str = "") -> st.SearchStrategy[Any]:
    """JSON values of a field's kind: such as it may have, and far beyond."""
    if name == "deadline_ms":
        return st.sampled_from(SOON_MS + HUGE[-3:])
    match kind:
        case msgspec.inspect.IntType():
            return st.integers(0, 3) | st.sampled_from(HUGE)
        case msgspec.inspect.StrType():
            return st.sampled_from(("", "k", *LONG))
        case msgspec.inspect.BoolType():
            return st.booleans()
        case msgspec.inspect.NoneType():
            return st.none()
        case msgspec.inspect.VarTupleType(item_type=item):
            return st.lists(values(item), max_size=3) | values(item).map(lambda one: [one] * 500)
        case msgspec.inspect.UnionType(types=types):
            return st.one_of([values(one) for one in types])
        case msgspec.inspect.StructType(fields=fields, tag=tag):
            told = {field.encode_name: values(field.type, field.encode_name) for field in fields}
            return st.fixed_dictionaries(told if tag is None else {"type": st.just(tag), **told})
        case _:
            raise AssertionError(f"no values for {kind}")


def kinds() -> tuple[Any, ...]:
    union = msgspec.inspect.type_info(AnyCommand)
    assert isinstance(union, msgspec.inspect.UnionType)
    # What a command of the terminal has to be is held by the terminal's own tests.
    commands = [kind for kind in union.types if isinstance(kind, msgspec.inspect.StructType)]
    assert len(commands) == len(union.types)
    return tuple(kind for kind in commands if kind.tag not in ("Authorise", "Capture", "Reverse"))


messages = st.lists(st.one_of([values(kind) for kind in kinds()]), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def devices() -> Iterator[Desk]:
    with desk() as opened:
        yield opened


@contextlib.contextmanager
def serving(bus: str, devices: Desk) -> Iterator[DevicesServer]:
    told = Settings(
        "K-1", str(devices.run), "", "", "", "", "https://central.test", Printer(devices.printer_uri)
    )
    server = DevicesServer(
        bus,
        msgspec.structs.replace(
            told,
            card=Card(service="direct", socket="no"),
            terminal=Terminal("127.0.0.1:9"),
            ups=Ups("u@127.0.0.1:9"),
        ),
    )
    path = devices.run / "sock" / f"{bus}.sock"
    path.unlink(missing_ok=True)  # of the one before
    thread = threading.Thread(target=server.serve)
    thread.start()
    wait_until(lambda: server.alive)
    try:
        yield server
        assert thread.is_alive()
    finally:
        server.runner.stop()
        thread.join(PATIENCE_S)


def heard_by(link: Link[Event]) -> "queue.SimpleQueue[Any]":
    heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
    link.start(lambda event, _handed: heard.put(event), partial(heard.put, None))
    return heard


def say(bus: str, devices: Desk, said: list[Any]) -> bool:
    """Call, say this, and wait until the bus has come to it; False: it was cut off."""
    link = connect(devices.run / "sock" / f"{bus}.sock", "core", EVENTS)
    heard = heard_by(link)
    assert isinstance(heard.get(timeout=PATIENCE_S), StatusChanged)
    end = ReadPower(request="the end") if bus != "ups" else ReadTerminal(request="the end")
    with contextlib.suppress(OSError):
        link._sock.sendall(b"".join(framed(json.dumps(one).encode()) for one in said))
        link.send(end)
    while (event := heard.get(timeout=PATIENCE_S)) is not None:
        if isinstance(event, Completed) and event.request == "the end":
            break
    link.close()
    return event is not None


ENDED_THE_PRINTER = (
    {"type": "ReadPaper", "request": "r", "key": "x" * 10_000},
    {"type": "ReadPaper", "request": "r", "key": "k", "job_id": 2**70},
    {"type": "CancelJob", "request": "r", "key": "k", "job_id": 2**70},
    {"type": "OpenJob", "request": "r", "key": "x" * 40_000, "sheets": 1},
)


@pytest.mark.parametrize("said", ENDED_THE_PRINTER, ids=range(4))
def test_a_value_that_no_wire_can_carry_ends_the_connection_that_sent_it(devices: Desk, said: Any) -> None:
    with serving("printer", devices):
        assert not say("printer", devices, [said])
        greeted(devices.run / "sock" / "printer.sock", "core", EVENTS)


@pytest.mark.parametrize("bus", BUSES)
def test_after_messages_with_any_values_the_next_caller_is_served(devices: Desk, bus: str) -> None:
    with serving(bus, devices) as server:

        @settings(max_examples=60, deadline=None)
        @given(messages)
        def holds(said: list[Any]) -> None:
            say(bus, devices, said)
            greeted(devices.run / "sock" / f"{bus}.sock", "core", EVENTS)

        holds()
        wait_until(lambda: not server._asked)


@pytest.mark.parametrize(
    ("command", "proved"),
    [
        (FollowJob(request="one", key="k", sheets=1), Outcome.UNKNOWN),
        (CancelJob(request="one", key="k"), Outcome.UNKNOWN),
        (OpenJob(request="one", key="k", sheets=1), Outcome.NOT_DONE),
    ],
    ids=["follow", "cancel", "open"],
)
def test_a_command_too_many_proves_of_no_job_that_it_does_not_print(
    devices: Desk, command: AnyCommand, proved: Outcome
) -> None:
    """NOT_DONE of these two says that the printer surely has no such job; nobody has asked it."""
    with serving("printer", devices) as server:
        link = connect(devices.run / "sock" / "printer.sock", "core", EVENTS)
        heard = heard_by(link)
        heard.get(timeout=PATIENCE_S)
        assert server._client is not None
        server._asked[server._client] = MOST_ASKED
        link.send(command)
        while not isinstance(end := heard.get(timeout=PATIENCE_S), Completed):
            pass
        assert (end.request, end.outcome, end.code) == ("one", proved, ErrorCode.BUSY)
        del server._asked[server._client]
        link.close()


FLOOD = 20_000
FLOODS = {"cash": "ReadCash", "printer": "ReadPaper", "receipt": "PrintReceipt"}


@pytest.mark.parametrize("bus", FLOODS)
def test_commands_without_end_are_refused_and_the_bus_goes_on_in_bounded_memory(
    devices: Desk, bus: str
) -> None:
    command = {"type": FLOODS[bus], "request": "r", "key": "k", "lines": []}
    frames = framed(json.dumps(command).encode()) * (FLOOD // 40)
    with serving(bus, devices) as server:
        tick, ticks = server.runner.bus.tick, [0]

        def counted(now: float) -> float:
            ticks[0] += 1
            return tick(now)

        server.runner.bus.tick = counted  # type: ignore[method-assign]
        link = connect(devices.run / "sock" / f"{bus}.sock", "core", EVENTS)
        ends: Counter[str] = Counter()

        def hear(event: Any, _handed: Any) -> None:
            if isinstance(event, Completed):
                ends[event.detail] += 1

        link.start(hear, lambda: None)
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, ticks[0]
        for _ in range(40):
            link._sock.sendall(frames)
            assert len(server.runner._calls) <= 2 * MOST_ASKED
            assert server._asked.total() <= MOST_ASKED
        wait_until(lambda: ends.total() == FLOOD)
        assert ticks[0] - began > FLOOD // MOST_ASKED, "the devices had their turn all the while"
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000, "kB"
        link.close()
        greeted(devices.run / "sock" / f"{bus}.sock", "core", EVENTS)
