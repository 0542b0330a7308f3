"""A card is believed when the card authority signed it, it may be used now, and it signed what was asked."""

import json
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import example, given
from hypothesis import strategies as st

from central.authority import card_files, pki
from central.authority.cards import CardError, check_signature, check_use, read_card
from central.authority.pki import Identity
from central.registers.residents import known
from kiosk.protocol.identity import CITIZEN_CARD, STAFF_CARD
from tests.unit.central.citizen import Chip
from tests.unit.central.office import NOON

SAID = bytes(range(32))
KEY = ec.generate_private_key(ec.SECP256R1())
AUTHORITY = Identity(pki.make_ca(KEY, NOON, "card CA"), KEY)


def der_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def a_card(number: str = "000000000001", policy: str = CITIZEN_CARD, since: datetime = NOON) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return der_of(pki.make_card(AUTHORITY, number, policy, key, since))


def refusal(der: bytes, now: datetime = NOON) -> str:
    try:
        check_use(read_card(AUTHORITY.certificate, der, now), now)
    except CardError as error:
        return error.code
    return ""


def test_a_genuine_card_says_its_number_and_nobodys_name() -> None:
    der = a_card("000000000042")
    card = read_card(AUTHORITY.certificate, der, NOON)
    assert (card.number, card.policy) == ("000000000042", CITIZEN_CARD)
    subject = x509.load_der_x509_certificate(der).subject
    assert subject.rfc4514_string() == "2.5.4.5=000000000042,O=행정안전부 (모의),C=KR"
    assert refusal(der) == ""


def test_a_card_is_of_use_for_ten_years_and_for_citizens() -> None:
    der = a_card()
    assert refusal(der, NOON + timedelta(days=pki.CARD_DAYS - 1)) == ""
    ended = NOON + timedelta(days=pki.CARD_DAYS, seconds=1)
    later = Identity(pki.make_ca(KEY, ended, "card CA"), KEY)
    with pytest.raises(CardError, match="card-expired"):
        check_use(read_card(later.certificate, der, ended), ended)
    assert refusal(a_card(since=NOON + timedelta(days=1))) == "card-invalid"
    assert refusal(a_card(policy=STAFF_CARD)) == "card-wrong-kind"


def test_no_card_counts_once_its_authority_has_ended() -> None:
    assert refusal(a_card(), NOON + timedelta(days=pki.CA_DAYS + 1)) == "card-invalid"


def test_a_card_of_another_authority_is_none_though_it_bears_the_same_name() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    other = Identity(pki.make_ca(key, NOON, "card CA"), key)
    assert refusal(der_of(pki.make_card(other, "000000000001", CITIZEN_CARD, KEY, NOON))) == "card-invalid"


def test_the_authoritys_own_certificates_and_machines_are_no_cards() -> None:
    machine = pki.make_kiosk(AUTHORITY, "000000000001", KEY, NOON)
    assert refusal(der_of(AUTHORITY.certificate)) == "card-invalid"
    assert refusal(der_of(machine)) == "card-invalid"


@pytest.mark.parametrize("number", ["", "1", "0000000000012", "00000000000a"])
def test_a_number_that_is_not_twelve_digits_is_none(number: str) -> None:
    if number:
        assert refusal(a_card(number)) == "card-invalid"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    builder = pki._leaf(AUTHORITY, name, KEY, NOON, 10, x509.ObjectIdentifier("1.3.6.1.5.5.7.3.2"))
    assert refusal(der_of(builder.sign(KEY, SHA256()))) == "card-invalid"


def test_a_card_of_an_unknown_kind_or_with_another_sort_of_key_is_none() -> None:
    assert refusal(a_card(policy="1.3.6.1.4.1.99999.7.3")) == "card-invalid"
    p384 = ec.generate_private_key(ec.SECP384R1())
    assert (
        refusal(der_of(pki.make_card(AUTHORITY, "000000000001", CITIZEN_CARD, p384, NOON))) == "card-invalid"
    )
    big = rsa.generate_private_key(65_537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.SERIAL_NUMBER, "000000000001")])
    builder = x509.CertificateBuilder(AUTHORITY.certificate.subject, name, big.public_key(), 7)
    certificate = builder.not_valid_before(NOON).not_valid_after(NOON).sign(KEY, SHA256())
    assert refusal(der_of(certificate)) == "card-invalid"


@given(st.binary(max_size=200))
def test_garbage_is_no_card(der: bytes) -> None:
    assert refusal(der) == "card-invalid"


GENUINE = a_card()


SIGNED = len(x509.load_der_x509_certificate(GENUINE).tbs_certificate_bytes)


@pytest.mark.filterwarnings(
    "ignore:Parsed a serial number"
)  # said of a serial number that was changed to 0 or less
@given(st.integers(0, SIGNED + 3), st.integers(1, 255))
@example(12, 1)  # the version of the format
def test_a_card_with_one_signed_byte_changed_is_none(place: int, change: int) -> None:
    changed = bytearray(GENUINE)
    changed[place] ^= change
    assert refusal(bytes(changed)) == "card-invalid"


def test_a_signature_counts_for_what_was_said_and_by_this_card_only() -> None:
    cards = card_files.demonstration_cards(AUTHORITY, NOON)
    one, other = (Chip(card) for card in cards[:2])
    card = read_card(AUTHORITY.certificate, one.certificate, NOON)
    check_signature(card, SAID, one.sign(SAID))
    for wrong in (other.sign(SAID), one.sign(SAID[::-1]), b"", b"\x30\x00"):
        with pytest.raises(CardError, match="card-invalid"):
            check_signature(card, SAID, wrong)


def test_the_card_files_hold_what_a_simulated_card_needs(tmp_path: Path) -> None:
    card_files.write_cards(tmp_path, card_files.demonstration_cards(AUTHORITY, NOON))
    files = {file.stem: json.loads(file.read_text()) for file in tmp_path.iterdir()}
    special = {"expired", "lost", "newer", "unknown", "staff", "transit"}
    assert set(files) == {f"citizen-{number}" for number in range(1, 11)} | special
    assert files["citizen-1"]["pin"] == "123456"
    assert files["unknown"]["number"] == known.NOBODY
    for label, card in files.items():
        assert (card["label"], card["tries"]) == (label, 3)
        assert len(card["pin"]) == 6
        assert card["pin"].isdigit()
        if card["kind"] == "transit":
            assert card["key_pem"] == card["certificate_pem"] == ""
            continue
        der = Chip(card_files.CardFile(**card)).certificate
        code = {"expired": "card-expired", "staff": "card-wrong-kind"}.get(label, "")
        assert refusal(der) == code
        assert read_card(AUTHORITY.certificate, der, NOON).number == card["number"]
        assert card["about"], label
    assert len({card["pin"] for card in files.values()}) == len(files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
