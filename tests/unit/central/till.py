"""Machines that owe money to people and ask for it: their journals, and workers that somebody was identified to."""

from typing import Any

import msgspec

from central.claims.claim_service import ClaimService
from central.services import Services
from central.store.schema import claim
from kiosk.protocol import journal
from kiosk.protocol.claims import ClaimsAnswer, ClaimsRequest, asked_line
from tests.unit.central.citizen import identified
from tests.unit.central.office import KIOSK, Journal, Worker, all_rows

OTHER = "YDP-0002"


class Machine:
    """One machine's journal at central."""

    def __init__(self, services: Services, kiosk: str = KIOSK) -> None:
        self.services, self.kiosk, self.journal = services, kiosk, Journal()

    async def tell(self, kind: str, **body: Any) -> None:
        """One journal row arrives. Raises journal.BodyError where no machine writes such a body."""
        fact = journal.convert(kind, body)
        await self.services.journals.take(self.kiosk, (self.journal.of(fact),))

    async def owes(self, order: str, amount: int, holder: str = "", outcome: str = "CLAIM") -> None:
        """An order ended owing money to `holder`."""
        await self._ends(order, outcome, credit=amount, claim=amount, holder=holder)

    async def redeemed(self, order: str, paid: int, outcome: str = "REFUNDED") -> None:
        """A redemption ended."""
        await self._ends(order, outcome, paid=paid, redeems=True)

    async def _ends(self, order: str, outcome: str, **other: Any) -> None:
        sums = {"fee": 0, "credit": 0, "paid": 0, "claim": 0, "reason": "interrupted"}
        await self.tell("order-closed", order=order, outcome=outcome, **{**sums, **other})


async def comes(
    services: Services, card: str, order: str, kiosk: str = KIOSK, most: int = 10_000
) -> ClaimsRequest:
    """Somebody is identified at a machine, for their money."""
    worker = Worker(services.keys.trust.sealing_key, kiosk, order)
    token = (await identified(services, worker, card, (asked_line(),))).token
    return ClaimsRequest(kiosk, order, worker.public, token, most)


async def asks(
    services: Services, card: str, order: str, kiosk: str = KIOSK, most: int = 10_000
) -> ClaimsAnswer:
    """What is held for who came."""
    return await services.claims.hold(await comes(services, card, order, kiosk, most))


async def states(services: Services) -> list[tuple[str, int]]:
    """Of each claim its state, and what was paid of it."""
    return [(row["state"], row["paid"]) for row in await all_rows(services, claim)]


def desk_of(services: Services, database: Any) -> ClaimService:
    """Another desk on the same books."""
    return ClaimService(database, services.identities, services.clock)


def at(request: ClaimsRequest, **other: Any) -> ClaimsRequest:
    """The same request, but for these fields."""
    return msgspec.structs.replace(request, **other)
