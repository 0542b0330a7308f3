"""Asking an office for a person's certificate at its desk, without a kiosk between."""

from central.authority.types import load_types
from central.registers.refusal import RefusedError
from central.registers.resident import Certificate
from central.services import Services
from tests.unit.central.office import Office

TYPES = load_types()


def paper(office: Office, code: str, card: str) -> Certificate | str:
    """The certificate of that type for a card's holder, with every option as at first, or the refusal."""
    kind = TYPES[code]

    async def ask(services: Services) -> Certificate | str:
        holder = await services.residents.holder(card)
        assert holder is not None
        assert kind.source is not None
        options = {option.code: option.default for option in kind.file.option}
        try:
            return await services.personal.read_certificate(
                kind.file, kind.source, holder.person.id, options, office.now
            )
        except RefusedError as error:
            return error.code

    return office.story(ask)
