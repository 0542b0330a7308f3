"""The card dialogue against cards that do what no good card does: it believes nothing, and keeps no PIN."""

import contextlib
import itertools
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.card_reader.service import PcscService, ServiceLost
from kiosk.protocol.identity import CITIZEN_CARD
from kiosk.worker import piv
from kiosk.worker.card import (
    NO_READERS,
    CardBroken,
    CardCode,
    CardError,
    CardMute,
    Channel,
    IdentityCard,
    NoCard,
    ReaderGone,
)
from kiosk.worker.card_patience import PatientTransport
from kiosk.worker.pcsc import PcscTransport
from kiosk.worker.refusals import Code, WorkError

NOW = datetime(2026, 9, 1, tzinfo=UTC)
NOW_S = int(NOW.timestamp())
KEY = ec.generate_private_key(ec.SECP256R1())
PIN = b"123456"
STATEMENT = bytes(range(32))
PATIENCE_S = 10.0


def certificate(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = KEY, policy: str = CITIZEN_CARD, days: int = 30
) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.SERIAL_NUMBER, "000000000001")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1)
    builder = builder.not_valid_before(NOW - timedelta(days=90)).not_valid_after(NOW + timedelta(days=days))
    if policy:
        said = x509.PolicyInformation(x509.ObjectIdentifier(policy), None)
        builder = builder.add_extension(x509.CertificatePolicies([said]), critical=False)
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


def tlv(tag: int, value: bytes) -> bytes:
    size = len(value)
    length = bytes([size]) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + value


def read_as(der: bytes) -> bytes:
    return tlv(0x53, tlv(0x70, der) + tlv(0x71, b"\x00") + tlv(0xFE, b""))


class Card:
    """A card as a table of answers by instruction; it is its own reader and keeps the commands it was given."""

    def __init__(self, **answers: bytes) -> None:
        good = {
            "select": tlv(0x61, b"") + b"\x90\x00",
            "read": read_as(certificate()) + b"\x90\x00",
            "tries": b"\x63\xc3",
            "verify": b"\x90\x00",
            "sign": tlv(0x7C, tlv(0x82, KEY.sign(STATEMENT, ec.ECDSA(Prehashed(SHA256()))))) + b"\x90\x00",
        }
        self.answers = good | answers
        self.count = 1
        self.given: list[bytes | bytearray] = []
        self.shown: list[bytes | bytearray] = []
        self.closed = 0
        self.during: Callable[[str], None] = lambda _name: None

    def connect(self, reader: str) -> "Card":
        return self

    def counter(self) -> int:
        return self.count

    def noticed(self) -> int:
        return self.counter()

    def begin(self) -> None: ...

    def end(self) -> None: ...

    def transmit(self, command: bytes | bytearray) -> bytes:
        name = {0xA4: "select", 0xCB: "read", 0x20: "verify", 0x87: "sign"}.get(command[1], "more")
        name = "tries" if name == "verify" and len(command) == 4 else name
        self.given.append(command)
        if name == "verify":
            self.shown.append(command)
        self.during(name)
        return self.answers.get(name, b"\x6d\x00")

    def close(self) -> None:
        self.closed += 1


def opened(card: Card) -> IdentityCard:
    session = IdentityCard(card, "reader", 1)
    session.open(NOW_S)
    return session


def code_of(what: Callable[[], object]) -> CardCode:
    with pytest.raises(CardError) as refused:
        what()
    return refused.value.card_code


def test_a_card_that_identifies_is_read_and_signs() -> None:
    card = Card()
    session = opened(card)
    assert session.sign(bytearray(PIN), STATEMENT)
    assert card.closed == 0
    session.close()
    session.close()
    assert card.closed == 1


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, None),
        ({"verify": b"\x63\xc2"}, CardCode.PIN_WRONG),
        ({"verify": b"\x69\x83"}, CardCode.PIN_BLOCKED),
        ({"verify": b"\x63\xc0"}, CardCode.PIN_BLOCKED),
        ({"verify": b"\x6a\x80"}, CardCode.CARD_UNREADABLE),
        ({"sign": b"\x69\x82"}, CardCode.CARD_UNREADABLE),
        ({"sign": b""}, CardCode.CARD_UNREADABLE),
    ],
    ids=["signed", "wrong", "blocked", "none left", "refused", "not signed", "silent"],
)
def test_the_pin_is_wiped_however_it_ends(answers: dict[str, bytes], code: CardCode | None) -> None:
    card = Card(**answers)
    session, pin = opened(card), bytearray(PIN)
    if code is None:
        session.sign(pin, STATEMENT)
    else:
        assert code_of(lambda: session.sign(pin, STATEMENT)) is code
    assert pin == bytes(len(PIN))
    (shown,) = card.shown
    assert shown == bytes(len(shown)), "the command it was in, too"


