"""The search for what is left of a person finds what it should, wherever it stands, and says when it can't look."""

import base64
import gzip
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rig.canary import Mark, Search
from tests.rig.memory import PIECE_BYTES, Unreadable, cut, pieces
from tests.rig.traces import held_open, unpacked, written

NAME = "김온누리"
ADDRESS = "여의나루로 38-1"
MARKS = (Mark("name", (NAME,)), Mark("address", (ADDRESS,)), Mark("PIN", ("073195",), number=True))
SPELT = {
    "utf-8": NAME.encode(),
    "utf-16-le": NAME.encode("utf-16-le"),
    "utf-16-be": NAME.encode("utf-16-be"),
    "euc-kr": NAME.encode("euc-kr"),
    "cp949": NAME.encode("cp949"),
    "json": b"\\uae40\\uc628\\ub204\\ub9ac",
    "percent": b"%EA%B9%80%EC%98%A8%EB%88%84%EB%A6%AC",
    "hex": NAME.encode().hex().encode(),
    "HEX": NAME.encode().hex().upper().encode(),
}


def found(data: bytes) -> set[str]:
    return {find.mark for find in Search(MARKS).look(data, "somewhere")}


@pytest.mark.parametrize("spelling", SPELT.values(), ids=SPELT)
def test_each_spelling_is_found(spelling: bytes) -> None:
    assert found(b"\x01\x02" + spelling + b"\x03") == {"name"}


@given(st.binary(max_size=40), st.sampled_from((NAME, ADDRESS)), st.binary(max_size=40))
def test_base64_is_found_wherever_in_the_coded_text_it_stands(
    before: bytes, text: str, behind: bytes
) -> None:
    for encoding in ("utf-8", "utf-16-le"):
        plain = before + text.encode(encoding) + behind
        assert found(base64.b64encode(plain)) != set()
        assert found(base64.urlsafe_b64encode(plain)) != set()


@pytest.mark.parametrize("text", ["1073195", "0731950", "0.073195"])
def test_six_digits_of_a_longer_number_are_no_pin(text: str) -> None:
    assert found(text.encode()) == set()
    assert found(f"{text} 073195".encode()) == {"PIN"}


def test_what_was_clean_once_is_clean_again_and_what_was_not_is_found_again() -> None:
    search = Search(MARKS)
    for _ in range(2):
        assert list(search.look(b"nobody was here", "there")) == []
        assert [find.mark for find in search.look(NAME.encode(), "there")] == ["name"]


@given(st.integers(0, 3 * PIECE_BYTES))
def test_a_mark_is_whole_in_one_of_the_pieces_wherever_it_lies(at: int) -> None:
    search = Search(MARKS)
    data = bytes(at) + NAME.encode("utf-16-le") + bytes(3 * PIECE_BYTES - at)
    assert any(NAME.encode("utf-16-le") in piece for piece in cut(data, len(data), search.longest))


HOLDING = """
held = "".join(map(chr, [0xAE40, 0xC628, 0xB204, 0xB9AC]))
print("held", flush=True)
input()
"""


def test_what_a_program_holds_is_found_in_its_memory_and_not_in_anothers() -> None:
    holding, idle = (started(code) for code in (HOLDING, "print(flush=True); input()"))
    with holding, idle:
        for child in (holding, idle):
            assert child.stdout is not None
            child.stdout.readline()
        seen = [in_memory(child.pid) for child in (holding, idle)]
        for child in (holding, idle):
            child.communicate(b"\n")
    assert seen == [{"name"}, set()]


def started(code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def in_memory(pid: int) -> set[str]:
    search = Search(MARKS)
    return {find.mark for what, data in pieces(pid, search.longest) for find in search.look(data, what)}


def test_a_process_that_can_not_be_looked_into_is_no_clean_one() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
        with pytest.raises(Unreadable):
            list(pieces(child.pid, 8))


def test_what_is_compressed_in_a_file_is_found_and_what_is_compressed_in_that(tmp_path: Path) -> None:
    inner = gzip.compress(NAME.encode() * 3)
    (tmp_path / "paper.pdf").write_bytes(b"stream\n" + zlib.compress(b"x" * 4_000 + inner)[:-4] + b"broken")
    seen = {mark for place, data in written(tmp_path) for mark in found(data) if "unpacked" in place}
    assert seen == {"name"}


@given(st.binary(max_size=300))
def test_bytes_that_are_no_stream_are_nothing_worse(noise: bytes) -> None:
    assert all(isinstance(inside, bytes) for inside in unpacked(b"\x78\x9c" + noise))


def test_the_name_of_a_file_is_searched_too(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.pdf").touch()
    assert any(found(data) for _, data in written(tmp_path))


def test_what_the_owners_of_the_data_keep_is_not_searched(tmp_path: Path) -> None:
    for owner in ("central", "sim"):
        (tmp_path / owner).mkdir()
        (tmp_path / owner / "register.db").write_text(NAME)
    assert list(written(tmp_path)) == []


def test_a_file_in_memory_that_a_process_holds_open_is_searched() -> None:
    with open(os.memfd_create("spool"), "wb") as spool:
        spool.write(NAME.encode())
        spool.flush()
        assert {mark for _, data in held_open(os.getpid()) for mark in found(data)} >= {"name"}
