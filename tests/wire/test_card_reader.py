"""The program `kiosk devices card` beside a real card service, and without one: it tells of every card."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.contract import (
    CardInserted,
    CardReading,
    CardRemoved,
    DeviceState,
    Outcome,
    ReadCard,
    ReasonCode,
    StatusChanged,
)
from kiosk.ipc.link import LinkError, connect
from kiosk.ipc.peer import EVENTS
from kiosk.worker.card_certificate import read_certificate
from simulators.reader_daemon import SLOT, why_not
from tests.card_drawer import PIN
from tests.contract.card_tables import Client, Refusal
from tests.wire.card_client import STATEMENT
from tests.wire.card_desk import PATIENCE_S, CardDesk, card_desk
from tests.wire.test_devices_program import Core

# Where no pcscd can run (no package, no reader driver), the direct service alone is tested, and the reason is shown.
REASON = why_not()
REAL = pytest.param("pcsc", marks=pytest.mark.skipif(REASON is not None, reason=str(REASON)))
PROGRAM = """
import sys
from kiosk.programs.devices import run
from kiosk.settings import Card, Printer, Settings
run("card", Settings(
    kiosk_id="K", run_dir=sys.argv[1], site="s", machine="m", municipality="x", help_phone="1",
    central_url="https://localhost", printer=Printer("ipp://localhost/ipp/print"),
    card=Card(socket=sys.argv[2], service=sys.argv[3]),
))
"""


class CardProgram:
    """`kiosk devices card`, and core's end of it."""

    def __init__(self, run: Path, socket: str, service: str = "pcsc") -> None:
        self._path = run / "sock" / "card.sock"
        self._path.parent.mkdir(exist_ok=True)
        self._cores: list[Core] = []
        self.process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(run), socket, service])

    def core(self) -> Core:
        for _try in range(400):
            try:
                core = Core(connect(self._path, "core", EVENTS))
            except LinkError:
                assert self.process.poll() is None
                # Waits for the listening socket: nothing tells of a path that appears.
                signal.sigtimedwait([], 0.05)
            else:
                self._cores.append(core)
                return core
        raise AssertionError("the program does not listen")

    def close(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE_S)
        for core in self._cores:
            core.link.close()
        return code


@pytest.fixture(name="desk", params=[REAL, "direct"])
def _desk(request: pytest.FixtureRequest) -> Iterator[CardDesk]:
    with card_desk(direct=request.param == "direct") as opened:
        yield opened


@pytest.fixture(name="program")
def _program(desk: CardDesk) -> Iterator[CardProgram]:
    program = CardProgram(desk.run, str(desk.reader.client_socket), desk.service)
    yield program
    assert program.close() == 0


@pytest.fixture(name="core")
def _core(program: CardProgram) -> Core:
    core = program.core()
    core.state("card", DeviceState.READY)
    return core


@pytest.fixture(name="client")
def _client(desk: CardDesk) -> Iterator[Client]:
    client = Client(desk)
    yield client
    client.close()


def inserted(core: Core) -> CardInserted:
    """The next card event is a card that comes."""
    event = card_event(core)
    assert isinstance(event, CardInserted)
    return event


def removed(core: Core) -> CardRemoved:
    """The next card event is a card that goes."""
    event = card_event(core)
    assert isinstance(event, CardRemoved)
    return event


def card_event(core: Core) -> CardInserted | CardRemoved:
    while True:
        event, _handed = core.next()
        if isinstance(event, CardInserted | CardRemoved):
            return event


def newest(core: Core, client: Client) -> CardInserted:
    """The card event of the card that is in now."""
    while True:
        event = card_event(core)
        counter, present, _mute = client.slot()
        if isinstance(event, CardInserted) and present and event.insertion == counter:
            return event


def open_card(client: Client, card: CardInserted) -> bytes:
    """The certificate of the card that core was told of."""
    return bytes.fromhex(client.ask("open", reader=card.reader, insertion=card.insertion)["certificate"])


def signs(client: Client, certificate: bytes) -> bool:
    """Whether it signs with the right PIN, and with that certificate's key."""
    signature = bytes.fromhex(client.ask("sign", pin=PIN.decode())["signature"])
    return read_certificate(certificate).signed(STATEMENT, signature)


def test_a_card_comes_and_goes_and_each_time_it_is_another_insertion(desk: CardDesk, core: Core) -> None:
    seen = []
    for _time in range(2):
        desk.do("card", card="citizen-1")
        seen.append(inserted(core))
        desk.do("card", pull=True)
        assert removed(core) == CardRemoved(SLOT)
    assert [card.reader for card in seen] == [SLOT, SLOT]
    assert seen[0].insertion < seen[1].insertion


