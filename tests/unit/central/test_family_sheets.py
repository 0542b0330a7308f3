"""Whatever the family register holds of the people we know stands on its sheets, in every choice, and reads back."""

from itertools import cycle
from pathlib import Path

import pytest

from central.registers.residents import known
from central.services import Services
from kiosk.protocol.canonical import content_hash
from kiosk.worker.contents import check_contents
from kiosk.worker.read_back import sheets_of
from kiosk.worker.render import Renderer, RenderJob
from tests.authority import TEMPLATES, sample
from tests.slices import those
from tests.unit.central.certificates import TYPES, all_choices
from tests.unit.central.families import CODES, Answer, data, read
from tests.unit.central.office import Office
from tests.unit.central.sheets import read_back_of

FORMS = {code: TEMPLATES[TYPES[code].form] for code in CODES}
# The slice of `make test`: all papers of the longest family, and one in three of somebody under age and of somebody
# with rare letters.
SLICE = ((known.LARGE, 1), (known.SIXTEEN, 3), (known.RARE, 3))
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
EVERYBODY = [*((card, 1) for card in HOLDERS), *SLICE[1:]]
WIDEST = "W" * 50
NAMES = ("김䬈례", "NGUYEN THI PHUONG THAO ELISABETH MARGARETA", "남궁" * 20)


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer({form.id: form for form in FORMS.values()})


def short(choices: dict[str, str]) -> bool:
    """Covered numbers are no longer than whole ones: with them one kind of a paper is enough."""
    return choices["digits"] == "yes" or choices.get("kind", "general") == "general"


@pytest.fixture(scope="module")
def office(small_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One for all of them, who only read."""
    return Office(small_town, tmp_path_factory.mktemp("office") / "data")


def papers(office: Office, code: str, card: str) -> list[Answer]:
    """What the office says in every choice; of each old register where there are several."""

    async def story(services: Services) -> list[Answer]:
        holder = await services.residents.holder(card)
        assert holder is not None
        found: list[Answer] = []
        for options in filter(short, all_choices(TYPES[code])):
            answer = await read(services, office, code, holder.person.id, options)
            keys = [one.key for one in answer] if isinstance(answer, tuple) else [""]
            found += [await read(services, office, code, holder.person.id, options, key) for key in keys]
        return found

    return office.story(story)


@pytest.mark.parametrize(("card", "by"), those(SLICE.__contains__, EVERYBODY, pytest.mark.forms))
@pytest.mark.parametrize("code", CODES)
def test_every_choice_of_everybody_we_know_reads_back(
    press: Renderer, office: Office, code: str, card: str, by: int
) -> None:
    answers = papers(office, code, card)
    none_old = code.startswith("removed-") and card in (known.SIXTEEN, known.RARE)
    if none_old:
        assert set(map(str, answers)) == {"no-record"}
        return
    # Two ways to ask may lead to the same words: once on paper is enough.
    different = {content_hash(said): said for said in map(data, answers)}
    for said in [*different.values()][::by]:
        assert 1 <= read_back_of(press, FORMS[code], said)[1] <= 4


@pytest.mark.parametrize("code", CODES)
def test_the_most_that_a_form_takes_stays_within_its_sheets(press: Renderer, code: str) -> None:
    form = FORMS[code]
    said = {**sample(f"{code}/sample_long.json"), "name": WIDEST}
    for name, rule in form.lists.items():
        rows = said[name]
        said[name] = [rows[index % len(rows)] for index in range(rule["most"])] if rows else []
    check_contents(form, said)
    assert 2 <= sheets_of(press.render(RenderJob(form.id, said))) <= form.max_sheets


@pytest.mark.parametrize("code", CODES[:4])
@pytest.mark.parametrize("names", [(WIDEST,), NAMES], ids=["widest", "many"])
def test_any_name_fits_its_cell(press: Renderer, code: str, names: tuple[str, ...]) -> None:
    said, names_of_all = sample(f"{code}/sample.json"), cycle(names)
    for rows in (value for value in said.values() if isinstance(value, list)):
        for row in rows:
            row.update({field: next(names_of_all) for field in ("name", "other", "before") if row.get(field)})
    assert read_back_of(press, FORMS[code], {**said, "name": next(names_of_all)})[1] <= 2
