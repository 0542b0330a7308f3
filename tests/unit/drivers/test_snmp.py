"""A printer's life count by SNMP: what an answer has to be, and that any other one is no number."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyasn1.codec.ber import decoder, encoder
from pysnmp.proto.api import v1, v2c

from drivers.contract import DeviceError
from drivers.page_printer.snmp import LIFE_COUNT, UNIT, Datagram, Dialect, LifeCount, SnmpSettings
from drivers.scheduler import Scheduler, Task

ASKED = 7
IMPRESSIONS, SHEETS, HOURS = 7, 8, 11
VERSIONS: dict[str, Any] = {"1": v1, "2c": v2c}


def dialect(version: str = "2c") -> Dialect:
    return Dialect(SnmpSettings("public", version=version))


def answer(
    version: str = "2c", *, unit: int = IMPRESSIONS, count: int = 41, request: int = ASKED, error: int = 0
) -> bytes:
    """What an agent says to that question."""
    asn1 = VERSIONS[version]
    message, _ = decoder.decode(dialect(version).question(request), asn1Spec=asn1.Message())
    response = asn1.apiMessage.get_response(message)
    pdu = asn1.apiMessage.get_pdu(response)
    asn1.apiPDU.set_varbinds(
        pdu,
        [(UNIT, asn1.Integer(unit)), (LIFE_COUNT, asn1.Counter(count))]
        if version == "1"
        else [(UNIT, asn1.Integer32(unit)), (LIFE_COUNT, asn1.Counter32(count))],
    )
    asn1.apiPDU.set_error_status(pdu, error)
    raw: bytes = encoder.encode(response)
    return raw


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("unit", [IMPRESSIONS, SHEETS])
def test_a_count_of_pages_is_read(version: str, unit: int) -> None:
    assert dialect(version).count(answer(version, unit=unit), ASKED) == 41


@pytest.mark.parametrize("version", VERSIONS)
def test_an_agent_that_counts_hours_or_has_no_such_object_says_no_number(version: str) -> None:
    assert dialect(version).count(answer(version, unit=HOURS), ASKED) is None
    assert dialect(version).count(answer(version, error=2), ASKED) is None


@pytest.mark.parametrize(("told", "count"), [(2**32 - 1, 2**32 - 1), (2**32, None), (2**64 - 1, None)])
def test_what_no_counter32_can_say_is_no_number(told: int, count: int | None) -> None:
    """A life count that is a Counter64 is believed as far as one of 32 bits goes."""
    message, _ = decoder.decode(dialect().question(ASKED), asn1Spec=v2c.Message())
    response = v2c.apiMessage.get_response(message)
    bound = [(UNIT, v2c.Integer32(IMPRESSIONS)), (LIFE_COUNT, v2c.Counter64(told))]
    v2c.apiPDU.set_varbinds(v2c.apiMessage.get_pdu(response), bound)
    assert dialect().count(encoder.encode(response), ASKED) == count


def test_an_object_that_is_not_there_is_no_number() -> None:
    message, _ = decoder.decode(dialect().question(ASKED), asn1Spec=v2c.Message())
    response = v2c.apiMessage.get_response(message)
    pdu = v2c.apiMessage.get_pdu(response)
    missing = [(UNIT, v2c.Integer32(IMPRESSIONS)), (LIFE_COUNT, v2c.NoSuchObject(""))]
    v2c.apiPDU.set_varbinds(pdu, missing)
    assert dialect().count(encoder.encode(response), ASKED) is None


def test_an_answer_to_another_question_is_not_taken_for_this_one() -> None:
    with pytest.raises(ValueError, match="no answer to this question"):
        dialect().count(answer(request=ASKED + 1), ASKED)
    with pytest.raises(ValueError, match="no answer to this question"):
        dialect().count(dialect().question(ASKED), ASKED)


# An answer whose request id says that it is more bytes long than a number can say.
ENDLESS = bytes.fromhex(
    "303f02010104067075626c6963a2320288d32a010502010002010030273011060c2b060102012b0a0201030101020107"
    "3012060c2b060102012b0a0201040101410204d2"
)
# Lengths of no end, of up to eight bytes; the tags of sequence, number, OID, null, counter and "no such object".
ODD = bytes((0x00, 0x7F, 0x80, 0x81, 0x84, 0x88, 0xFF, 0x30, 0x02, 0x06, 0x05, 0x41, 0x80, 0xA2))


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A genuine answer with bytes altered, put in, left out, and cut."""
    raw = bytearray(answer(draw(st.sampled_from(list(VERSIONS)))))
    byte = st.integers(0, 255) | st.sampled_from(ODD)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(raw) - 1))
        raw[at : at + draw(st.integers(0, 2))] = bytes(draw(st.lists(byte, min_size=1, max_size=2)))
    return bytes(raw[: draw(st.integers(len(raw) // 2, len(raw)))])


@given(st.binary(max_size=80) | damaged(), st.sampled_from(list(VERSIONS)))
@example(b"", "2c")
@example(ENDLESS, "1")
@example(ENDLESS, "2c")
@example(bytes.fromhex("3080") * 2_000, "2c")
def test_any_bytes_are_a_number_no_number_or_refused(raw: bytes, version: str) -> None:
    try:
        count = dialect(version).count(raw, ASKED)
    except ValueError:
        return
    assert count is None or 0 <= count < 2**32


@pytest.fixture
def agent() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(5.0)
        yield sock


@pytest.mark.parametrize("noise", [ENDLESS, b"", b"\x30\x88" + b"\xff" * 8], ids=["endless", "empty", "long"])
def test_a_datagram_that_nobody_can_read_is_passed_over_and_the_answer_behind_it_is_heard(
    agent: socket.socket, noise: bytes
) -> None:
    life = LifeCount("127.0.0.1", SnmpSettings("public", port=agent.getsockname()[1]))
    turns, counts = Scheduler(), list[int | None]()

    def asks() -> Task[None]:
        counts.append((yield from life.read(turns.now)))

    turns.start(asks())
    turns.tick(0.0)
    _question, asker = agent.recvfrom(4_096)
    agent.sendto(noise, asker)
    agent.sendto(answer(request=1), asker)
    turns.tick(0.1)
    turns.tick(0.2)
    assert counts == [41]


class Looked(Dialect):
    """Notes how many datagrams it was shown."""

    shown = 0

    def count(self, raw: bytes, request_id: int) -> int | None:
        self.shown += 1
        return super().count(raw, request_id)


def test_an_agent_that_sends_nonsense_without_end_costs_one_look_a_turn_and_its_own_time(
    agent: socket.socket,
) -> None:
    settings = SnmpSettings("public", port=agent.getsockname()[1])
    looked = Looked(settings)
    asking = Datagram(LifeCount("127.0.0.1", settings), agent.getsockname(), looked, ASKED)
    asking.begin(0.0)
    _question, asker = agent.recvfrom(4_096)
    for _ in range(50):
        agent.sendto(b"nonsense", asker)
    for turn in range(1, 4):
        assert asking.step(0.1) is not None
        assert looked.shown == turn
    assert asking.step(10.0) is None
    with pytest.raises(DeviceError, match="does not answer"):
        asking.result()
