"""What a machine's worker asks central for a citizen, and what it hears."""

from typing import Any

import msgspec
import pytest

from central.registers.refusal import RefusedError
from central.registers.residents import known
from central.services import Services
from kiosk.protocol.central import Draft
from kiosk.protocol.identity import (
    REFUSALS,
    IdentityRequest,
    NotIdentified,
)
from tests.unit.central.citizen import (
    FULL,
    ask,
    chip_of,
    household_request,
    nonce_for,
    request_of,
)
from tests.unit.central.office import KIOSK, ORDER, Worker

LESS = {**FULL, "digits": "none"}


def a_worker(services: Services, kiosk: str = KIOSK, order: str = ORDER) -> Worker:
    return Worker(services.keys.trust.sealing_key, kiosk, order)


async def request_by(services: Services, worker: Worker, card: str = known.FAMILY) -> IdentityRequest:
    chip = chip_of(services.folder, card, services.clock())
    return request_of(worker, chip, await nonce_for(services, worker))


async def code_of(
    services: Services, worker: Worker, request: IdentityRequest, key: str = "identity-1"
) -> str:
    answer = await ask(services, worker, request, key)
    assert isinstance(answer, NotIdentified)
    assert answer.code in REFUSALS
    return answer.code


async def draft_of(services: Services, worker: Worker, token: bytes) -> Draft:
    return (await services.desk.draft(household_request(worker, token), services.clock())).draft


async def refusal(services: Services, worker: Worker, token: bytes, **other: Any) -> str:
    request = msgspec.structs.replace(household_request(worker, token), **other)
    with pytest.raises(RefusedError) as refused:
        await services.desk.draft(request, services.clock())
    return refused.value.code
