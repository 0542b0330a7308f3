"""Asking an office for a certificate of the family register: any kind, any person, any of several old registers."""

from central.registers.refusal import RefusedError, WhichError
from central.registers.resident import Certificate
from central.services import Services
from kiosk.protocol.central import Offered
from tests.unit.central.certificates import TYPES
from tests.unit.central.office import Office

CODES = ("family-relation", "basic", "marriage", "adoption", "removed-family", "removed-abstract")
Answer = Certificate | str | tuple[Offered, ...]


async def read(
    services: Services, office: Office, code: str, person: int, options: dict[str, str], which: str = ""
) -> Answer:
    """The certificate, the refusal's code, or what there is to choose among."""
    kind = TYPES[code]
    assert kind.source is not None
    kind.check_options(options)
    try:
        return await services.personal.read_certificate(
            kind.file, kind.source, person, options, office.now, which
        )
    except RefusedError as error:
        return error.code
    except WhichError as several:
        whose = "" if (several.what, several.person) == ("removed-register", person) else "another's choice"
        return whose or several.offered


def ask(office: Office, code: str, card: str, which: str = "", **choices: str) -> Answer:
    """The answer to a card's holder, who chose these and left the rest as it was."""
    options = {option.code: option.default for option in TYPES[code].file.option} | choices

    async def story(services: Services) -> Answer:
        holder = await services.residents.holder(card)
        assert holder is not None
        return await read(services, office, code, holder.person.id, options, which)

    return office.story(story)


def data(answer: Answer) -> dict[str, object]:
    """What a certificate says."""
    assert isinstance(answer, Certificate), answer
    return answer.data
