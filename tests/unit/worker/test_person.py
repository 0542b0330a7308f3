"""A certificate about a person is only ever the one of whom the card identified, with what that person chose."""

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.protocol.worker import BeginVisit, DraftReady, MakeDraft, MakeIssue, OpenDraft, OpenIssue
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import Renderer
from kiosk.worker.subjects import Holder
from kiosk.worker.visit import Visit
from tests import authority
from tests.authority import KIOSK, NOW, NUMBER, ORDER, TEMPLATES, TRUST, sample, seal_for

TYPE = "resident-household"
LONG = sample(f"{TYPE}/sample_long.json")
FAMILY = sample(f"{TYPE}/sample.json")
KEY = "o-20261123-1-1-1"
HOLDER = Holder("5ca1ab1e" * 8, "남**현")


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


@pytest.fixture
def visit(press: Renderer) -> Visit:
    return Visit(BeginVisit(KIOSK, ORDER), TEMPLATES, TRUST, press, lambda: NOW)


def draft(
    visit: Visit,
    data: dict[str, Any],
    options: dict[str, str] | None = None,
    subject: str = HOLDER.subject,
) -> DraftReady:
    chosen = data["options"] if options is None else options
    sealed = visit.make_draft(MakeDraft("r1", 1, TYPE, {}, chosen)).sealed
    key = authority.open_draft_request(sealed, 1, TYPE).worker_key
    made = authority.draft_for(data, type_code=TYPE, subject=subject)
    answer = authority.answer(sealed, key, made, "draft", type_code=TYPE)
    ready = visit.open_draft(OpenDraft("r2", 1, answer))
    assert isinstance(ready, DraftReady)
    return ready


def issue(visit: Visit, data: dict[str, Any], **other: Any) -> bytes:
    sealed = visit.make_issue(MakeIssue("r3", 1, 1, KEY)).sealed
    request = authority.open_issue_request(sealed, 1, TYPE)
    document = authority.document_for(request, data, **other)
    answer = authority.answer(sealed, request.worker_key, document, "issue", type_code=TYPE)
    visit.open_issue(OpenIssue("r4", KEY, NUMBER, answer))
    return visit.document(KEY)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(WorkError) as refused:
        act()
    return refused.value.code


def test_the_identified_persons_household_is_drafted_and_prepared(visit: Visit) -> None:
    visit.identified(HOLDER)
    ready = draft(visit, LONG)
    assert ready.sheets == 2
    assert issue(visit, LONG).startswith(b"%PDF")


def test_the_check_screen_hears_no_name_no_door_and_no_number(visit: Visit) -> None:
    visit.identified(HOLDER)
    said = str(draft(visit, LONG).summary)
    assert "남**현" in said
    for secret in ("남궁재현", "520314", "379", "황보"):
        assert secret not in said


def test_nobodys_household_is_drafted_before_identification(visit: Visit) -> None:
    assert code_of(lambda: draft(visit, LONG)) == Code.SUBJECT_MISMATCH


@pytest.mark.parametrize("somebody", ["이*별", "남***현", "****", "황**슬"])
def test_another_persons_household_is_refused(visit: Visit, somebody: str) -> None:
    visit.identified(Holder(HOLDER.subject, somebody))
    assert code_of(lambda: draft(visit, LONG)) == Code.SUBJECT_MISMATCH


@pytest.mark.parametrize("record", ["0ddba11" * 8, ""], ids=["another", "nobody's"])
def test_a_record_of_somebody_else_whose_name_fits_the_mask_is_refused(visit: Visit, record: str) -> None:
    visit.identified(HOLDER)
    assert code_of(lambda: draft(visit, LONG, subject=record)) == Code.SUBJECT_MISMATCH


def test_a_household_in_which_the_applicant_does_not_live_is_refused(visit: Visit) -> None:
    visit.identified(Holder(HOLDER.subject, "홍*라"))
    assert code_of(lambda: draft(visit, {**FAMILY, "requester": "홍나라"})) == Code.SUBJECT_MISMATCH


def test_a_draft_made_with_other_options_is_refused(visit: Visit) -> None:
    visit.identified(HOLDER)
    asked = {**LONG["options"], "digits": "none"}
    assert code_of(lambda: draft(visit, LONG, asked)) == Code.ANSWER_MISMATCH


@pytest.mark.parametrize(
    "subject",
    [("황보윤슬", "550820-2"), ("남궁재현", "520314-1234560"), ("남**현", "520314-1"), ("남궁재현",)],
    ids=["another-person", "whole-number", "masked", "no-birth"],
)
def test_a_seal_about_somebody_else_or_with_more_than_the_birth_is_refused(
    visit: Visit, subject: tuple[str, ...]
) -> None:
    visit.identified(HOLDER)
    draft(visit, LONG)
    seal = seal_for(LONG, TYPE, 2, subject=subject)
    assert code_of(lambda: issue(visit, LONG, seal=seal)) == Code.SEAL_INVALID
