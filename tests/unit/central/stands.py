"""The town's buildings and their records for tests, and asking an office for a paper of what stands on a lot."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from central.authority.types import load_types
from central.registers.buildings import town
from central.registers.buildings.building import Site
from central.registers.buildings.sites import sites
from central.registers.on_lots import certificate_data
from central.registers.parcel import Lot
from central.registers.records.record import Record
from central.registers.refusal import RefusedError, WhichError
from central.registers.town import SEED
from central.services import Services
from tests.unit.central.certificates import whole_town
from tests.unit.central.office import NOON, Office, subject_of

TYPES = load_types()
CODES = ("building", "site-right", "real-estate-registry")


@cache
def all_sites() -> tuple[Site, ...]:
    """Every lot of it with what stands there."""
    parcels, people = whole_town()
    return tuple(sites(SEED, people, parcels))


@cache
def all_records() -> dict[str, list[Record]]:
    """The records of the three registers by the code of their certificate."""
    parcels, people = whole_town()
    found: dict[str, list[Record]] = {code: [] for code in CODES}
    for record in town.records(SEED, people, parcels):
        found[record.kind].append(record)
    return found


def data_of(code: str, record: Record, options: Mapping[str, str]) -> dict[str, Any]:
    """A record as the office would certify it."""
    kind = TYPES[code]
    assert kind.source is not None
    return certificate_data(record, kind.file, kind.source, options, NOON.date())


def asked(
    office: Office, code: str, lot: Lot, which: str = "", options: Mapping[str, str] | None = None
) -> dict[str, Any] | str | WhichError:
    """The data of a certificate, the code of the refusal, or among what one has to choose."""
    kind = TYPES[code]

    async def ask(services: Services) -> dict[str, Any] | str | WhichError:
        assert kind.source is not None
        chosen_options = options or {option.code: option.default for option in kind.file.option}
        try:
            return await services.on_lots.read_certificate(
                kind.file, kind.source, subject_of(lot), chosen_options, office.now, which
            )
        except RefusedError as error:
            return error.code
        except WhichError as several:
            return several

    return office.story(ask)
