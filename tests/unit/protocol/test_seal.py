"""A seal is genuine only as it was signed, by a key that may, at a time when it counts."""

import zlib
from typing import Any

import cbor2
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.protocol import base45
from kiosk.protocol.seal import MAX_TEXT, PREFIX, SealPayload, SealState, make_seal, read_seal
from kiosk.protocol.trust import TrustList, kid_of, spki_of
from tests.authority import ISSUER, KID, NOW, SIGNING, TRUST, payload_for, sample, seal_for

DATA = sample()
PAYLOAD = payload_for(DATA)
SEAL = seal_for(DATA)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
PAYLOADS = st.builds(
    SealPayload,
    issuer=st.just(ISSUER),
    issued_at=st.integers(0, NOW),
    expires_at=st.integers(NOW, 2**40),
    number=st.integers(0, 10**16 - 1).map(lambda number: f"{number:016d}"),
    type_code=TEXTS,
    pages=st.integers(1, 10_000),
    content=st.binary(min_size=16, max_size=16).map(bytes.hex),
    kiosk=TEXTS,
    subject=st.lists(TEXTS, max_size=4).map(tuple),
    template=TEXTS,
)


def state(text: str, trust: TrustList = TRUST, now: int = NOW) -> SealState:
    return read_seal(text, trust, now).state


def changed(**fields: Any) -> TrustList:
    return msgspec.structs.replace(TRUST, keys=(msgspec.structs.replace(TRUST.keys[0], **fields),))


def parts(text: str) -> list[Any]:
    value: list[Any] = cbor2.loads(zlib.decompress(base45.decode(text[len(PREFIX) :]))).value
    return value


def packed(message: bytes) -> str:
    return PREFIX + base45.encode(zlib.compress(message))


@given(payload=PAYLOADS)
def test_what_was_sealed_is_read(payload: SealPayload) -> None:
    verdict = read_seal(make_seal(payload, SIGNING, KID), TRUST, NOW)
    assert (verdict.state, verdict.payload) == (SealState.GENUINE, payload)


@given(data=st.data())
def test_a_changed_bit_of_the_signed_message_is_never_genuine(data: st.DataObject) -> None:
    message = bytearray(zlib.decompress(base45.decode(SEAL[len(PREFIX) :])))
    bit = data.draw(st.integers(0, len(message) * 8 - 1))
    message[bit // 8] ^= 1 << bit % 8
    assert state(packed(bytes(message))) is not SealState.GENUINE


@given(position=st.integers(0, len(SEAL) - 1), character=st.characters(codec="utf-8"))
def test_a_changed_character_never_changes_what_a_genuine_seal_says(position: int, character: str) -> None:
    verdict = read_seal(SEAL[:position] + character + SEAL[position + 1 :], TRUST, NOW)
    assert verdict.state is not SealState.GENUINE or verdict.payload == PAYLOAD


@given(text=st.text())
@example("\ud800")
@example(PREFIX)
@example(PREFIX + "0" * (MAX_TEXT - 4))
@example(PREFIX + "0" * MAX_TEXT)
@example(SEAL + "\n")
@example(SEAL.lower())
@example(SEAL[:-3])
@example(SEAL + "000")
def test_any_other_text_is_unreadable_and_nothing_worse(text: str) -> None:
    assert state(text) is SealState.UNREADABLE


@given(packed_bytes=st.binary(max_size=300))
def test_any_packed_bytes_are_unreadable_and_nothing_worse(packed_bytes: bytes) -> None:
    assert state(packed(packed_bytes)) is SealState.UNREADABLE


def test_a_small_text_that_inflates_to_megabytes_is_unreadable() -> None:
    bomb = packed(b"\0" * 2_000_000)
    assert len(bomb) < MAX_TEXT
    assert state(bomb) is SealState.UNREADABLE


def test_another_key_under_the_same_name_is_not_genuine() -> None:
    forged = make_seal(PAYLOAD, ec.derive_private_key(7, ec.SECP256R1()), KID)
    assert state(forged) is SealState.NOT_GENUINE


def test_a_key_that_nobody_trusts_is_an_unknown_issuer() -> None:
    stranger = ec.derive_private_key(7, ec.SECP256R1())
    forged = make_seal(PAYLOAD, stranger, kid_of(spki_of(stranger.public_key())))
    assert state(forged) is SealState.UNKNOWN_ISSUER


def test_an_unknown_key_with_a_list_past_its_date_blames_the_list() -> None:
    stranger = ec.derive_private_key(7, ec.SECP256R1())
    sealed = make_seal(PAYLOAD, stranger, kid_of(spki_of(stranger.public_key())))
    assert state(sealed, msgspec.structs.replace(TRUST, next_update=NOW - 1)) is SealState.LIST_TOO_OLD


@pytest.mark.parametrize("algorithm", [-8, -35, -37, 5, 0])
def test_the_header_can_not_choose_another_algorithm(algorithm: int) -> None:
    _protected, _, claims, signature = parts(SEAL)
    header = cbor2.dumps({1: algorithm, 4: bytes.fromhex(KID)}, canonical=True)
    message = cbor2.dumps(cbor2.CBORTag(18, [header, {}, claims, signature]))
    assert state(packed(message)) is SealState.NOT_GENUINE


@pytest.mark.parametrize("signature", [b"", bytes(64), bytes(63), b"\xff" * 64, bytes(65)])
def test_a_signature_of_any_other_bytes_is_not_genuine(signature: bytes) -> None:
    protected, _, claims, _ = parts(SEAL)
    message = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, claims, signature]))
    assert state(packed(message)) is SealState.NOT_GENUINE