@pytest.mark.parametrize("pin", [b"12345", b"123456789", b"12 456", b""])
def test_a_pin_that_can_be_none_is_wiped_and_not_shown_to_the_card(pin: bytes) -> None:
    card = Card()
    session, typed = opened(card), bytearray(pin)
    assert code_of(lambda: session.sign(typed, STATEMENT)) is CardCode.PIN_MALFORMED
    assert typed == bytes(len(pin))
    assert card.shown == []
    assert session.sign(bytearray(PIN), STATEMENT)


def test_without_an_open_card_nothing_is_signed_and_the_pin_is_wiped() -> None:
    pin = bytearray(PIN)
    with pytest.raises(WorkError) as refused:
        IdentityCard(Card(), "reader", 1).sign(pin, STATEMENT)
    assert refused.value.code == Code.OUT_OF_ORDER
    assert pin == bytes(len(PIN))


def test_the_tries_left_are_told_before_and_after_a_wrong_pin() -> None:
    card = Card(tries=b"\x63\xc2", verify=b"\x63\xc1")
    session = IdentityCard(card, "reader", 1)
    assert session.open(NOW_S).tries == 2
    with pytest.raises(CardError) as refused:
        session.sign(bytearray(PIN), STATEMENT)
    assert refused.value.tries == 1


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"select": b"\x6a\x82"}, CardCode.CARD_WRONG_KIND),
        ({"select": b"\x6d\x00"}, CardCode.CARD_WRONG_KIND),
        ({"select": b"\x6f\x00"}, CardCode.CARD_UNREADABLE),
        ({"select": b"\x90\x00"}, CardCode.CARD_UNREADABLE),
        ({"read": b"\x6a\x82"}, CardCode.CARD_UNREADABLE),
        ({"read": read_as(b"no certificate") + b"\x90\x00"}, CardCode.CARD_UNREADABLE),
        ({"read": read_as(certificate(policy="")) + b"\x90\x00"}, CardCode.CARD_UNREADABLE),
        ({"read": read_as(certificate(policy="1.2.3")) + b"\x90\x00"}, CardCode.CARD_WRONG_KIND),
        ({"read": read_as(certificate(days=-1)) + b"\x90\x00"}, CardCode.CARD_EXPIRED),
        ({"tries": b"\x69\x83"}, CardCode.PIN_BLOCKED),
        ({"tries": b"\x6f\x00"}, CardCode.CARD_UNREADABLE),
    ],
)
def test_what_can_not_identify_is_told_by_its_code_and_let_go(
    answers: dict[str, bytes], code: CardCode
) -> None:
    card = Card(**answers)
    assert code_of(lambda: opened(card)) is code
    assert card.closed == 1


def test_a_key_of_another_kind_is_unreadable() -> None:
    key = rsa.generate_private_key(65537, 2048)
    card = Card(read=read_as(certificate(key)) + b"\x90\x00")
    assert code_of(lambda: opened(card)) is CardCode.CARD_UNREADABLE


def test_a_signature_of_another_key_is_none() -> None:
    other = ec.generate_private_key(ec.SECP256R1()).sign(STATEMENT, ec.ECDSA(Prehashed(SHA256())))
    card = Card(sign=tlv(0x7C, tlv(0x82, other)) + b"\x90\x00")
    session = opened(card)
    assert code_of(lambda: session.sign(bytearray(PIN), STATEMENT)) is CardCode.CARD_UNREADABLE
    assert card.closed == 1


def test_a_card_with_another_certificate_is_another_card_and_never_sees_the_pin() -> None:
    card = Card()
    session = opened(card)
    card.answers["read"] = read_as(certificate(days=31)) + b"\x90\x00"
    assert code_of(lambda: session.sign(bytearray(PIN), STATEMENT)) is CardCode.CARD_CHANGED
    assert (card.shown, card.closed) == ([], 1)


@pytest.mark.parametrize("name", ["select", "read", "verify", "sign"])
def test_a_reader_that_counts_on_during_a_step_has_another_card(name: str) -> None:
    card = Card()
    session = opened(card)

    def swap(now: str) -> None:
        card.count += now == name

    card.during = swap
    assert code_of(lambda: session.sign(bytearray(PIN), STATEMENT)) is CardCode.CARD_CHANGED
    assert card.closed == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NoCard, CardCode.CARD_REMOVED),
        (CardBroken, CardCode.CARD_UNREADABLE),
        (CardMute, CardCode.CARD_MUTE),
        (ReaderGone, CardCode.READER_GONE),
    ],
)
def test_a_connection_that_fails_once_is_not_used_again(error: type[Exception], code: CardCode) -> None:
    card = Card()
    session = opened(card)

    def fail(_name: str) -> None:
        raise error

    card.during = fail
    assert code_of(lambda: session.sign(bytearray(PIN), STATEMENT)) is code
    card.during = lambda _name: None
    with pytest.raises(WorkError, match="no card is open"):
        session.sign(bytearray(PIN), STATEMENT)
    assert (card.closed, card.shown) == (1, [])


