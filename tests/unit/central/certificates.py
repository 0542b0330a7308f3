"""Asking an office in this process for the certificates that come from registers in item form."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product

from central.authority.types import IssuedType, load_types
from central.registers.lots import well_known
from central.registers.parcel import Parcel
from central.registers.refusal import RefusedError
from central.registers.resident import Certificate
from central.registers.residents.owners import owners_of
from central.registers.residents.record import Population
from central.registers.residents.town import population
from central.registers.town import SEED, parcels
from central.services import Services
from tests.unit.central.office import NOON, Office

TYPES = load_types()


def small_town() -> tuple[list[Parcel], Population]:
    """The parcels and the people of the office of these tests."""
    lots = well_known(SEED)
    return lots, population(SEED, owners_of(lots), NOON.date(), families=100)


@cache
def whole_land() -> tuple[Parcel, ...]:
    """The parcels that a new data folder gets; grown once."""
    return tuple(parcels())


@cache
def whole_town() -> tuple[tuple[Parcel, ...], Population]:
    """The parcels and the people that a new data folder gets; grown once."""
    lots = whole_land()
    return lots, population(SEED, owners_of(lots), NOON.date())


def all_choices(kind: IssuedType) -> Iterator[dict[str, str]]:
    """Every combination of a type's choices."""
    options = kind.file.option
    for codes in product(*([choice.code for choice in option.choices] for option in options)):
        yield {option.code: code for option, code in zip(options, codes, strict=True)}


async def read(
    services: Services, office: Office, code: str, person: int, options: Mapping[str, str], which: str = ""
) -> Certificate | str:
    """A person's certificate of that type as the office gives it now, or the refusal. Raises WhichError."""
    kind = TYPES[code]
    assert kind.source is not None
    try:
        return await services.personal.read_certificate(
            kind.file, kind.source, person, options, office.now, which
        )
    except RefusedError as error:
        return error.code


def defaults(code: str, **chosen: str) -> dict[str, str]:
    """What is chosen of that type at first, but for what is `chosen`."""
    return {option.code: option.default for option in TYPES[code].file.option} | chosen


def asked(
    office: Office, code: str, card: str, options: Mapping[str, str] | None = None, which: str = ""
) -> Certificate | str:
    """The certificate of a card's holder, or the refusal. Raises WhichError."""

    async def ask(services: Services) -> Certificate | str:
        holder = await services.residents.holder(card)
        assert holder is not None
        return await read(services, office, code, holder.person.id, options or {}, which)

    return office.story(ask)
