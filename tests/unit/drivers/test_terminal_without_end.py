"""A terminal that acknowledges and then never ends what it was asked: each dialogue has an end of its own."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_terminal import messages as zvt
from drivers.card_terminal.apdu import Apdu
from drivers.card_terminal.bus import TerminalBus
from drivers.card_terminal.dialogue import MOST_MESSAGES, WHOLE_S, Dialogue, Ending
from drivers.card_terminal.tcp import TcpPort
from drivers.card_terminal.terminal import POLL_S
from drivers.contract import (
    Authorise,
    Capture,
    DeviceError,
    DeviceState,
    ErrorCode,
    Outcome,
    ReadTerminal,
    ReasonCode,
    Reverse,
)
from drivers.serial_line import SerialLine
from tests.unit.drivers.odd_terminal import ACK, OddTerminal, well
from tests.unit.drivers.virtual import Clockwork

PROMPT = Apdu(zvt.INTERMEDIATE).encode()
STATUS = Apdu(zvt.STATUS, b"\x27\x00").encode()
# As long as one byte more is on its way every time, no time-out of silence ends it.
CHATTERS = (b"", PROMPT, STATUS, Apdu(0x06D1, bytes(200)).encode())


def only_acknowledges(said: Apdu) -> bytes:
    """It takes us in, and of everything else it says that it has heard it."""
    return well(said) if said.code in (0x0600, zvt.ACKNOWLEDGED) else ACK


class Till:
    """A driver and an odd terminal, well at first."""

    def __init__(self) -> None:
        self.far, self.clockwork = OddTerminal(), Clockwork()
        self.bus = TerminalBus("192.0.2.1:1", self.clockwork.emit, open_port=self.far.open)
        self.clockwork.bus = self.bus
        self.clockwork.until(lambda: self.state is DeviceState.READY, 10)

    @property
    def state(self) -> DeviceState:
        return self.bus.statuses()[0].state

    def turns_odd(self, chatter: bytes, answer: Callable[[Apdu], bytes] = only_acknowledges) -> None:
        self.far.answer, self.far.chatter = answer, chatter


@pytest.mark.parametrize("chatter", CHATTERS, ids=["silence", "prompts", "statuses", "receipts"])
def test_an_enquiry_without_an_end_makes_the_terminal_silent_and_it_is_tried_again(chatter: bytes) -> None:
    till = Till()
    till.turns_odd(chatter)
    till.clockwork.until(lambda: till.state is DeviceState.ABSENT, POLL_S + WHOLE_S + 1)
    assert till.clockwork.reasons("terminal") == {ReasonCode.SILENT}
    opened = till.far.opened
    till.clockwork.pass_time(2 * WHOLE_S + 5)
    assert till.far.opened > opened
    assert till.state is DeviceState.ABSENT
    till.turns_odd(b"", well)
    till.clockwork.until(lambda: till.state is DeviceState.READY, WHOLE_S + 5)


def test_a_registration_without_an_end_is_given_up_and_tried_again() -> None:
    till = Till()
    till.turns_odd(PROMPT, lambda said: b"" if said.code == zvt.ACKNOWLEDGED else ACK)
    opened = till.far.opened
    till.clockwork.pass_time(3 * WHOLE_S)
    assert till.far.opened >= opened + 2
    assert till.state is DeviceState.ABSENT


@pytest.mark.parametrize("chatter", CHATTERS, ids=["silence", "prompts", "statuses", "receipts"])
@pytest.mark.parametrize("kind", [Authorise, Capture, Reverse])
def test_a_payment_without_an_end_is_unknown_by_its_deadline(kind: type, chatter: bytes) -> None:
    """Nothing is concluded from silence: what became of it is for the terminal's memory to tell."""
    sums: dict[Any, dict[str, int]] = {
        Authorise: {"amount": 500},
        Capture: {"receipt": 7, "reserved": 500, "amount": 500},
    }
    till = Till()
    till.turns_odd(chatter)
    opened, began = till.far.opened, till.clockwork.now
    given = sums.get(kind, {"receipt": 7})
    end = till.clockwork.run(kind, key="O-c1", **given, deadline_ms=18_000)
    assert end.outcome is Outcome.UNKNOWN
    assert till.clockwork.now - began < 18.1
    till.clockwork.pass_time(2)
    assert till.far.opened == opened + 1, "what it still says of that must not be heard as an answer to more"


def test_a_question_for_the_memory_without_an_end_proves_nothing_and_is_over_in_time() -> None:
    till = Till()
    till.turns_odd(b"", lambda said: ACK if said.code == 0x0623 else well(said))
    end = till.clockwork.run(ReadTerminal, deadline_ms=5_000)
    assert (end.outcome, end.result) == (Outcome.NOT_DONE, None)


def dialogue(far: OddTerminal) -> Dialogue:
    line = SerialLine("192.0.2.1:1", 0, far.open)
    next(line.keep_open())
    begun = Dialogue(line, zvt.enquire())
    begun.begin(0.0)
    return begun


def followed(begun: Dialogue, far: OddTerminal, steps: int) -> Ending | DeviceError | None:
    """How it ends; None: not within so many steps of no time at all."""
    for _ in range(steps):
        try:
            ending = begun.step(0.0)
        except DeviceError as error:
            return error
        if ending is not None:
            return ending
    return None


@pytest.mark.parametrize("message", [PROMPT, STATUS, ACK])
def test_a_terminal_that_talks_and_never_listens_fills_no_memory(message: bytes) -> None:
    far = OddTerminal()
    begun = dialogue(far)
    far.answer = lambda _said: ACK
    begun.step(0.0)
    begun.stop()
    far.deaf, far.chatter = True, message
    end = followed(begun, far, MOST_MESSAGES + 10)
    assert isinstance(end, DeviceError)
    assert end.outcome is Outcome.UNKNOWN
    assert len(begun._outgoing) <= 3 * MOST_MESSAGES + 64


@given(
    st.lists(st.binary(max_size=40) | st.sampled_from((ACK, PROMPT, STATUS, b"\x06\x0f\x00")), max_size=20)
)
def test_whatever_a_terminal_says_a_dialogue_ends_or_goes_on_and_fails_in_its_own_way(
    said: list[bytes],
) -> None:
    far = OddTerminal(lambda _said: b"")
    begun = dialogue(far)
    for piece in said:
        far.chatter = piece
        end = followed(begun, far, 1)
        if end is not None:
            assert isinstance(end, Ending) or type(end).__module__.startswith("drivers.")
            return
    far.chatter = b""
    with pytest.raises(DeviceError) as late:
        begun.step(WHOLE_S)
    assert (late.value.code, late.value.outcome) == (ErrorCode.TIMEOUT, Outcome.UNKNOWN)


@contextlib.contextmanager
def flooding() -> Iterator[str]:
    """A far end on the loopback that sends without an end; its address."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:

        def pour() -> None:
            caller, _ = door.accept()
            with caller, contextlib.suppress(OSError):
                while not over.is_set():
                    caller.sendall(b"\x04\xff\x00" * 20_000)

        thread = threading.Thread(target=pour)
        thread.start()
        try:
            yield f"127.0.0.1:{door.getsockname()[1]}"
        finally:
            over.set()
            thread.join(10)


def test_what_nobody_waits_for_is_not_read_for_ever() -> None:
    refused = pytest.raises(OSError, match="without an end")
    with flooding() as address, contextlib.closing(TcpPort(address, 0)) as port, refused:
        discard_for(10.0, port)


def discard_for(seconds: float, port: TcpPort) -> None:
    """Once returns where the sender was slower just then."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        port.discard()