class Babbler(Card):
    """A card that says the same things round and round, whatever it is asked."""

    def __init__(self, said: list[bytes]) -> None:
        super().__init__()
        self._said = itertools.cycle(said)

    def transmit(self, command: bytes | bytearray) -> bytes:
        return next(self._said)


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=12))
def test_whatever_a_card_says_it_is_a_card_error_or_a_signature(said: list[bytes]) -> None:
    card = Babbler(said)
    with pytest.raises(CardError) as refused:
        opened(card)
    assert refused.value.card_code in CardCode
    assert card.closed == 1


@given(st.binary(max_size=60))
def test_any_bytes_are_taken_apart_or_garbled(data: bytes) -> None:
    for read in (piv.certificate_of, piv.signature_of, piv.check_selected):
        with contextlib.suppress(piv.Garbled):
            read(data)


@given(st.binary(max_size=2_000))
def test_a_certificate_of_any_length_comes_out_as_it_went_in(der: bytes) -> None:
    assert piv.certificate_of(read_as(der)) == der


def test_a_long_answer_is_fetched_in_portions_and_an_endless_one_is_given_up() -> None:
    portions = iter([b"ab\x61\x02", b"cd\x61\x01", b"e\x90\x00"])
    assert piv.ask(lambda _command: next(portions), piv.READ_CERTIFICATE) == piv.Answer(b"abcde", piv.OK)
    with pytest.raises(piv.Garbled, match="without an end"):
        piv.ask(lambda _command: bytes(256) + b"\x61\x00", piv.READ_CERTIFICATE)
    with pytest.raises(piv.Garbled, match="nothing comes"):
        piv.ask(lambda _command: b"\x61\x00", piv.READ_CERTIFICATE)


def test_a_wrong_length_is_asked_again_but_a_pin_is_never_sent_twice() -> None:
    given: list[bytes] = []

    def answer(command: bytes | bytearray) -> bytes:
        given.append(bytes(command))
        return b"\x6c\x09" if len(given) == 1 else b"\x90\x00"

    piv.ask(answer, piv.SELECT)
    assert given == [piv.SELECT, piv.SELECT[:-1] + b"\x09"]
    given.clear()
    assert piv.ask(answer, piv.verify(PIN)).status == 0x6C09
    assert len(given) == 1


class Stuck(Card):
    """A card that answers nothing until it is pulled."""

    def __init__(self) -> None:
        super().__init__()
        self.pulled = threading.Event()
        self.was_closed = threading.Event()
        self.stuck_at = "sign"
        self.during = lambda name: self._wait() if name == self.stuck_at else None

    def connect(self, reader: str) -> "Stuck":
        if self.stuck_at == "connect":
            self._wait()
        return self

    def _wait(self) -> None:
        assert self.pulled.wait(PATIENCE_S)

    def close(self) -> None:
        super().close()
        self.was_closed.set()


def test_patience_with_a_mute_card_ends_and_what_it_holds_is_given_back_when_it_is_pulled() -> None:
    card = Stuck()
    transport = PatientTransport(card, PATIENCE_S)
    session = IdentityCard(transport, "reader", 1)
    session.open(NOW_S)
    transport.patience_s = 0.05
    pin = bytearray(PIN)
    assert code_of(lambda: session.sign(pin, STATEMENT)) is CardCode.CARD_MUTE
    assert pin == bytes(len(PIN))
    assert not card.was_closed.is_set(), "its thread is in front of the card"
    card.pulled.set()
    assert card.was_closed.wait(PATIENCE_S)


def test_a_connection_that_comes_when_nobody_waits_any_more_is_given_back() -> None:
    card = Stuck()
    card.stuck_at = "connect"
    session = IdentityCard(PatientTransport(card, patience_s=0.05), "reader", 1)
    assert code_of(lambda: session.open(NOW_S)) is CardCode.CARD_MUTE
    card.pulled.set()
    assert card.was_closed.wait(PATIENCE_S)
    assert card.closed == 1


def test_after_the_patience_nobody_waits_a_second_time() -> None:
    card = Stuck()
    channel: Channel = PatientTransport(card, patience_s=0.05).connect("reader")
    with pytest.raises(CardMute):
        channel.transmit(piv.sign(STATEMENT))
    given = len(card.given)
    for call in (channel.counter, channel.begin, channel.end, lambda: channel.transmit(piv.SELECT)):
        with pytest.raises(CardMute):
            call()
    assert len(card.given) == given
    channel.close()
    card.pulled.set()
    assert card.was_closed.wait(PATIENCE_S)


def test_a_machine_without_the_card_library_says_so_and_all_else_imports(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", "")  # put back afterwards
    monkeypatch.setitem(sys.modules, "smartcard", None)
    with pytest.raises(ReaderGone, match="pyscard is not installed"):
        PcscTransport("/nowhere").connect("reader")
    with pytest.raises(ServiceLost, match="pyscard is not installed"):
        PcscService()
    session = IdentityCard(NO_READERS, "reader", 1)
    assert code_of(lambda: session.open(NOW_S)) is CardCode.READER_GONE
