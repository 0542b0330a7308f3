"""A machine that could not prove the seal in the end says so before the fee."""

from typing import Any

import msgspec
import pytest

from kiosk.protocol.trust import TrustList
from kiosk.protocol.worker import BeginVisit, DraftReady, OpenDraft
from kiosk.words.refusals import REFUSALS
from kiosk.words.words import load
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import Renderer
from kiosk.worker.visit import Visit
from tests import authority
from tests.authority import KIOSK, NOW, ORDER, TEMPLATES, TRUST
from tests.unit.worker.test_visit import DATA, ask


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


def opened(press: Renderer, trust: TrustList, **said: Any) -> DraftReady:
    visit = Visit(BeginVisit(KIOSK, ORDER), TEMPLATES, trust, press, lambda: NOW)
    sealed, key = ask(visit)
    answer = authority.answer(sealed, key, authority.draft_for(DATA, **said), "draft")
    ready = visit.open_draft(OpenDraft("r2", 1, answer))
    assert isinstance(ready, DraftReady)
    return ready


def key_with(**fields: Any) -> TrustList:
    return msgspec.structs.replace(TRUST, keys=(msgspec.structs.replace(TRUST.keys[0], **fields),))


def test_a_list_that_knows_the_key_drafts(press: Renderer) -> None:
    assert opened(press, TRUST).fee == 500
    assert opened(press, msgspec.structs.replace(TRUST, next_update=NOW)).fee == 500


@pytest.mark.parametrize(
    ("trust", "said"),
    [
        (TRUST, {"sealed_by": "00" * 8}),
        (TRUST, {"sealed_by": ""}),
        (msgspec.structs.replace(TRUST, next_update=NOW - 1), {}),
        (key_with(not_before=NOW + 1), {}),
        (key_with(not_after=NOW - 1), {}),
        (key_with(revoked_since=NOW), {}),
    ],
    ids=["unknown-key", "no-key", "list-over", "key-not-yet", "key-over", "key-revoked"],
)
def test_one_that_would_not_find_the_seal_genuine_refuses_before_the_fee(
    press: Renderer, trust: TrustList, said: dict[str, str]
) -> None:
    with pytest.raises(WorkError) as refused:
        opened(press, trust, **said)
    assert refused.value.code == Code.TRUST_STALE


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_refusal_says_what_happened_and_what_to_do(lang: str) -> None:
    assert REFUSALS["trust-stale"].at_the_counter
    for part in ("title", "what", "do"):
        assert load(lang).say(f"refusal.trust-stale.{part}").strip()
