"""What a clerk types: the list of types, what is wrong with one, a form set with its samples."""

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.bundles.catalogue_files import FORMS, load_catalogue_files
from kiosk.commands.commands import commands
from kiosk.worker.verify import Finding, verify
from tests.authority import NOW, TRUST


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(commands, [str(word) for word in words])
    return result.exit_code, result.output


def test_the_list_has_every_type_that_a_machine_is_shipped_with_in_the_order_of_the_national_list() -> None:
    code, said = run("catalogue", "list", "--json")
    assert code == 0
    listed = json.loads(said)
    assert {row["code"] for row in listed} == set(load_catalogue_files().types)
    assert {row["code"] for row in listed} < {file.parent.name for file in FORMS.glob("*/catalogue.toml")}
    assert [row["no"] for row in listed] == sorted(row["no"] for row in listed)
    code, said = run("catalogue", "list")
    assert said.splitlines()[-1] == f"{len(listed)} types"


def test_a_mistake_is_told_with_file_line_and_how_to_mend_it(tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    shutil.copytree(FORMS, forms)
    assert run("catalogue", "check", "--forms", forms)[0] == 0
    file = forms / "land" / "catalogue.toml"
    file.write_text(file.read_text("utf-8").replace("max_copies = 5", "max_copies = 50"), "utf-8")
    code, said = run("catalogue", "check", "--forms", forms)
    assert code == 1
    assert "land/catalogue.toml, line 11: max_copies: 50 is not 1 to 5. Write a number from 1 to 5." in said


def test_a_preview_leaves_a_document_and_a_picture_of_each_page(tmp_path: Path) -> None:
    code, said = run("template", "preview", "land", "--out", tmp_path)
    assert code == 0, said
    assert {"land-sample.pdf", "land-sample-1.png", "land-sample_long-3.png"} <= {
        file.name for file in tmp_path.iterdir()
    }


def test_a_form_that_is_wrong_or_not_there_says_so(tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    shutil.copytree(FORMS, forms)
    (forms / "land" / "form.typ").write_text("#let", "utf-8")
    code, said = run("template", "preview", "land", "--out", tmp_path / "out", "--forms", forms)
    assert (code, "template-fault" in said) == (1, True), said
    code, said = run("template", "preview", "no-such", "--out", tmp_path / "out", "--forms", forms)
    assert (code, "no type is called no-such; there are " in said) == (2, True), said


def test_what_the_samples_say_is_what_is_expected_of_them(tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    shutil.copytree(FORMS, forms)
    code, said = run("template", "expect", "livelihood", "--forms", forms)
    assert code == 0, said
    written = (forms / "livelihood" / "expected.toml").read_text("utf-8")
    assert written == (FORMS / "livelihood" / "expected.toml").read_text("utf-8")


def test_all_types_are_written_down_at_once_or_one_but_not_by_accident(tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    for name in ("_common", "forest", "land-price"):
        shutil.copytree(FORMS / name, forms / name)
    (forms / "forest" / "expected.toml").unlink()
    code, said = run("template", "expect", "--all", "--forms", forms)
    assert (code, [Path(line).parent.name for line in said.splitlines()]) == (0, ["forest", "land-price"])
    assert (forms / "forest" / "expected.toml").read_bytes() == (
        FORMS / "forest" / "expected.toml"
    ).read_bytes()
    assert run("template", "expect", "--forms", forms)[0] == 2
    assert run("template", "expect", "forest", "--all", "--forms", forms)[0] == 2


@pytest.mark.timeout(120)  # every page twice, beside other tests
def test_the_gallery_hangs_samples_and_papers_and_each_is_genuine_by_its_own_list_only(
    tmp_path: Path,
) -> None:
    papers, out = tmp_path / "papers", tmp_path / "gallery"
    (papers / "forest").mkdir(parents=True)
    (papers / "forest" / "history-all.json").write_bytes((FORMS / "forest" / "sample.json").read_bytes())
    code, said = run("gallery", "--out", out, "--data", papers, "--only", "forest", "--only", "land-price")
    assert code == 0, said
    files = [
        f"{no}-{file.parent.name}-{file.stem}.pdf"
        for no, folder in (("04", FORMS / "forest"), ("04", papers / "forest"), ("08", FORMS / "land-price"))
        for file in sorted(folder.glob("*.json"))
    ]
    hung = json.loads((out / "gallery.json").read_text("utf-8"))
    assert [paper["file"] for paper in hung] == files
    assert {paper["finding"] for paper in hung} == {"contents-genuine"}
    assert verify(out / files[0], TRUST, NOW).finding is Finding.UNKNOWN_ISSUER
    index = (out / "gallery.html").read_text("utf-8")
    linked = set(re.findall(r'(?:href|src)="?([^" >]+)', index))
    assert {file.name for file in out.glob("*.p[dn][fg]")} == linked
    assert all((out / name).stat().st_size > 0 for name in linked)
