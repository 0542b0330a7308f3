"""Whatever somebody chooses of a tax office's certificates, the paper is set and reads back, or is refused."""

from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

from central.registers.parcel import Lot
from central.registers.records.factory import FACTORY
from central.registers.records.factory_sites import WELL_KNOWN
from central.registers.refusal import RefusedError, WhichError
from central.registers.resident import Certificate
from central.registers.residents import known
from central.services import Services
from kiosk.worker.contents import check_contents
from kiosk.worker.render import Renderer
from tests.authority import TEMPLATES
from tests.slices import strides
from tests.unit.central.certificates import TYPES, all_choices, read
from tests.unit.central.office import Office, subject_of
from tests.unit.central.sheets import read_back_of

CODES = ("local-tax-clearance", "national-tax-clearance", "business-registration", "income")
REFUSALS = {
    "no-record",
    "no-english-record",
    "tax-arrears",
    "person-deceased",
    "address-protected",
    "record-moving",
    "record-under-change",
}


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


async def papers(services: Services, office: Office, code: str) -> tuple[list[dict[str, Any]], Counter[str]]:
    """What everybody gets with every choice, and how often each refusal comes."""
    found: list[dict[str, Any]] = []
    refusals: Counter[str] = Counter()
    for card in known.ALL[:-1]:
        holder = await services.residents.holder(card)
        assert holder is not None
        for options in all_choices(TYPES[code]):
            try:
                answers = [await read(services, office, code, holder.person.id, options)]
            except WhichError as several:
                keys = [thing.key for thing in several.offered]
                answers = [await read(services, office, code, holder.person.id, options, key) for key in keys]
            found += [answer.data for answer in answers if isinstance(answer, Certificate)]
            refusals.update(answer for answer in answers if isinstance(answer, str))
    return found, refusals


@strides(6, pytest.mark.forms)
@pytest.mark.parametrize("code", CODES)
def test_every_choice_of_everybody_is_set_and_reads_back_or_a_refusal_with_words(
    office: Office, press: Renderer, code: str, by: int
) -> None:
    found, refusals = office.story(lambda services: papers(services, office, code))
    assert len(found) >= 6
    assert set(refusals) <= REFUSALS
    assert {"person-deceased", "address-protected", "no-record"} <= set(refusals)
    for data in found:
        check_contents(TEMPLATES[TYPES[code].form], data)
    for data in found[::by]:
        read_back_of(press, TEMPLATES[TYPES[code].form], data)


@pytest.mark.parametrize("lot", WELL_KNOWN, ids=lambda lot: lot.unique_no)
def test_every_factory_of_a_well_known_lot_is_set_and_reads_back(
    office: Office, press: Renderer, lot: Lot
) -> None:
    kind = TYPES[FACTORY]
    source = kind.source
    assert source is not None

    async def story(services: Services) -> list[dict[str, Any]]:
        reading = await services.records.of_lot(kind.file.register, source.record, lot, office.now)
        found = []
        for record in reading.records:
            for options in all_choices(kind):
                with suppress(RefusedError):
                    found.append(
                        await services.on_lots.read_certificate(
                            kind.file, source, subject_of(lot), options, office.now, record.items["number"]
                        )
                    )
        return found

    found = office.story(story)
    assert len(found) == 2 * WELL_KNOWN[lot] - (WELL_KNOWN[lot] == 3)
    for data in found:
        read_back_of(press, TEMPLATES[kind.form], data)