def test_something_in_the_unprotected_header_is_unreadable() -> None:
    protected, _, claims, signature = parts(SEAL)
    message = cbor2.dumps(cbor2.CBORTag(18, [protected, {4: b"x"}, claims, signature]))
    assert state(packed(message)) is SealState.UNREADABLE


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"issuer": "KR-1111111"}, SealState.NOT_GENUINE),
        ({"types": ("forest",)}, SealState.NOT_GENUINE),
        ({"types": ("land",)}, SealState.GENUINE),
        ({"not_before": PAYLOAD.issued_at + 1}, SealState.NOT_GENUINE),
        ({"not_after": PAYLOAD.issued_at - 1}, SealState.NOT_GENUINE),
        ({"not_before": PAYLOAD.issued_at, "not_after": PAYLOAD.issued_at}, SealState.GENUINE),
        ({"revoked_since": PAYLOAD.issued_at}, SealState.NOT_GENUINE),
        ({"revoked_since": PAYLOAD.issued_at + 1}, SealState.GENUINE),
    ],
    ids=[
        "issuer",
        "other-type",
        "its-type",
        "too-early",
        "too-late",
        "just-in-time",
        "revoked",
        "revoked-later",
    ],
)
def test_a_key_seals_only_what_the_list_lets_it(fields: dict[str, Any], expected: SealState) -> None:
    assert state(SEAL, changed(**fields)) is expected


def test_a_seal_expires_the_second_after_its_last() -> None:
    assert state(SEAL, now=PAYLOAD.expires_at) is SealState.GENUINE
    assert state(SEAL, now=PAYLOAD.expires_at + 1) is SealState.EXPIRED


def test_a_list_past_its_next_update_proves_nothing() -> None:
    trust = msgspec.structs.replace(TRUST, next_update=NOW)
    assert state(SEAL, trust, NOW) is SealState.GENUINE
    assert state(SEAL, trust, NOW + 1) is SealState.LIST_TOO_OLD


def test_the_seal_of_a_parcel_fits_a_qr_code_of_version_12() -> None:
    assert len(SEAL) <= 419  # alphanumeric characters of version 12, level M
