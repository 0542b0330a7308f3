"""`kiosk verify` of several files: each is a document of its own, and the exit code is the worst of them."""

import itertools
import json
from pathlib import Path

import pytest

from kiosk.desk.demo_output import alter
from tests.authority import NUMBER
from tests.unit.verifying.test_verify_command import PDF, SEAL, in_its_period, kiosk, own
from tests.unit.worker.papers_seen import paper_of
from tests.unit.worker.test_pictures import CODE, CUT_OFF, saved, sheet

__all__ = ["in_its_period", "own"]

OTHER_NUMBER = "6543210987654321"


@pytest.fixture
def desk(tmp_path: Path, own: object) -> Path:
    """What a bank might have on its desk: genuine, forged, photographed, and what is no certificate at all."""
    (tmp_path / "good.pdf").write_bytes(PDF)
    alter(tmp_path / "good.pdf", tmp_path / "forged.pdf")
    (tmp_path / "other.pdf").write_bytes(paper_of("vehicle", OTHER_NUMBER)[0])
    (tmp_path / "photo.png").write_bytes(saved(sheet(CODE)))
    (tmp_path / "cut.png").write_bytes(saved(sheet(CUT_OFF)))
    (tmp_path / "letter.txt").write_text("no certificate")
    (tmp_path / "folder").mkdir()
    return tmp_path


def verified(desk: Path, *words: str) -> tuple[int, str]:
    files = {file.name for file in desk.iterdir()} | {"gone.pdf", "gone.png"}
    return kiosk("verify", *(desk / word if word in files else word for word in words))


@pytest.mark.parametrize("order", list(itertools.permutations(["good.pdf", "forged.pdf"])), ids=str)
def test_a_forged_paper_among_genuine_ones_is_found_wherever_it_lies(desk: Path, order: list[str]) -> None:
    code, said = verified(desk, *order)
    assert code == 1
    assert said.count("contents genuine") == 1
    assert said.count("not genuine") == 1
    assert said.index(order[0]) < said.index(order[1])


def test_all_genuine_is_0_and_each_is_told_under_its_name(desk: Path) -> None:
    code, said = verified(desk, "good.pdf", "other.pdf")
    assert code == 0
    assert said.count("contents genuine") == 2
    assert f"{desk / 'good.pdf'}\n" in said
    assert f"{desk / 'other.pdf'}\n" in said
    assert "1234-5678-9012-3456" in said
    assert "6543-2109-8765-4321" in said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["good.pdf", "gone.pdf"], 2),
        (["gone.pdf", "good.pdf"], 2),
        (["gone.pdf", "forged.pdf"], 1),
        (["forged.pdf", "gone.pdf"], 1),
        (["good.pdf", "folder"], 2),
        (["good.pdf", "letter.txt"], 1),
        (["photo.png", "good.pdf"], 1),
        (["good.pdf", SEAL], 1),
    ],
    ids=lambda value: " ".join(str(word)[:10] for word in value) if isinstance(value, list) else str(value),
)
def test_the_exit_code_is_the_worst_of_them_and_the_others_are_judged_all_the_same(
    desk: Path, words: list[str], code: int
) -> None:
    found, said = verified(desk, *words)
    assert found == code
    assert said.count("contents genuine") == words.count("good.pdf")
    assert ("gone.pdf: cannot be read (No such file or directory)" in said) == ("gone.pdf" in words)
    assert ("folder: is a folder; name the files in it" in said) == ("folder" in words)
    assert "Traceback" not in said


def test_a_file_without_the_right_to_read_it_is_told_and_the_next_is_judged(desk: Path) -> None:
    (desk / "loop.pdf").symlink_to("loop.pdf")  # what root can't read either
    code, said = verified(desk, "loop.pdf", "good.pdf")
    assert code == 2
    assert "loop.pdf: cannot be read (" in said
    assert "contents genuine" in said


def test_for_programs_each_document_is_told_in_the_order_in_which_it_was_named(desk: Path) -> None:
    code, said = verified(desk, "--json", "good.pdf", "gone.pdf", "forged.pdf", "photo.png")
    assert code == 1
    found = json.loads(said)
    assert [document["code"] for document in found] == [0, 2, 1, 1]
    assert [document.get("finding") for document in found] == [
        "contents-genuine",
        None,
        "not-genuine",
        "seal-genuine",
    ]
    assert [Path(document["document"]).name for document in found] == [
        "good.pdf",
        "gone.pdf",
        "forged.pdf",
        "photo.png",
    ]
    assert found[0]["number"] == NUMBER
    assert found[1]["error"].endswith("cannot be read (No such file or directory)")
    assert found[2]["reason"]


def test_for_programs_a_single_document_is_a_list_of_one(desk: Path) -> None:
    code, said = verified(desk, "--json", "cut.png")
    assert code == 1
    [document] = json.loads(said)
    assert (document["finding"], document["trouble"]) == ("unreadable", "code-damaged")


def test_several_genuine_papers_are_read_aloud_each_by_its_own_words(desk: Path) -> None:
    code, said = verified(desk, "--text", "good.pdf", "other.pdf", "forged.pdf")
    assert code == 1
    assert said.count("내용이 진본과 같음") == 2
    assert said.count("진본과 다름") == 1
    assert said.index("토지") < said.index("자동차")


# --- several pictures of one paper ---


def test_pictures_of_one_paper_are_asked_for_and_the_first_that_reads_counts(desk: Path) -> None:
    code, said = verified(desk, "--one-paper", "gone.png", "cut.png", "photo.png")
    assert code == 1
    assert said.count("seal genuine") == 1
    assert "can't be read" not in said


@pytest.mark.parametrize("order", list(itertools.permutations(["photo.png", "other.pdf"])), ids=str)
def test_pictures_of_several_papers_are_no_one_paper(desk: Path, order: list[str]) -> None:
    code, said = verified(desk, "--one-paper", *order)
    assert code == 1
    assert "[several-codes]" in said
    assert "genuine" not in said


@pytest.mark.parametrize("order", list(itertools.permutations(["good.pdf", "forged.pdf"])), ids=str)
def test_a_forged_file_is_not_hidden_by_a_genuine_one_of_the_same_paper(desk: Path, order: list[str]) -> None:
    code, said = verified(desk, "--one-paper", *order)
    assert code == 1
    assert "not genuine" in said
    assert "contents genuine" not in said


@pytest.mark.parametrize("order", list(itertools.permutations(["photo.png", "good.pdf"])), ids=str)
def test_a_picture_beside_the_pdf_still_has_to_be_compared(desk: Path, order: list[str]) -> None:
    code, said = verified(desk, "--one-paper", *order)
    assert code == 1  # the PDF says nothing of what stands on the sheet that was photographed
    assert "seal genuine: compare the fields" in said


def test_what_is_read_aloud_is_a_paper_of_its_own(desk: Path) -> None:
    code, said = verified(desk, "--one-paper", "--text", "good.pdf", "photo.png")
    assert code == 2
    assert "--text" in said
    assert "--one-paper" in said


def test_stdin_can_be_one_document_only(desk: Path) -> None:
    code, said = verified(desk, "-", "-")
    assert code == 2
    assert "stdin" in said
