"""The virtual card in a real card service, read by programs that know nothing of us (Debian's pcscd and opensc)."""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from simulators.card_chip import IDENTITY_ATR
from simulators.reader_daemon import SLOT, why_not
from simulators.reader_room import READER_PORT
from tests.card_drawer import PIN, certificate_of
from tests.wire.card_desk import PATIENCE_S, CardDesk, card_desk

REASON = why_not() or (
    None if shutil.which("pkcs15-tool") else "opensc is not installed (apt-get install opensc)"
)
pytestmark = pytest.mark.skipif(REASON is not None, reason=str(REASON))

SELECT = "00A404000BA00000030800001000010000"
ASK_TRIES = "00200080"


@pytest.fixture(name="desk")
def _desk() -> Iterator[CardDesk]:
    with card_desk() as opened:
        yield opened


def put_in(desk: CardDesk, label: str) -> None:
    """A card, until the service has seen it; one that is in comes out before, and is seen to be out."""
    pull(desk)
    desk.do("card", card=label)
    until(lambda: slot(desk) == "Yes", f"{label} in the reader")


def pull(desk: CardDesk) -> None:
    """Take the card out, until the service has seen that."""
    desk.do("card", pull=True)
    until(lambda: slot(desk) == "No", "the empty slot")


def slot(desk: CardDesk) -> str:
    """What the service says of the first slot: is a card in it?"""
    lines = [line.split() for line in desk.tool("opensc-tool", "--list-readers").splitlines()]
    return next(words[1] for words in lines if words[0] == "0")


