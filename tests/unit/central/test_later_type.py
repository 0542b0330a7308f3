"""A 33rd type, of an agency and a register that nobody here has heard of, needs its folder and its records alone."""

import json
import shutil
import tomllib
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from central.authority.types import load_types
from central.bundles.forms import load_forms
from central.cli import app
from central.registers.refusal import RefusedError
from central.registers.residents import known
from central.services import Services
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.central import Draft
from kiosk.protocol.fields import value_at
from kiosk.protocol.identity import AskedLine
from kiosk.protocol.seal import content_prefix
from kiosk.worker.contents import check_contents
from kiosk.worker.occurrences import spaced
from kiosk.worker.read_back import expected_of, page_texts, read_back, sheets_of
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.sample import render_sample
from kiosk.worker.templates import TemplateError, load_templates
from tests.authority import FORMS, payload_for, sample, seal_for
from tests.unit.central.citizen import identified
from tests.unit.central.office import Office, Worker

LATER = Path(__file__).parents[2] / "later"
CODE, REGISTER = "health-insurance", "health-insurance"
ORDERS = count(1)
RECORDS = LATER / f"{CODE}.jsonl"


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The forms once the type has arrived."""
    root = tmp_path_factory.mktemp("later") / "forms"
    shutil.copytree(FORMS, root)
    shutil.copytree(LATER / CODE, root / CODE)
    return root


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["clerk", *(str(word) for word in words)])
    return result.exit_code, result.output


def take_in(office: Office, file: Path = RECORDS) -> tuple[int, str]:
    return run("import", REGISTER, file, "--data", office.folder.data)


def ask(office: Office, forms: Path, card: str, **chosen: str) -> Draft | str:
    """The draft of the type for a card's holder, at an office that has it; or the refusal."""
    options = {option.code: option.default for option in load_types(forms)[CODE].file.option} | chosen
    shutil.copytree(LATER / CODE, office.folder.types / CODE, dirs_exist_ok=True)

    async def story(services: Services) -> Draft | str:
        worker = Worker(services.keys.trust.sealing_key, order=f"01JD00000000000000000{next(ORDERS):05d}")
        token = (await identified(services, worker, card, (AskedLine(1, CODE, {}, options),))).token
        request = worker.draft_request(type_code=CODE, subject={}, options=options, token=token)
        try:
            return (await services.desk.draft(request, office.now)).draft
        except RefusedError as error:
            return error.code

    return office.story(story)


def samples() -> list[str]:
    return sorted(file.stem for file in (LATER / CODE).glob("sample*.json"))


def test_its_folder_has_all_that_a_type_has(forms: Path) -> None:
    own = {file.name for file in (LATER / CODE).iterdir()}
    assert {file.name for file in (FORMS / "income").iterdir()} <= own
    assert load_types(forms)[CODE].file.phase == 3
    assert load_templates(forms)[f"{CODE}/1"].digest == load_forms(forms)[f"{CODE}/1"]


@pytest.mark.parametrize("name", samples())
def test_its_samples_read_as_expected_word_for_word(forms: Path, name: str) -> None:
    expected = tomllib.loads((forms / CODE / "expected.toml").read_text("utf-8"))[name]
    data: dict[str, Any] = json.loads((forms / CODE / f"{name}.json").read_text("utf-8"))
    texts = page_texts(render_sample(CODE, data, forms))
    assert [spaced(text) for text in texts] == [spaced(text) for text in expected["pages"]]


def test_it_is_drafted_from_records_that_were_imported_and_reads_back(office: Office, forms: Path) -> None:
    assert ask(office, forms, known.FAMILY) == "register-closed"
    assert take_in(office) == (0, f"{REGISTER}: 3 records\n")
    draft = ask(office, forms, known.FAMILY)
    assert isinstance(draft, Draft)
    form = load_templates(forms)[draft.template]
    check_contents(form, draft.data)
    assert [row["kind"] for row in draft.data["coverage"]] == ["직장가입자", "지역세대주"]
    press = Renderer({form.id: form}, forms)
    pages = sheets_of(press.render(RenderJob(form.id, draft.data)))
    about = tuple(value_at(draft.data, path) or "" for path in form.subject)
    facts = {"subject": about, "content": content_prefix(content_hash(draft.data)), "template": form.id}
    payload, seal = payload_for(sample(), CODE, pages, **facts), seal_for(sample(), CODE, pages, **facts)
    read_back(
        press.render(RenderJob(form.id, draft.data, payload, seal)),
        expected_of(form, draft.data, payload, seal),
    )


