"""The seal's CBOR reader agrees with cbor2 on what it takes, and takes nothing else."""

import cbor2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.protocol import base45
from kiosk.protocol.cbor import CborError, Sign1, decode

INTEGERS = st.integers(-(2**64), 2**64 - 1)
SCALARS = INTEGERS | st.binary(max_size=300) | st.text(max_size=100)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=30) | st.dictionaries(INTEGERS | st.text(max_size=30), inner, max_size=30)
    ),
    max_leaves=30,
)


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


@given(value=VALUES)
def test_reads_what_cbor2_writes_deterministically(value: object) -> None:
    encoded = cbor2.dumps(value, canonical=True)
    if depth(value) <= 8 and _in_order(value):
        assert decode(encoded) == value


def _in_order(value: object) -> bool:
    """RFC 8949 sorts map keys by their bytes, cbor2 by length first; seals have only keys on which both agree."""
    if isinstance(value, list):
        return all(map(_in_order, value))
    if not isinstance(value, dict):
        return True
    keys = [cbor2.dumps(key) for key in value]
    return sorted(keys) == sorted(keys, key=lambda key: (len(key), key)) and all(
        map(_in_order, value.values())
    )


def test_reads_a_cose_sign1() -> None:
    assert decode(cbor2.dumps(cbor2.CBORTag(18, [b"", {}]))) == Sign1([b"", {}])


@given(junk=st.binary(max_size=400))
@example(b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff")  # an array of 2^63 entries
@example(b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff")  # a string of 2^63 bytes
@example(b"\x81" * 400)
@example(b"\xd2" * 400)
def test_junk_gives_a_value_or_an_error_and_one_value_has_one_encoding(junk: bytes) -> None:
    try:
        value = decode(junk)
    except CborError:
        return
    if not isinstance(value, Sign1) and "Sign1" not in repr(value) and _in_order(value):
        assert cbor2.dumps(value, canonical=True) == junk


@pytest.mark.parametrize(
    "encoded",
    [
        "1800",  # 0 with a longer head than needed
        "1900ff",
        "5f4100ff",  # a string of indefinite length
        "9fff",
        "a201010101",  # a key twice
        "a202010101",  # keys out of order
        "a1800101",  # a list as key
        "f5",  # true
        "f6",
        "fb3ff0000000000000",
        "c100",  # tag 1
        "c240",  # a big number
        "61ff",  # text that is not UTF-8
        "0000",  # something behind the value
        "",
        "82",
        "1c",  # a reserved length
    ],
)
def test_everything_a_seal_does_not_have_is_refused(encoded: str) -> None:
    with pytest.raises(CborError):
        decode(bytes.fromhex(encoded))


@given(data=st.binary(max_size=300))
def test_base45_comes_back(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@pytest.mark.parametrize(
    ("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"ietf!", "QED8WEX0")]
)
def test_base45_is_that_of_the_rfc(data: bytes, text: str) -> None:
    assert base45.encode(data) == text


@given(text=st.text(max_size=60))
@example("GGW")  # 65536
@example("::")
@example("A")
@example("한글")
def test_base45_of_any_text_gives_bytes_of_that_text_or_an_error(text: str) -> None:
    try:
        data = base45.decode(text)
    except ValueError:
        return
    assert base45.encode(data) == text
