"""A trust list counts only as the root has signed it, and never an older one than is known."""

import zlib
from pathlib import Path
from typing import Any

import cbor2
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from kiosk.protocol import base45, cose
from kiosk.protocol.seal import PREFIX, SealState, read_seal
from kiosk.protocol.signed_list import (
    KIND,
    OlderListError,
    fingerprint,
    load_list,
    load_root,
    read_list,
    sign_list,
)
from kiosk.protocol.trust import SigningKey, TrustError, TrustList, kid_of, spki_of
from kiosk.protocol.trust_files import MAX_BYTES
from tests.authority import KID, NOW, ROOT, SIGNING, SPKI, TRUST, payload_for, put_list, sample, seal_for

PUBLIC = ROOT.public_key()
RAW = sign_list(TRUST, ROOT)
STRANGER = ec.derive_private_key(0xBAD, ec.SECP256R1())
SECONDS = st.integers(0, 2**40)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


def changed(**fields: Any) -> TrustList:
    return msgspec.structs.replace(TRUST, keys=(msgspec.structs.replace(TRUST.keys[0], **fields),))


@given(
    version=st.integers(1, 2**31),
    types=st.lists(TEXTS, max_size=3),
    name=TEXTS,
    revoked=st.none() | SECONDS,
    times=st.tuples(SECONDS, SECONDS, SECONDS),
)
def test_what_was_signed_is_read(
    version: int, types: list[str], name: str, revoked: int | None, times: tuple[int, int, int]
) -> None:
    key = SigningKey(KID, SPKI, "KR-1", tuple(types), times[0], times[1], revoked, name)
    trust = TrustList(version, times[2], times[0], (key,), TRUST.sealing_key)
    assert read_list(sign_list(trust, ROOT), PUBLIC) == trust


@given(data=st.data())
def test_a_changed_byte_makes_it_no_list(data: st.DataObject) -> None:
    content = bytearray(RAW)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(TrustError):
        read_list(bytes(content), PUBLIC)


@given(junk=st.binary(max_size=200))
def test_junk_is_no_list(junk: bytes) -> None:
    with pytest.raises(TrustError):
        read_list(junk, PUBLIC)


def test_a_list_of_another_root_is_refused_and_both_are_named() -> None:
    theirs = kid_of(spki_of(STRANGER.public_key()))
    with pytest.raises(TrustError, match=f"signed by root {theirs}, which is not the one"):
        read_list(sign_list(TRUST, STRANGER), PUBLIC)


def test_a_stranger_who_claims_the_root_s_name_is_refused() -> None:
    payload = cose.read(RAW).payload
    forged = cose.sign(payload, STRANGER, kid_of(spki_of(PUBLIC)), KIND)
    with pytest.raises(TrustError, match="signature does not fit"):
        read_list(forged, PUBLIC)


def test_an_older_list_than_the_one_known_is_refused_and_the_same_is_not() -> None:
    assert read_list(RAW, PUBLIC, known=TRUST.version) == TRUST
    with pytest.raises(OlderListError, match="version 1, older than version 2"):
        read_list(RAW, PUBLIC, known=2)


def test_a_seal_is_no_list_and_a_list_is_no_seal() -> None:
    payload = cose.read(RAW).payload
    unnamed = cose.sign(payload, ROOT, kid_of(spki_of(PUBLIC)))
    with pytest.raises(TrustError, match="something else"):
        read_list(unnamed, PUBLIC)
    claims = cose.read(zlib.decompress(base45.decode(seal_for(sample())[len(PREFIX) :]))).payload
    dressed = PREFIX + base45.encode(zlib.compress(cose.sign(claims, SIGNING, KID, KIND)))
    assert read_seal(dressed, TRUST, NOW).state is SealState.UNREADABLE


def test_a_list_too_large_or_with_a_claim_that_nobody_knows_is_refused() -> None:
    with pytest.raises(TrustError, match="larger than"):
        read_list(b"\0" * (MAX_BYTES + 1), PUBLIC)
    claims = {**cbor2.loads(cose.read(RAW).payload), 9: 1}
    with pytest.raises(TrustError, match="not the claims"):
        read_list(cose.sign(cose.encode(claims), ROOT, kid_of(spki_of(PUBLIC)), KIND), PUBLIC)


@pytest.mark.parametrize(
    ("trust", "complaint"),
    [
        (changed(kid="00" * 8), "hash of its SPKI"),
        (changed(spki=b"junk", kid=kid_of(b"junk")), "not a public key"),
        (msgspec.structs.replace(TRUST, keys=TRUST.keys * 2), "twice"),
        (msgspec.structs.replace(TRUST, sealing_key=b"short"), "32 raw bytes"),
    ],
    ids=["name", "key", "twice", "sealing-key"],
)
def test_a_list_that_contradicts_itself_is_not_signed(trust: TrustList, complaint: str) -> None:
    with pytest.raises(TrustError, match=complaint):
        sign_list(trust, ROOT)


def test_a_key_of_another_curve_is_refused() -> None:
    spki = spki_of(ec.derive_private_key(5, ec.SECP384R1()).public_key())
    with pytest.raises(TrustError, match="P-256"):
        sign_list(changed(spki=spki, kid=kid_of(spki)), ROOT)


def test_a_file_that_is_missing_or_broken_is_named_with_the_way_out(tmp_path: Path) -> None:
    trusted = put_list(tmp_path)
    [file] = trusted.files
    assert load_list(file, trusted.root) == TRUST
    with pytest.raises(TrustError, match=r"none\.cbor: cannot be read .*fetch the list"):
        load_list(tmp_path / "none.cbor", trusted.root)
    with pytest.raises(TrustError, match=r"none\.pem: cannot be read .*root key"):
        load_list(file, tmp_path / "none.pem")
    file.write_bytes(RAW[:-1])
    with pytest.raises(TrustError, match=rf"{file.name}: not a signed trust list"):
        load_list(file, trusted.root)
    trusted.root.write_text("junk")
    with pytest.raises(TrustError, match="not a public key in PEM"):
        load_root(trusted.root)


def test_a_root_is_compared_by_eight_groups_of_four() -> None:
    assert fingerprint(PUBLIC).split() == [group for group in fingerprint(PUBLIC).split() if len(group) == 4]
    assert len(fingerprint(PUBLIC).split()) == 8
    assert fingerprint(PUBLIC) != fingerprint(STRANGER.public_key())


def test_a_list_vouches_for_what_a_key_would_seal_now() -> None:
    assert TRUST.vouches(KID, NOW)
    assert not TRUST.vouches("00" * 8, NOW)
    assert not TRUST.vouches(KID, TRUST.next_update + 1)
    assert not changed(not_before=NOW + 1).vouches(KID, NOW)
    assert not changed(not_after=NOW - 1).vouches(KID, NOW)
    assert not changed(revoked_since=NOW).vouches(KID, NOW)
    assert changed(revoked_since=NOW + 1).vouches(KID, NOW)
    sealed = payload_for(sample()).issued_at
    assert changed(revoked_since=sealed + 1).vouches(KID, sealed)


def test_the_name_of_a_key_is_eight_bytes_of_its_hash() -> None:
    assert kid_of(SPKI) == KID
    assert len(KID) == 16
