"""A bundle is read as it was packed, or refused with a sentence: whatever the bytes, and never at any cost."""

import contextlib
import tracemalloc
import unicodedata
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.protocol.bundle import (
    CATEGORIES,
    FORMAT,
    MAX_BYTES,
    MAX_FILES,
    MAX_PACKED_BYTES,
    PLACES,
    Bundle,
    BundleError,
    bundle_name_of,
    is_bundle_name,
    pack,
    unpack,
    version_of,
)

TOP = {CATEGORIES: "edition = 'x'", PLACES: ""}
GOOD = Bundle(7, 1_000, 2_000, FORMAT, {**TOP, "land/form.typ": "#set text()", "_common/도장.svg": "<svg/>"})


def made(**other: object) -> bytes:
    return pack(msgspec.structs.replace(GOOD, **other))


def with_file(path: str) -> bytes:
    return made(files={**TOP, path: ""})


def document(text: bytes) -> bytes:
    return zlib.compress(text)


def test_what_was_packed_comes_out() -> None:
    assert unpack(pack(GOOD)) == GOOD


def test_the_same_bundle_is_the_same_bytes_in_whatever_order_its_files_came() -> None:
    turned = dict(reversed(GOOD.files.items()))
    assert pack(msgspec.structs.replace(GOOD, files=turned)) == pack(GOOD)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_bundle_error(raw: bytes) -> None:
    with pytest.raises(BundleError):
        unpack(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(Bundle.__struct_fields__), JSON))
def test_any_well_packed_json_is_a_bundle_error_too(said: dict[str, object]) -> None:
    with pytest.raises(BundleError):
        unpack(document(msgspec.json.encode(said)))


def test_a_bundle_that_is_cut_off_is_refused_at_every_length() -> None:
    whole = pack(GOOD)
    for length in range(len(whole)):
        with pytest.raises(BundleError):
            unpack(whole[:length])


def test_a_bundle_with_one_flipped_bit_is_refused_wherever_it_is() -> None:
    whole = pack(GOOD)
    for place in range(len(whole)):
        bent = bytearray(whole)
        bent[place] ^= 1
        with contextlib.suppress(BundleError):
            assert unpack(bytes(bent)) == GOOD  # a bit that says nothing of the content


@pytest.mark.parametrize("behind", [b"\0", b"x", pack(GOOD)])
def test_nothing_may_come_behind_it(behind: bytes) -> None:
    with pytest.raises(BundleError):
        unpack(pack(GOOD) + behind)


def test_a_bomb_is_refused_for_no_more_memory_than_the_cap() -> None:
    bomb = zlib.compress(bytes(20 * MAX_BYTES), 9)
    assert len(bomb) < MAX_PACKED_BYTES
    tracemalloc.start()
    with pytest.raises(BundleError):
        unpack(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.5 * MAX_BYTES


def test_a_bomb_of_files_is_refused() -> None:
    files = {**TOP, **{f"land/f{number}.typ": "" for number in range(MAX_FILES - 1)}}
    with pytest.raises(BundleError):
        unpack(made(files=files))
    files.popitem()
    assert len(unpack(made(files=files)).files) == MAX_FILES


def test_one_that_is_too_large_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(BundleError, match="larger"):
        unpack(bytes(MAX_PACKED_BYTES + 1))


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(BundleError):
        unpack(document(b'{"files":' + b"[" * 200_000))


@pytest.mark.parametrize(
    "path",
    [
        "../evil.toml",
        "land/../../evil.toml",
        "..",
        "land/..",
        ".",
        "",
        "/etc/passwd",
        "/land/form.typ",
        "land//form.typ",
        "land/",
        "/",
        "land\\form.typ",
        "..\\evil.toml",
        "C:/form.typ",
        "land/form.typ\n",
        "land/form.typ\0",
        "land/.form.typ",
        ".land/form.typ",
        "-land/form.typ",
        "land/-form.typ",
        "land/form.sh",
        "land/form.typ.so",
        "land/form.TYP",
        "land/form",
        "land/deep/form.typ",
        "Land/form.typ",
        "_secret/form.typ",
        "form.typ",
        "catalogue.toml",
        "land/categories",
        "bundle",
        "bundle/form.typ",
        "land/" + unicodedata.normalize("NFD", "도장") + ".svg",
        "land/" + "a" * 200 + ".typ",
        "a" * 41 + "/form.typ",
        "land/\u202eform.typ",
        "land/form .typ",
        "land/\u2215form.typ",
    ],
)
def test_a_path_that_is_no_file_of_a_catalogue_is_refused(path: str) -> None:
    with pytest.raises(BundleError):
        unpack(with_file(path))


@pytest.mark.parametrize(
    "path", ["land/form.typ", "_common/도장-1.svg", "a/b.json", "resident-household/sample_long.json"]
)
def test_a_path_of_a_catalogue_is_not(path: str) -> None:
    assert path in unpack(with_file(path)).files


@given(st.text(max_size=40))
def test_no_path_ever_leads_out_of_its_folder(path: str) -> None:
    try:
        unpack(with_file(path))
    except BundleError:
        return
    parts = path.split("/")
    assert len(parts) <= 2
    assert not any(part.startswith(".") or "\\" in part or "\0" in part for part in parts)
    assert len(path.encode()) < 300


def test_one_for_a_newer_program_says_so() -> None:
    with pytest.raises(BundleError, match=f"needs a program of format {FORMAT + 1}"):
        unpack(made(program=FORMAT + 1))


@pytest.mark.parametrize(
    "other",
    [
        {"files": {}},
        {"files": {CATEGORIES: ""}},
        {"files": {PLACES: "", "land/form.typ": ""}},
        {"version": 0},
        {"version": -1},
        {"version": 10**9},
        {"valid_until": GOOD.made_at},
        {"valid_until": 0},
    ],
)
def test_one_that_can_not_be_a_catalogue_is_refused(other: dict[str, object]) -> None:
    with pytest.raises(BundleError):
        unpack(made(**other))


def test_a_field_that_nobody_knows_is_refused() -> None:
    said = {**msgspec.to_builtins(GOOD), "run": "form.sh"}
    with pytest.raises(BundleError):
        unpack(document(msgspec.json.encode(said)))


def test_a_bundle_is_named_by_its_version_and_what_it_is() -> None:
    one, other = (bundle_name_of(7, raw) for raw in (pack(GOOD), made(made_at=1_001)))
    assert one != other
    assert is_bundle_name(one)
    assert (version_of(one), version_of("")) == (7, 0)


@pytest.mark.parametrize(
    "name", ["7", "../7-" + "0" * 32, "0-" + "0" * 32, "7-" + "0" * 31, "7-" + "G" * 32, "tuf"]
)
def test_nothing_else_names_a_bundle(name: str) -> None:
    assert not is_bundle_name(name)
