"""Which of several things: the worker shows what can be shown, and takes no draft about another than the one picked."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from kiosk.protocol.central import Choice, Offered
from kiosk.protocol.worker import (
    BeginVisit,
    DraftChoice,
    DraftReady,
    MakeDraft,
    MakeIssue,
    OpenDraft,
)
from kiosk.worker.choices import MOST_OFFERED
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import Renderer
from kiosk.worker.subjects import Holder
from kiosk.worker.templates import Template
from kiosk.worker.visit import Visit
from tests import authority
from tests.authority import KIOSK, NOW, ORDER, TEMPLATES, TRUST, sample

TYPE = "resident-household"
FORM = f"{TYPE}/1"
# The household register as if one could have several: told apart by their heads.
TOLD_APART = {
    **TEMPLATES,
    FORM: replace(TEMPLATES[FORM], asked={**TEMPLATES[FORM].asked, "which": "requester"}),
}
LONG = sample(f"{TYPE}/sample_long.json")
HOLDER = Holder("5ca1ab1e" * 8, "남**현")
OWN = "남궁재현"
OFFERED = (Offered(OWN, OWN, "2층"), Offered("another", "다른 집"))


@pytest.fixture(scope="module")
def press() -> Renderer:
    return Renderer(TEMPLATES)


@pytest.fixture
def visit(press: Renderer) -> Visit:
    return serve(press, TOLD_APART)


def serve(press: Renderer, forms: dict[str, Template]) -> Visit:
    begun = Visit(BeginVisit(KIOSK, ORDER), forms, TRUST, press, lambda: NOW)
    begun.identified(HOLDER)
    return begun


def ask(visit: Visit, which: str = "") -> tuple[bytes, bytes]:
    """The sealed request and the worker's key, as central gets them; the request names what was picked."""
    sealed = visit.make_draft(MakeDraft("r1", 1, TYPE, {}, LONG["options"], which=which)).sealed
    request = authority.open_draft_request(sealed, 1, TYPE)
    assert request.which == which
    return sealed, request.worker_key


def answered(visit: Visit, plain: msgspec.Struct, which: str = "") -> Any:
    sealed, key = ask(visit, which)
    answer = authority.answer(sealed, key, plain, "draft", type_code=TYPE)
    return visit.open_draft(OpenDraft("r2", 1, answer))


def choice(**other: Any) -> Choice:
    usual = Choice(1, TYPE, "building", OFFERED, asked="", subject=HOLDER.subject)
    return msgspec.structs.replace(usual, **other)


def draft(visit: Visit, which: str) -> Any:
    made = authority.draft_for(LONG, type_code=TYPE, subject=HOLDER.subject)
    return answered(visit, made, which)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(WorkError) as refused:
        act()
    return refused.value.code


def test_what_is_offered_is_shown_as_the_register_tells_it(visit: Visit) -> None:
    assert answered(visit, choice()) == DraftChoice("r2", 1, "building", OFFERED)


def test_the_draft_of_what_was_picked_is_taken_and_its_issue_names_the_same(visit: Visit) -> None:
    answered(visit, choice())
    assert isinstance(draft(visit, OWN), DraftReady)
    sealed = visit.make_issue(MakeIssue("r3", 1, 1, "key")).sealed
    assert authority.open_issue_request(sealed, 1, TYPE).which == OWN


def test_a_draft_about_another_than_what_was_picked_is_refused(visit: Visit) -> None:
    answered(visit, choice())
    assert code_of(lambda: draft(visit, "another")) == Code.SUBJECT_MISMATCH


def test_where_nothing_was_picked_the_only_one_there_is_is_taken(visit: Visit) -> None:
    assert isinstance(draft(visit, ""), DraftReady)


def test_a_form_that_can_not_tell_which_one_it_is_about_is_refused_to_who_picked(press: Renderer) -> None:
    visit = serve(press, TEMPLATES)
    assert code_of(lambda: draft(visit, OWN)) == Code.SUBJECT_MISMATCH


def test_nothing_is_issued_of_a_line_that_only_has_a_choice_yet(visit: Visit) -> None:
    answered(visit, choice())
    assert code_of(lambda: visit.make_issue(MakeIssue("r3", 1, 1, "key"))) == Code.NOT_DRAFTED


def test_a_draft_before_the_line_was_asked_for_again_is_no_longer_issued(visit: Visit) -> None:
    assert isinstance(draft(visit, OWN), DraftReady)
    ask(visit, "another")
    assert code_of(lambda: visit.make_issue(MakeIssue("r3", 1, 1, "key"))) == Code.NOT_DRAFTED


def test_an_answer_to_the_asking_before_does_not_open_for_the_one_after(visit: Visit) -> None:
    sealed, key = ask(visit, OWN)
    late = authority.answer(sealed, key, choice(), "draft", type_code=TYPE)
    ask(visit, OWN)
    assert code_of(lambda: visit.open_draft(OpenDraft("r2", 1, late))) == Code.ANSWER_INVALID


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"line": 2}, Code.ANSWER_MISMATCH),
        ({"type_code": "land"}, Code.ANSWER_MISMATCH),
        ({"asked": "0" * 64}, Code.ANSWER_MISMATCH),
        ({"subject": "0ddba11" * 8}, Code.SUBJECT_MISMATCH),
        ({"subject": ""}, Code.SUBJECT_MISMATCH),
    ],
    ids=["line", "type", "request", "person", "nobody"],
)
def test_a_choice_that_is_not_the_lines_own_is_refused(
    visit: Visit, other: dict[str, Any], code: Code
) -> None:
    assert code_of(lambda: answered(visit, choice(**other))) == code


MANY = tuple(Offered(str(at), str(at)) for at in range(MOST_OFFERED + 1))


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"what": ""}, Code.DATA_INVALID),
        ({"what": "x" * 25}, Code.DATA_INVALID),
        ({"what": "건물"}, Code.DATA_INVALID),
        ({"offered": ()}, Code.DATA_INVALID),
        ({"offered": MANY}, Code.DATA_INVALID),
        ({"offered": (Offered("1", "하나"), Offered("1", "둘"))}, Code.DATA_INVALID),
        ({"offered": (Offered("", "하나"),)}, Code.DATA_INVALID),
        ({"offered": (Offered("1", ""),)}, Code.DATA_INVALID),
        ({"offered": (Offered("1", "가" * 61),)}, Code.DATA_INVALID),
        ({"offered": (Offered("k" * 65, "하나"),)}, Code.DATA_INVALID),
        ({"offered": (Offered("1", "하나", "가" * 101),)}, Code.DATA_INVALID),
        ({"offered": (Offered("1", "\u202e하나"),)}, Code.TEXT_UNPRINTABLE),
        ({"offered": (Offered("1\n", "하나"),)}, Code.TEXT_UNPRINTABLE),
        ({"offered": (Offered("1", "하나", "두\t줄"),)}, Code.TEXT_UNPRINTABLE),
    ],
)
def test_what_can_not_be_shown_as_it_is_is_refused(visit: Visit, other: dict[str, Any], code: Code) -> None:
    assert code_of(lambda: answered(visit, choice(**other))) == code


def test_as_many_as_may_be_offered_are_taken(visit: Visit) -> None:
    assert len(answered(visit, choice(offered=MANY[:-1])).offered) == MOST_OFFERED
