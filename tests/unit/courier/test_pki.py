"""A certificate, a key or a CA that is no good is named when the courier starts: never "central is not there"."""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.courier.pki import check_pki
from kiosk.protocol import exits
from kiosk.settings import SettingsError
from tests.unit.courier.pki import ONE_DAY, Authority

NOW_S = time.time()


@pytest.fixture
def made(tmp_path: Path) -> Authority:
    authority = Authority(tmp_path / "pki")
    authority.issue("kiosk")
    return authority


def check(pki: Path, now_s: float = NOW_S) -> None:
    check_pki(pki / "kiosk.pem", pki / "kiosk.key", pki / "ca.pem", now_s)


def encrypted(pem: bytes) -> bytes:
    key = serialization.load_pem_private_key(pem, None)
    how = serialization.BestAvailableEncryption(b"secret")
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)


def test_what_central_gave_is_taken_with_words_before_it_and_a_chain_behind(made: Authority) -> None:
    check(made.directory)
    certificate = made.directory / "kiosk.pem"
    chain = certificate.read_bytes() + (made.directory / "ca.pem").read_bytes()
    certificate.write_bytes("Subject: CN=영등포\n".encode() + chain)
    check(made.directory)


@pytest.mark.parametrize("name", ["kiosk.pem", "kiosk.key", "ca.pem"])
@pytest.mark.parametrize(
    "spoilt",
    [
        lambda _: b"",
        lambda _: b"\xff\x00garbage" * 999,
        lambda pem: pem[: len(pem) // 2],
        lambda pem: pem.replace(b"A", b"B"),
        lambda pem: b"\n".join(pem.splitlines()[:1] + pem.splitlines()[2:]) + b"\n",
    ],
    ids=["nothing", "garbage", "cut off", "other letters", "a line is gone"],
)
def test_a_file_that_is_no_such_thing_is_named(
    made: Authority, name: str, spoilt: Callable[[bytes], bytes]
) -> None:
    file = made.directory / name
    file.write_bytes(spoilt(file.read_bytes()))
    with pytest.raises(SettingsError, match=rf"{name} can't be used; enrol this machine .*: it is") as no:
        check(made.directory)
    assert no.value.exit_code == exits.USAGE


def test_the_key_of_another_certificate_is_told_as_that(made: Authority) -> None:
    _, other = made.issue("other")
    other.replace(made.directory / "kiosk.key")
    with pytest.raises(SettingsError, match=r"kiosk\.key can't be used; .*: it is not the key of kiosk\.pem"):
        check(made.directory)


def test_an_encrypted_key_is_told_and_nobody_is_asked_for_a_password(made: Authority) -> None:
    key = made.directory / "kiosk.key"
    key.write_bytes(encrypted(key.read_bytes()))
    with pytest.raises(SettingsError, match=r"kiosk\.key can't be used; .* or an encrypted one"):
        check(made.directory)


def test_a_certificate_that_has_expired_is_told_with_its_day(made: Authority) -> None:
    made.issue("kiosk", ends=-ONE_DAY)
    day = f"{dt.datetime.now(dt.UTC) - ONE_DAY:%Y-%m-%d}"
    with pytest.raises(SettingsError, match=rf"kiosk\.pem has expired on {day}; enrol this machine") as no:
        check(made.directory)
    assert no.value.exit_code == exits.MISSING


@pytest.mark.parametrize("year", [2030, 2049, 2050, 2999])
def test_it_counts_until_its_last_second_in_both_ways_to_write_a_year(made: Authority, year: int) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    end = dt.datetime(year, 2, 3, 4, 5, 6, tzinfo=dt.UTC)
    name = x509.Name([])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    certificate = builder.not_valid_after(end).sign(key, hashes.SHA256())
    (made.directory / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made.issue("kiosk", ends=end - dt.datetime.now(dt.UTC) + ONE_DAY)
    check(made.directory, end.timestamp())
    with pytest.raises(SettingsError, match=rf"ca\.pem has expired on {year}-02-03"):
        check(made.directory, end.timestamp() + 1)
