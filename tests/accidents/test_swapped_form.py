"""Another form under the right name. Gov24, 19 April 2024: after a change of a template 587 tax certificates showed the
representative's name and resident number where the company's belonged.

Planted in this machine's copy of certs_templates/: files exchanged between two forms, columns and fields crossed, a
sentence altered; and an exchange between the moments at which the worker and its typesetter read the files.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from central.bundles.forms import load_forms
from kiosk.worker.render import Renderer
from kiosk.worker.templates import DEFAULT_ROOT, Template, load_templates
from tests.accidents.booth import LAND
from tests.accidents.conftest import MakeBooth
from tests.accidents.sale import buy, delivered, refused
from tests.authority import TEMPLATES

# What is planted: the file, and the words in it that take each other's place.
CROSSED = {
    "columns of the template": ("_common/대장.typ", "소유자.name", "소유자.reg_no"),
    "fields of the map": ("land/type.toml", '"location"', '"lot"'),
    "labels": ("land/words.toml", '"성명 또는 명칭"', '"등록번호"'),
}


def cross(root: Path, name: str, one: str, other: str) -> None:
    """Put two texts of a file in each other's place."""
    text = (root / name).read_text("utf-8")
    assert one in text
    assert other in text
    swapped = other.join(part.replace(other, one) for part in text.split(one))
    (root / name).write_text(swapped, "utf-8")


def exchange(root: Path, one: str, other: str) -> None:
    """Put two files in each other's place."""
    first, second = (root / one).read_bytes(), (root / other).read_bytes()
    (root / one).write_bytes(second)
    (root / other).write_bytes(first)


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """A copy of the forms to plant in."""
    root = tmp_path / "forms"
    shutil.copytree(DEFAULT_ROOT, root)
    return root


def test_central_and_a_machine_as_delivered_name_every_form_alike() -> None:
    assert load_forms() == {form.id: form.digest for form in TEMPLATES.values()}


def test_with_an_exact_copy_of_the_forms_the_paper_comes_out(booth: MakeBooth, forms: Path) -> None:
    templates = load_templates(forms)
    assert "여의도동" in delivered(buy(booth(press=Renderer(templates, forms), templates=templates), LAND))


@pytest.mark.parametrize("planted", CROSSED.values(), ids=CROSSED)
def test_fields_crossed_in_this_machines_form_are_refused_before_the_fee(
    booth: MakeBooth, forms: Path, planted: tuple[str, str, str]
) -> None:
    cross(forms, *planted)
    templates = load_templates(forms)
    refused(booth(press=Renderer(templates, forms), templates=templates).draft(LAND), "form-mismatch")


def test_two_forms_whose_files_changed_places_are_refused_before_the_fee(
    booth: MakeBooth, forms: Path
) -> None:
    exchange(forms, "land/form.typ", "resident-household/form.typ")
    templates = load_templates(forms)
    refused(booth(press=Renderer(templates, forms), templates=templates).draft(LAND), "form-mismatch")


def test_a_form_that_calls_itself_another_is_refused_before_the_fee(booth: MakeBooth, forms: Path) -> None:
    exchange(forms, "land/words.toml", "forest/words.toml")
    exchange(forms, "land/type.toml", "forest/type.toml")
    templates = load_templates(forms)
    refused(booth(press=Renderer(templates, forms), templates=templates).draft(LAND), "form-mismatch")


def test_files_exchanged_after_the_worker_has_read_them_are_found_by_its_typesetter(
    booth: MakeBooth, forms: Path
) -> None:
    cross(forms, *CROSSED["columns of the template"])
    stale_reader = Renderer(load_templates(forms), forms)
    refused(booth(press=stale_reader).draft(LAND), "form-mismatch")


def test_nothing_but_the_digest_would_see_crossed_columns(booth: MakeBooth, forms: Path) -> None:
    """The control: with the digest forged, name and number change places on a paper that every other look passes."""
    cross(forms, *CROSSED["columns of the template"])
    forged: dict[str, Template] = {
        name: replace(form, digest=TEMPLATES[name].digest) for name, form in load_templates(forms).items()
    }
    crossed = delivered(buy(booth(order="O1", press=Renderer(forged, forms), templates=forged), LAND))
    straight = delivered(buy(booth(order="O2"), LAND))
    assert sorted(_owner(crossed)) == sorted(_owner(straight))
    assert _owner(crossed) != _owner(straight)


def _owner(text: str) -> list[str]:
    """The last owner's name and number in the order in which they stand on the paper."""
    words = text.split()
    return [word for word in words if word.startswith(("한빛생명보험", "110111-"))]
