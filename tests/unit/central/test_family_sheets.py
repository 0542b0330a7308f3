"""Whatever the family register holds of the people we know stands on its sheets, in every choice, and reads back."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from central.registers.residents import known
from central.services import Services
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.fields import value_at
from kiosk.protocol.seal import content_prefix
from kiosk.worker.contents import check_contents
from kiosk.worker.read_back import expected_of, read_back, sheets_of
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.templates import Template
from tests.authority import TEMPLATES, payload_for, sample, seal_for
from tests.slices import those
from tests.unit.central.certificates import TYPES, all_choices
from tests.unit.central.families import CODES, Answer, data, read
from tests.unit.central.office import Office

FORMS = {code: TEMPLATES[TYPES[code].form] for code in CODES}
# The slice of `make test`: the longest family, somebody under age, and one with rare letters.
SLICE = (known.LARGE, known.SIXTEEN, known.RARE)
HOLDERS = (
    known.FAMILY,
    known.LARGE,
    known.SIXTEEN,
    known.RARE,
    known.ALONE,
    known.PROTECTED,
    known.MOVING,
    known.CHANGING,
    known.EXPIRED,
    known.NEWER,
)
WIDEST = "W" * 50
Papers = dict[tuple[str, str], list[Answer]]


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer({form.id: form for form in FORMS.values()})


def short(choices: dict[str, str]) -> bool:
    """Covered numbers are no longer than whole ones: with them one kind of a paper is enough."""
    return choices["digits"] == "yes" or choices.get("kind", "general") == "general"


def looked_at(press: Renderer, form: Template, said: dict[str, Any]) -> int:
    """The number of sheets, once the data is fit for paper and the sheets are read back."""
    check_contents(form, said)
    sheet = sealed(press, form, said, 1)
    return 1 if sheet else sealed(press, form, said, sheets_of(press.render(RenderJob(form.id, said))))


def sealed(press: Renderer, form: Template, said: dict[str, Any], pages: int) -> int:
    """That many sheets read back; 0 where it is not that many."""
    about = tuple(value_at(said, path) or "" for path in form.subject)
    facts = {"subject": about, "content": content_prefix(content_hash(said)), "template": form.id}
    payload = payload_for(sample(), form.code, pages, **facts)
    seal = seal_for(sample(), form.code, pages, **facts)
    pdf = press.render(RenderJob(form.id, said, payload, seal))
    if sheets_of(pdf) != pages:
        return 0
    read_back(pdf, expected_of(form, said, payload, seal))
    return pages


@pytest.fixture(scope="module")
def papers(small_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    """What the office says of everybody, in every choice; of each old register where there are several."""
    office = Office(small_town, tmp_path_factory.mktemp("office") / "data")

    async def story(services: Services) -> Papers:
        found: Papers = {}
        for code, card in product(CODES, HOLDERS):
            holder = await services.residents.holder(card)
            assert holder is not None
            for options in filter(short, all_choices(TYPES[code])):
                answer = await read(services, office, code, holder.person.id, options)
                keys = [one.key for one in answer] if isinstance(answer, tuple) else [""]
                found.setdefault((code, card), []).extend(
                    [await read(services, office, code, holder.person.id, options, key) for key in keys]
                )
        return found

    return office.story(story)


@pytest.mark.parametrize("card", those(SLICE.__contains__, HOLDERS, pytest.mark.forms))
@pytest.mark.parametrize("code", CODES)
def test_every_choice_of_everybody_we_know_reads_back(
    press: Renderer, papers: Papers, code: str, card: str
) -> None:
    none_old = code.startswith("removed-") and card in (known.SIXTEEN, known.RARE)
    if none_old:
        assert set(map(str, papers[code, card])) == {"no-record"}
        return
    # Two ways to ask may lead to the same words: once on paper is enough.
    for said in {content_hash(said): said for said in map(data, papers[code, card])}.values():
        assert 1 <= looked_at(press, FORMS[code], said) <= 4


@pytest.mark.parametrize("code", CODES)
def test_the_most_that_a_form_takes_stays_within_its_sheets(press: Renderer, code: str) -> None:
    form = FORMS[code]
    said = {**sample(f"{code}/sample_long.json"), "name": WIDEST}
    for name, rule in form.lists.items():
        rows = said[name]
        said[name] = [rows[index % len(rows)] for index in range(rule["most"])] if rows else []
    assert 2 <= looked_at(press, form, said) <= form.max_sheets


@pytest.mark.parametrize("code", CODES[:4])
@pytest.mark.parametrize(
    "name", [WIDEST, "김䬈례", "NGUYEN THI PHUONG THAO ELISABETH MARGARETA", "남궁" * 20]
)
def test_any_name_fits_its_cell(press: Renderer, code: str, name: str) -> None:
    said = sample(f"{code}/sample.json")
    for rows in (value for value in said.values() if isinstance(value, list)):
        for row in rows:
            row.update({field: name for field in ("name", "other", "before") if row.get(field)})
    assert looked_at(press, FORMS[code], {**said, "name": name}) <= 2
