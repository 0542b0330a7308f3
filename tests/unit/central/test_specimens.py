"""Papers for forms to be judged by: each choice once, by somebody who can have it, and what they pick of several."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from central.authority.types import IssuedType
from central.cli import app
from central.commands import specimens
from central.commands.specimens import Choices, OfficeClerk, Specimen, SpecimenError, Subject, all_choices
from central.registers.offices import Offices
from central.registers.refusal import WhichError
from central.registers.resident import Certificate
from central.services import Services
from kiosk.worker.contents import check_contents
from tests.authority import TEMPLATES
from tests.unit.central.certificates import TYPES
from tests.unit.central.office import Office


def drawn(office: Office, kind: IssuedType) -> list[Specimen]:
    async def ask(services: Services) -> list[Specimen]:
        offices = Offices(services.book, services.residents, services.personal, services.on_lots)
        people, places = await specimens.subjects(services)
        desk = OfficeClerk(offices, office.now)
        return [one async for one in desk.papers(kind, people if kind.file.personal else places)]

    return office.story(ask)


@pytest.mark.parametrize("code", ["factory", "vehicle"])
def test_each_choice_and_what_is_picked_has_a_paper_that_its_form_takes(office: Office, code: str) -> None:
    kind = TYPES[code]
    found = {one.name: one.data for one in drawn(office, kind)}
    others = {
        f"{option.code}-{choice.code}"
        for option in kind.file.option
        for choice in option.choices
        if choice.code != option.default
    }
    assert set(found) == {"default", f"default-picked-{code}", *others}
    for name, data in found.items():
        check_contents(TEMPLATES[kind.form], data)
        differing = {
            option.code for option in kind.file.option if data["options"][option.code] != option.default
        }
        assert differing == {name.partition("-")[0]} - {"default"}


def test_a_choice_that_needs_another_is_made_with_it() -> None:
    for kind in TYPES.values():
        for choices in all_choices(kind):
            kind.check_options(choices.options)


def test_a_flat_its_block_and_its_building_are_papers_of_their_own(office: Office) -> None:
    titles = {one.name: one.data["title"] for one in drawn(office, TYPES["building"])}
    assert len({title for name, title in titles.items() if name.startswith("default")}) == 4
    assert titles["owners-all"] == titles["default-picked-unit"]


def test_a_type_that_nobody_can_have_is_said_and_not_left_out(office: Office) -> None:
    async def ask(services: Services) -> None:
        offices = Offices(services.book, services.residents, services.personal, services.on_lots)
        papers = OfficeClerk(offices, office.now).papers(TYPES["vehicle"], [Subject(person=0)])
        assert [one async for one in papers] == []

    with pytest.raises(SpecimenError, match="vehicle"):
        office.story(ask)


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.forms)], ids=["some", "whole"])
def test_the_command_writes_a_file_for_each(
    whole: bool, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = OfficeClerk._ask

    def few(kind: IssuedType) -> list[Choices]:
        return [each for each in all_choices(kind) if each.name in ("default", "language-en")]

    async def among_the_first(*asked: Any) -> Certificate:
        """There are hundreds of flats to pick from, for each of three types."""
        try:
            return await ask(*asked)
        except WhichError as several:
            raise WhichError(several.what, several.offered[:2], several.person) from None

    if not whole:
        monkeypatch.setattr(specimens, "all_choices", few)
        monkeypatch.setattr(OfficeClerk, "_ask", among_the_first)
    out = tmp_path / "papers"
    done = CliRunner().invoke(app, ["specimens", "--data", str(office.folder.data), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert {folder.name for folder in out.iterdir() if folder.is_dir()} == set(TYPES)
    data = json.loads((out / "factory" / "language-en.json").read_text("utf-8"))
    assert data["title"] == "Certificate of Factory Registration"


def test_the_command_leaves_a_folder_of_somebody_else_as_it_is(office: Office, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "factory").mkdir(parents=True)
    (mine / "factory" / "language-en.json").write_text("my own")
    done = CliRunner().invoke(app, ["specimens", "--data", str(office.folder.data), "--out", str(mine)])
    assert (done.exit_code, "not made by this command" in done.output) == (2, True), done.output
    assert [file.read_text() for file in mine.rglob("*") if file.is_file()] == ["my own"]
