"""Whatever the world does to a command: one sentence with cause and remedy, the house's exit code, no traceback."""

import re
import signal
import socket
import subprocess
import sys

import pytest

from tests.contract.commands import of_central, of_kiosk
from tests.contract.commands.table import Ends, Fault, HeldBy, Impossible, there
from tests.contract.commands.typed import names
from tests.contract.commands.world import Ended, World, said

# The first of them builds the world: a central server's data, twice, and a process that has loaded everything.
pytestmark = [pytest.mark.timeout(240), pytest.mark.plain_user]
TABLE = {**of_kiosk.ROWS, **of_central.ROWS}
SIGNALS = {Fault.CTRL_C: signal.SIGINT, Fault.TERM: signal.SIGTERM, Fault.HUP: signal.SIGHUP}
NOBODY_THERE = {"DISPLAY": ":7531", "QT_QPA_PLATFORM": ""}
PLACES = {Fault.GONE: "gone/deep", Fault.NO_RIGHT: "locked", Fault.FULL: "full"}
CELLS = [
    pytest.param(name, fault, id=f"{name}, {fault}")
    for name, (_, faults) in TABLE.items()
    for fault, end in faults.items()
    if isinstance(end, Ends)
]


def test_every_command_has_its_row_and_every_row_its_command() -> None:
    assert sorted(TABLE) == sorted(names())


@pytest.mark.parametrize("name", TABLE)
def test_a_row_answers_for_every_fault(name: str) -> None:
    typed, faults = TABLE[name]
    assert set(faults) == set(Fault)
    assert typed.startswith(name)
    for end in faults.values():
        if isinstance(end, Impossible):
            assert len(end.why) > 20, "why the two can't meet has to be said"
            assert "tests/" not in end.why, "what a test holds can be met"
        if isinstance(end, HeldBy):
            assert there(end.test), f"{end.test}, which holds it, is gone"


@pytest.mark.parametrize(("name", "fault"), CELLS)
def test_it_ends_in_one_sentence_with_the_exit_code_of_the_house(
    place: World, name: str, fault: Fault
) -> None:
    typed, faults = TABLE[name]
    end = faults[fault]
    assert isinstance(end, Ends)
    with taken_port() as port:
        found = met(place, fault, end, (end.typed or typed).split(), port)
    assert "Traceback" not in found.err, found.err
    assert found.code == end.code, found
    assert found.out == ""
    lines = said(found.err)
    if end.code < 0:  # by the signal itself: there is nobody left to say anything
        assert lines == []
        return
    assert len(lines) == 1, found.err
    assert re.match(rf"{name.split(maxsplit=1)[0]}( [a-z]+)*: \S", lines[0]), lines
    assert re.search(end.says, lines[0]), lines
    assert "[Errno" not in lines[0]


def met(place: World, fault: Fault, end: Ends, words: list[str], port: int) -> Ended:
    """Run it where the world does that."""
    where = "ok" if end.stdout else PLACES.get(fault, "ok")
    at, ok = place.path(where), place.path("ok")
    argv = [word.format(place=at, ok=ok, kid=place.kid, port=port) for word in words]
    if fault is Fault.TWICE:
        return second_of_two(place, argv)
    return place.run(
        argv,
        number=SIGNALS.get(fault, 0),
        no_right=fault is Fault.NO_RIGHT,
        stdout="/dev/full" if end.stdout else "",
        env={"CHANGGU_RUN": str(at / "run"), **(NOBODY_THERE if fault is Fault.NO_DISPLAY else {})},
    )


def second_of_two(place: World, argv: list[str]) -> Ended:
    """The same once more, while the first runs."""
    ready = place.path("ok/ready.json")
    ready.unlink(missing_ok=True)
    module = f"{argv[0]}.cli"
    first = subprocess.Popen(
        [sys.executable, "-m", module, *argv[1:], "--ready-file", str(ready)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert first.stdout is not None
        assert first.stdout.readline()  # it says where it listens
        return place.run(argv)
    finally:
        first.terminate()
        first.communicate(timeout=20)


class taken_port:
    """A port that somebody listens on."""

    def __enter__(self) -> int:
        self._socket = socket.create_server(("127.0.0.1", 0))
        port: int = self._socket.getsockname()[1]
        return port

    def __exit__(self, *_: object) -> None:
        self._socket.close()
