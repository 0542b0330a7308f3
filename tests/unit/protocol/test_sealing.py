"""What is sealed for one key and purpose opens for that key and purpose only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.protocol.sealing import (
    SealingError,
    answer_info,
    load_private,
    load_public,
    new_key,
    open_sealed,
    request_info,
    seal,
)

PRIVATE, PUBLIC = new_key()
INFO = request_info("YD-01", "o-1", 1, "land", "draft")


@given(plaintext=st.binary(max_size=5000), info=st.binary(max_size=200))
def test_any_bytes_come_back_under_the_same_info(plaintext: bytes, info: bytes) -> None:
    assert open_sealed(PRIVATE, seal(PUBLIC, plaintext, info), info) == plaintext


@given(plaintext=st.binary(max_size=100), data=st.data())
def test_a_changed_bit_does_not_open(plaintext: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(PUBLIC, plaintext, INFO))
    # The top bit of an X25519 public key is not part of it (RFC 7748, section 5), but HPKE binds the bytes as sent.
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealingError):
        open_sealed(PRIVATE, bytes(sealed), INFO)


@given(junk=st.binary(max_size=200))
def test_junk_is_an_error_and_nothing_else(junk: bytes) -> None:
    with pytest.raises(SealingError):
        open_sealed(PRIVATE, junk, INFO)


def test_another_key_does_not_open_it() -> None:
    other, _ = new_key()
    with pytest.raises(SealingError):
        open_sealed(other, seal(PUBLIC, b"parcel", INFO), INFO)


@pytest.mark.parametrize(
    "other",
    [
        request_info("YD-02", "o-1", 1, "land", "draft"),
        request_info("YD-01", "o-2", 1, "land", "draft"),
        request_info("YD-01", "o-1", 2, "land", "draft"),
        request_info("YD-01", "o-1", 1, "forest", "draft"),
        request_info("YD-01", "o-1", 1, "land", "issue"),
        request_info("YD-01,o", "-1", 1, "land", "draft"),
        request_info('YD-01","o-1', "", 1, "land", "draft"),
        answer_info("YD-01", "o-1", 1, "land", "draft", b""),
    ],
    ids=["kiosk", "order", "line", "type", "purpose", "comma", "quote", "answer"],
)
def test_a_request_does_not_open_as_another_request(other: bytes) -> None:
    with pytest.raises(SealingError):
        open_sealed(PRIVATE, seal(PUBLIC, b"parcel", INFO), other)


def test_an_answer_belongs_to_the_very_request_that_was_sealed() -> None:
    first, second = seal(PUBLIC, b"same", INFO), seal(PUBLIC, b"same", INFO)
    assert first != second
    answer = seal(PUBLIC, b"data", answer_info("YD-01", "o-1", 1, "land", "draft", first))
    with pytest.raises(SealingError):
        open_sealed(PRIVATE, answer, answer_info("YD-01", "o-1", 1, "land", "draft", second))


def test_keys_survive_as_raw_bytes() -> None:
    again = load_private(PRIVATE.private_bytes_raw())
    assert again.public_key().public_bytes_raw() == PUBLIC == load_public(PUBLIC).public_bytes_raw()


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_a_wrong_size_is_refused(size: int) -> None:
    for load in (load_private, load_public):
        with pytest.raises(SealingError):
            load(bytes(size))


def test_a_public_key_that_would_give_everybody_the_secret_is_refused() -> None:
    with pytest.raises(SealingError):
        seal(bytes(32), b"parcel", INFO)


def test_only_the_two_purposes_exist() -> None:
    with pytest.raises(ValueError, match="purpose"):
        request_info("k", "o", 1, "land", "print")
    with pytest.raises(ValueError, match="purpose"):
        answer_info("k", "o", 1, "land", "print", b"")
