"""The types that the authority issues: what may be chosen, what it costs on which day, what the seal is about."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from central.authority.types import IssuedType, load_types
from central.bundles.forms import FormsError
from central.registers.refusal import RefusedError
from central.services import Services
from kiosk.protocol.central import DraftRequest, Quote
from kiosk.protocol.certificates import DatedFee
from tests.unit.central.citizen import FULL, HOUSEHOLD
from tests.unit.central.office import ALL, KIOSK, ORDER, Office

TYPES = load_types()


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_every_choice_that_the_machine_offers_is_taken(kind: IssuedType) -> None:
    kind.check_options({option.code: option.default for option in kind.file.option})
    for option in kind.file.option:
        for choice in option.choices:
            needed = {code: choices[0] for code, choices in choice.needs.items()}
            at_first = {other.code: other.default for other in kind.file.option}
            kind.check_options(at_first | needed | {option.code: choice.code})


@pytest.mark.parametrize(
    "options", [{}, {"history": "all"}, {**ALL, "history": "some"}, {**ALL, "x": "y"}, {**ALL, "history": ""}]
)
def test_choices_that_the_type_does_not_have_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(RefusedError, match="options-invalid"):
        TYPES["land"].check_options(options)


def test_choices_that_do_not_go_together_are_refused() -> None:
    TYPES[HOUSEHOLD].check_options({**FULL, "names": "no", "digits": "own"})
    with pytest.raises(RefusedError, match="options-invalid"):
        TYPES[HOUSEHOLD].check_options({**FULL, "names": "no", "digits": "all"})


def test_the_municipalitys_own_fee_is_charged_and_no_other_municipalitys() -> None:
    land = TYPES["land"]
    day = date(2026, 1, 1)

    def with_row(municipality: str) -> Quote | None:
        own = DatedFee(day, 0, municipality=municipality)
        file = msgspec.structs.replace(land.file, fee=(*land.file.fee, own))
        return msgspec.structs.replace(land, file=file).quote(day)

    assert with_row("1156000000") == Quote(0)
    assert with_row("1144000000") == Quote(500, 20, 100)


def test_a_type_costs_what_its_file_says_from_the_day_on() -> None:
    assert TYPES["land"].quote(date(2026, 11, 25)) == Quote(500, 20, 100)
    assert TYPES["land"].quote(date(2001, 12, 31)) is None


@pytest.mark.logs_errors
def test_what_is_about_nobody_is_issued_to_nobody() -> None:
    with pytest.raises(RefusedError, match="internal"):
        TYPES[HOUSEHOLD].about(
            {"requester": "홍길동", "members": [{"name": "이샛별", "resident_number": "8"}]}
        )


@pytest.mark.parametrize("subject", [{"person": "2"}, {"resident_number": "800101-1990003"}, {"card": "1"}])
def test_a_request_that_names_a_person_is_refused(office: Office, subject: dict[str, str]) -> None:
    async def ask(services: Services) -> str:
        request = DraftRequest(KIOSK, ORDER, 1, HOUSEHOLD, subject, FULL, "ko", b"k" * 32, b"token")
        with pytest.raises(RefusedError) as refused:
            await services.desk.draft(request, office.now)
        return refused.value.code

    assert office.story(ask) == "subject-invalid"


def test_a_broken_file_is_told_with_its_folder(tmp_path: Path) -> None:
    (tmp_path / "land").mkdir()
    (tmp_path / "land" / "catalogue.toml").write_text("code = 1")
    with pytest.raises(FormsError, match=str(tmp_path)):
        load_types(tmp_path)