def test_its_choices_and_its_refusals_are_like_every_others(office: Office, forms: Path) -> None:
    take_in(office)
    draft = ask(office, forms, known.FAMILY, period="current")
    assert isinstance(draft, Draft)
    assert [row["kind"] for row in draft.data["coverage"]] == ["지역세대주"]
    assert ask(office, forms, known.RARE) == "no-record"
    assert ask(office, forms, known.FAMILY, period="some") == "options-invalid"


def test_a_clerk_closes_the_register_and_takes_a_record_out_as_of_any_other(
    office: Office, forms: Path
) -> None:
    code, said = run("outage", "9", "--register", REGISTER, "--data", office.folder.data)
    assert (code, "those imported" in said) == (2, True)
    take_in(office)
    run("record", CODE, known.FAMILY, "changing", "--data", office.folder.data)
    assert ask(office, forms, known.FAMILY) == "record-under-change"
    assert run("hours", "13:00", "18:00", "--register", REGISTER, "--data", office.folder.data)[0] == 0
    assert ask(office, forms, known.FAMILY) == "register-closed"


def test_a_record_that_is_imported_again_is_replaced_and_keeps_the_hours(
    office: Office, forms: Path, tmp_path: Path
) -> None:
    take_in(office)
    run("hours", "00:00", "18:00", "--register", REGISTER, "--data", office.folder.data)
    later = {"kind": "지역세대원", "place": "", "gained": "2026-11-01", "lost": ""}
    line = {"kind": CODE, "resident_number": "800101-1990003", "items": {"coverage": [later]}}
    (tmp_path / "again.jsonl").write_text(json.dumps(line) + "\n")
    assert take_in(office, tmp_path / "again.jsonl")[0] == 0
    draft = ask(office, forms, known.FAMILY)
    assert isinstance(draft, Draft)
    assert draft.data["coverage"] == [later]
    office.later(hours=7)
    assert ask(office, forms, known.FAMILY) == "register-closed"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "line 2 is no record: not JSON"),
        (b'{"kind": "x"}', "line 2 is no record"),
        (b'{"kind": "x", "items": {}, "name": "secret"}', "line 2 is no record"),
        (b'{"kind": "x", "items": {}, "state": "gone"}', "line 2 is no record"),
        (b'{"kind": "x", "items": {}, "resident_number": "999999-9999999"}', "has nobody with this number"),
        (b'{"kind": "\xff"}', "line 2 is no record: not JSON"),
    ],
)
def test_a_line_that_is_no_record_lets_nothing_in_and_is_not_quoted(
    office: Office, forms: Path, tmp_path: Path, line: bytes, said: str
) -> None:
    file = tmp_path / "r.jsonl"
    file.write_bytes(RECORDS.read_bytes().splitlines()[0] + b"\n" + line + b"\n")
    code, output = take_in(office, file)
    assert code == 2
    assert said in " ".join(output.replace("│", " ").split())
    assert "secret" not in output
    assert "999999" not in output
    assert ask(office, forms, known.FAMILY) == "register-closed"


@pytest.mark.parametrize("name", ["land", "resident", "Upper", "a b", ""])
def test_a_register_of_another_kind_cannot_be_imported_into(office: Office, name: str) -> None:
    assert run("import", name, RECORDS, "--data", office.folder.data)[0] == 2


def test_an_offices_own_seal_is_part_of_the_form_and_must_be_there(forms: Path, tmp_path: Path) -> None:
    root = tmp_path / "forms"
    shutil.copytree(forms, root)
    before = load_templates(root)[f"{CODE}/1"]
    assert "국민건강보험공단 이사장" in before.stamps
    assert "국민건강보험공단 이사장" not in load_templates(root)["land/1"].stamps
    (seal,) = (root / CODE).glob("*.svg")
    seal.write_bytes(seal.read_bytes() + b"<!-- -->")
    assert load_templates(root)[f"{CODE}/1"].digest == load_forms(root)[f"{CODE}/1"] != before.digest
    seal.unlink()
    with pytest.raises(TemplateError, match="missing"):
        load_templates(root)


def test_what_was_read_of_it_is_what_the_record_says(office: Office, forms: Path) -> None:
    take_in(office)
    wanted = {}
    for line in RECORDS.read_bytes().splitlines():
        record = msgspec.json.decode(line)
        wanted[record["resident_number"][:8]] = record["items"]["coverage"]
    for card in (known.FAMILY, known.LARGE, known.ALONE):
        draft = ask(office, forms, card)
        assert isinstance(draft, Draft)
        assert draft.data["coverage"] == wanted[draft.data["resident_number"][:8]]