def until(condition: Callable[[], bool], what: str) -> None:
    """Look again until it is so; AssertionError naming `what` when it never is."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"


def send(desk: CardDesk, *commands: str) -> list[str]:
    """The status words that these commands get in one session."""
    asked = [word for command in commands for word in ("--send-apdu", command)]
    said = desk.tool("opensc-tool", "--card-driver", "default", *asked)
    answers = [line for line in said.splitlines() if line.startswith("Received")]
    return [line.partition("SW1=0x")[2][:2] + line.partition("SW2=0x")[2][:2] for line in answers]


def test_the_reader_is_there_and_only_inside_its_room(desk: CardDesk) -> None:
    assert SLOT in desk.tool("opensc-tool", "--list-readers")
    assert slot(desk) == "No"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", READER_PORT), timeout=PATIENCE_S)


def test_the_card_is_a_piv_card_to_opensc(desk: CardDesk) -> None:
    put_in(desk, "citizen-1")
    assert desk.tool("opensc-tool", "--atr").split()[0] == IDENTITY_ATR.hex(":")
    assert "Personal Identity Verification Card" in desk.tool("opensc-tool", "--name")
    first = desk.tool("piv-tool", "--serial").splitlines()[0]
    put_in(desk, "citizen-2")
    assert desk.tool("piv-tool", "--serial").splitlines()[0] != first, (
        "each card has an identifier of its own"
    )


def test_the_chuid_is_read(desk: CardDesk) -> None:
    put_in(desk, "citizen-1")
    said = desk.tool("opensc-tool", "-s", SELECT, "-s", "00CB3FFF055C035FC10200")
    assert "53 3B 30 19 D4 E7 39" in said, "a FASC-N of 25 bytes comes first"
    assert "20360228" in said, "and the day on which the card ends"


def test_the_certificate_is_read(desk: CardDesk) -> None:
    put_in(desk, "citizen-1")
    said = desk.tool("pkcs15-tool", "--read-certificate", "01")
    pem = (
        said[said.index("-----BEGIN") : said.index("-----END CERTIFICATE-----")]
        + "-----END CERTIFICATE-----\n"
    )
    assert x509.load_pem_x509_certificate(pem.encode()) == certificate_of(desk.card_file)


def test_a_signature_after_the_pin_is_the_cards(desk: CardDesk) -> None:
    put_in(desk, "citizen-1")
    hashed, signature = desk.run / "hash", desk.run / "signature"
    hashed.write_bytes(bytes(range(32)))
    sign = ("pkcs15-crypt", "--sign", "--key", "01", "--sha-256", "--signature-format", "openssl")
    desk.tool(*sign, "--input", str(hashed), "--output", str(signature), "--pin", PIN.decode())
    public = certificate_of(desk.card_file).public_key()
    assert isinstance(public, EllipticCurvePublicKey)
    public.verify(signature.read_bytes(), hashed.read_bytes(), ECDSA(Prehashed(SHA256())))


def test_wrong_pins_block_the_card(desk: CardDesk) -> None:
    put_in(desk, "citizen-1")
    for left in (2, 1, 0):
        desk.tool("pkcs15-tool", "--verify-pin", "--pin", "000000", fails=True)
        assert desk.do("state")["card"]["tries"] == left
    assert send(desk, SELECT, ASK_TRIES) == ["9000", "6983"]
    desk.do("card", unblock="citizen-1")
    desk.tool("pkcs15-tool", "--verify-pin", "--pin", PIN.decode())


def test_a_transit_card_has_no_piv_application(desk: CardDesk) -> None:
    put_in(desk, "transit-1")
    assert send(desk, SELECT) == ["6A82"]
    assert "Unsupported" in desk.tool("opensc-tool", "--name")


def test_a_pulled_card_is_gone(desk: CardDesk) -> None:
    put_in(desk, "citizen-1")
    pull(desk)
    assert desk.do("state")["card"]["connected"] is False


def test_no_answer_waits_for_a_late_acknowledgement(desk: CardDesk) -> None:
    """Without acknowledging at once each command takes 44 ms, with it 0.2 ms; the limit is far from both."""
    put_in(desk, "citizen-1")
    started = time.monotonic()
    assert send(desk, SELECT, *[ASK_TRIES] * 200) == ["9000", *["63C3"] * 200]
    assert time.monotonic() - started < 200 * 0.02


def test_two_services_at_once_have_each_their_own_card(desk: CardDesk) -> None:
    with card_desk() as other:
        put_in(desk, "citizen-1")
        assert slot(other) == "No"
        put_in(other, "citizen-2")
        serials = [one.tool("piv-tool", "--serial").splitlines()[0] for one in (desk, other)]
        assert serials[0] != serials[1]
        desk.reader.kill()
        assert other.tool("piv-tool", "--serial").splitlines()[0] == serials[1]


def test_a_service_that_was_killed_comes_back_to_the_card_in_the_slot(desk: CardDesk) -> None:
    put_in(desk, "citizen-1")
    desk.reader.kill()
    desk.tool("opensc-tool", "--atr", fails=True)
    desk.reader.start()
    until(lambda: slot(desk) == "Yes", "the card that was in all the time")
    assert send(desk, SELECT, ASK_TRIES) == ["9000", "63C3"]


def test_a_mute_card_holds_its_client_until_it_is_pulled(desk: CardDesk) -> None:
    put_in(desk, "citizen-1")
    desk.do("fault", device="card", fault="mute")
    asked = desk.do("state")["card"]["asked"]
    client = subprocess.Popen(
        ("opensc-tool", "--card-driver", "default", "--send-apdu", SELECT),
        env={**desk.reader.environment, "PATH": "/usr/bin:/bin", "HOME": str(desk.run)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: bool(desk.do("state")["card"]["asked"] > asked), "the command that gets no answer")
    assert client.poll() is None
    desk.do("card", pull=True)
    assert client.wait(PATIENCE_S) != 0


@pytest.mark.parametrize(
    "fault",
    [{"fault": "truncate", "bytes": 1}, {"fault": "pull", "ins": 0xA4}, {"fault": "atr"}],
    ids=lambda f: f["fault"],
)
def test_a_damaged_answer_is_an_error_to_the_client_and_the_next_card_is_well(
    desk: CardDesk, fault: dict[str, object]
) -> None:
    put_in(desk, "citizen-1")
    desk.do("fault", device="card", **fault)
    if fault["fault"] == "atr":
        pull(desk)
        desk.do("card", card="citizen-1")
    desk.tool("opensc-tool", "--card-driver", "default", "--send-apdu", SELECT, fails=True)
    desk.do("fault", device="card", fault="none")
    put_in(desk, "staff-1")
    assert send(desk, SELECT, ASK_TRIES) == ["9000", "63C3"]