def test_what_core_is_told_is_what_the_worker_can_open(desk: CardDesk, core: Core, client: Client) -> None:
    desk.do("card", card="citizen-1")
    assert signs(client, open_card(client, inserted(core)))


def test_a_card_swapped_in_one_moment_never_sees_the_others_pin(
    desk: CardDesk, core: Core, client: Client
) -> None:
    desk.do("card", card="citizen-1")
    first = inserted(core)
    open_card(client, first)
    desk.do("card", card="citizen-2")
    with pytest.raises(Refusal) as refused:
        client.ask("sign", pin="999999")
    assert refused.value.code in ("card-changed", "card-removed", "card-unreadable")
    assert desk.do("state")["card"]["tries"] == 3
    # pcscd itself does not count a swap between two of its looks when a command was tried meanwhile.
    desk.do("card", pull=True)
    while client.slot()[1]:
        pass
    desk.do("card", card="citizen-2")
    second = newest(core, client)
    assert second.insertion > first.insertion
    assert signs(client, open_card(client, second))


def test_a_card_that_was_read_and_swapped_in_one_moment_is_told_as_another_one(
    desk: CardDesk, core: Core, client: Client
) -> None:
    desk.do("card", card="citizen-1")
    first = inserted(core)
    open_card(client, first)
    desk.do("card", card="citizen-2")
    assert removed(core) == CardRemoved(SLOT)
    assert inserted(core).insertion > first.insertion


def test_a_service_that_is_killed_takes_the_card_along_and_gives_it_back(
    desk: CardDesk, core: Core, client: Client
) -> None:
    desk.do("card", card="citizen-1")
    inserted(core)
    desk.reader.kill()
    removed(core)
    status = core.state("card", DeviceState.ABSENT)
    assert {reason.code for reason in status.reasons} == {ReasonCode.SILENT}
    desk.reader.start()
    assert core.state("card", DeviceState.READY).epoch == 1
    assert signs(client, open_card(client, inserted(core)))


def test_a_service_that_hangs_is_told_as_silent_and_the_program_still_answers(
    desk: CardDesk, core: Core
) -> None:
    service = desk.service_pid
    os.kill(service, signal.SIGSTOP)
    try:
        status = core.state("card", DeviceState.ABSENT)
        assert {reason.code for reason in status.reasons} == {ReasonCode.SILENT}
        assert core.ask(ReadCard(request="1"))[0].outcome is Outcome.NOT_DONE
    finally:
        os.kill(service, signal.SIGCONT)
    core.state("card", DeviceState.READY)


def test_a_core_that_comes_later_asks_which_card_is_in(
    desk: CardDesk, program: CardProgram, core: Core
) -> None:
    desk.do("card", card="citizen-1")
    card = inserted(core)
    core.link.close()
    later = program.core()
    end, _handed = later.ask(ReadCard(request="1"))
    assert end.result == CardReading(SLOT, card.insertion)


def test_a_worker_killed_in_front_of_a_mute_card_leaves_nothing_behind(desk: CardDesk, core: Core) -> None:
    desk.do("card", card="citizen-1")
    card = inserted(core)
    victim = Client(desk)
    open_card(victim, card)
    desk.do("fault", device="card", fault="mute")
    asked = desk.do("state")["card"]["asked"]
    with pytest.raises(Refusal, match="card-mute"):
        victim.ask("sign", pin=PIN.decode())
    assert desk.do("state")["card"]["asked"] > asked, "its thread is still in front of the card"
    victim.close()
    desk.do("fault", device="card", fault="none")
    desk.do("card", pull=True)
    removed(core)
    desk.do("card", card="citizen-2")
    heir = Client(desk)
    assert signs(heir, open_card(heir, inserted(core)))
    heir.close()


def test_without_a_card_service_the_program_runs_and_says_so() -> None:
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as run:
        program = CardProgram(Path(run), "nowhere")
        core = program.core()
        while True:
            event, _handed = core.next()
            if isinstance(event, StatusChanged) and event.status.state is DeviceState.ABSENT:
                break
        assert {reason.code for reason in event.status.reasons} == {ReasonCode.SILENT}
        assert core.ask(ReadCard(request="1"))[0].outcome is Outcome.NOT_DONE
        assert program.close() == 0
