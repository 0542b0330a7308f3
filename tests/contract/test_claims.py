"""The real worker and the real central about money that is owed: sealed on the way, for who was identified only."""

from pathlib import Path

import pytest

from central.authority.envelope import open_claims, seal_claims
from central.services import Services
from kiosk.protocol.claims import ClaimsCall, Owed, asked_line
from kiosk.protocol.worker import ClaimsKnown, MakeClaims, OpenClaims
from kiosk.worker.refusals import WorkError
from kiosk.worker.render import Renderer
from tests.authority import TEMPLATES
from tests.contract.test_identified_worker import Kiosk
from tests.unit.central.office import KIOSK, ORDER, Office, make_small_town
from tests.unit.central.till import Machine


@pytest.fixture(scope="module")
def small_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Central's data folder, to copy."""
    return make_small_town(tmp_path_factory.mktemp("town") / "data").data


@pytest.fixture
def office(small_town: Path, tmp_path: Path) -> Office:
    """An office of one's own."""
    return Office(small_town, tmp_path / "data")


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


async def ask(kiosk: Kiosk, services: Services) -> ClaimsKnown:
    """The question and its answer, carried as core and courier would."""
    call = ClaimsCall(KIOSK, ORDER, kiosk.visit.make_claims(MakeClaims("c1", 5_000)).sealed)
    request = open_claims(services.keys.sealing, call)
    answer = seal_claims(request.worker_key, await services.claims.hold(request), call)
    return kiosk.visit.open_claims(OpenClaims("c2", answer))


def test_who_signs_for_their_money_is_told_what_is_held(
    office: Office, press: Renderer, tmp_path: Path
) -> None:
    async def tell(services: Services) -> None:
        await Machine(services).owes("01OWING", 700, services.identities.pseudonym(1))
        kiosk = Kiosk(services, office, press, tmp_path)
        await kiosk.identify(kiosk.insert("000000000001"), (asked_line(),))
        assert await ask(kiosk, services) == ClaimsKnown("c2", (Owed(KIOSK, "01OWING", 700),))

    office.story(tell)


def test_a_signature_for_a_certificate_is_none_for_money(
    office: Office, press: Renderer, tmp_path: Path
) -> None:
    async def tell(services: Services) -> None:
        kiosk = Kiosk(services, office, press, tmp_path)
        await kiosk.identify(kiosk.insert("000000000001"))
        with pytest.raises(WorkError):
            kiosk.visit.make_claims(MakeClaims("c1", 5_000))

    office.story(tell)


def test_an_answer_to_another_question_is_refused(office: Office, press: Renderer, tmp_path: Path) -> None:
    async def tell(services: Services) -> None:
        kiosk = Kiosk(services, office, press, tmp_path)
        await kiosk.identify(kiosk.insert("000000000001"), (asked_line(),))
        first = ClaimsCall(KIOSK, ORDER, kiosk.visit.make_claims(MakeClaims("c1", 5_000)).sealed)
        request = open_claims(services.keys.sealing, first)
        answer = seal_claims(request.worker_key, await services.claims.hold(request), first)
        kiosk.visit.make_claims(MakeClaims("c3", 5_000))
        with pytest.raises(WorkError):
            kiosk.visit.open_claims(OpenClaims("c4", answer))

    office.story(tell)
