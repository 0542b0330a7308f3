"""What central will not have issued from an old bundle is refused before the fee."""

import pytest

from kiosk.protocol.worker import BeginVisit, DraftReady, OpenDraft
from kiosk.words.refusals import REFUSALS
from kiosk.words.words import load
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import Renderer
from kiosk.worker.visit import Means, Visit
from tests import authority
from tests.authority import KIOSK, NOW, ORDER, TEMPLATES, TRUST
from tests.unit.worker.test_visit import DATA, ask


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


def opened(press: Renderer, version: int, minimum: int) -> int:
    """The fee of a draft with this minimum, on a worker of this bundle."""
    visit = Visit(BeginVisit(KIOSK, ORDER), TEMPLATES, TRUST, press, lambda: NOW, means=Means(version))
    sealed, key = ask(visit)
    answer = authority.answer(sealed, key, authority.draft_for(DATA, minimum=minimum), "draft")
    ready = visit.open_draft(OpenDraft("r2", 1, answer))
    assert isinstance(ready, DraftReady)
    return ready.fee


@pytest.mark.parametrize(("version", "minimum"), [(0, 0), (7, 0), (7, 7), (8, 7)])
def test_a_bundle_that_is_new_enough_drafts(press: Renderer, version: int, minimum: int) -> None:
    assert opened(press, version, minimum) == 500


@pytest.mark.parametrize(("version", "minimum"), [(0, 1), (6, 7), (7, 2**40)])
def test_one_that_is_older_than_central_will_have_it_does_not(
    press: Renderer, version: int, minimum: int
) -> None:
    with pytest.raises(WorkError) as refused:
        opened(press, version, minimum)
    assert refused.value.code == Code.CATALOGUE_STALE


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_refusal_says_what_happened_and_what_to_do(lang: str) -> None:
    assert "catalogue-stale" in REFUSALS
    for part in ("title", "what", "do"):
        assert load(lang).say(f"refusal.catalogue-stale.{part}").strip()
