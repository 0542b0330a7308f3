"""Whoever stands between worker and central. No published accident had an attacker in the middle; each had a program
there that swapped, kept, cut or mixed two citizens' messages by mistake, which to the two ends is the same.

Planted: each row is one thing that core or courier could do with the sealed bytes of two citizens at two machines. It
ends with a named refusal and not a byte at the printer; afterwards, undisturbed, the same two get their own paper.
"""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from central.registers.residents import known
from kiosk.protocol import courier as courier_messages
from kiosk.protocol import worker as worker_messages
from tests.accidents.booth import HOME, LAND, Booth
from tests.accidents.conftest import MakeBooth
from tests.accidents.sale import buy, delivered

Pair = tuple[Booth, Booth]


@pytest.fixture
def pair(booth: MakeBooth) -> Pair:
    """Two citizens, identified, at two machines."""
    left, right = booth("YDP-0001", "O1"), booth("YDP-0002", "O2")
    left.identify(known.FAMILY)
    right.identify(known.ALONE)
    return left, right


def code_of(answer: Any) -> str:
    """The refusal's name: the worker's or, by way of the courier, central's."""
    assert (
        isinstance(answer, worker_messages.WorkRefused) or answer.reply is courier_messages.Reply.REFUSED
    ), answer
    return str(answer.code)


def nothing_came_out(one: Booth, line: int = 1) -> None:
    """A printer's socket offered now gets not a byte."""
    answer, got = one.print(one.key(line))
    assert (code_of(answer), got) == ("not-drafted", b"")


# --- before the fee ---


def answer_of_the_other(left: Booth, right: Booth) -> Any:
    theirs = left.ask(left.seal_draft(HOME)).sealed
    right.seal_draft(HOME)
    return right.open_draft(theirs)


def answer_before_this_one(left: Booth, right: Booth) -> Any:
    before = right.ask(right.seal_draft(HOME)).sealed
    right.seal_draft(HOME)
    return right.open_draft(before)


def answers_in_another_order(left: Booth, right: Booth) -> Any:
    first = right.ask(right.seal_draft(LAND, line=1)).sealed
    second = right.ask(right.seal_draft(LAND, line=2)).sealed
    assert code_of(right.open_draft(second, line=1)) == "answer-invalid"
    return right.open_draft(first, line=2)


def answer_to_a_line_never_asked(left: Booth, right: Booth) -> Any:
    return right.open_draft(right.ask(right.seal_draft(HOME)).sealed, line=2)


def changed_answer(change: Callable[[bytes], bytes]) -> Callable[[Booth, Booth], Any]:
    def act(left: Booth, right: Booth) -> Any:
        return right.open_draft(change(right.ask(right.seal_draft(HOME)).sealed))

    return act


def halves_of_two_answers(left: Booth, right: Booth) -> Any:
    theirs, own = (one.ask(one.seal_draft(HOME)).sealed for one in (left, right))
    return right.open_draft(own[:48] + theirs[48:])


def draft_for_an_identity(left: Booth, right: Booth) -> Any:
    return right.tell(worker_messages.OpenIdentity("x", right.ask(right.seal_draft(HOME)).sealed))


def request_of_the_other(left: Booth, right: Booth) -> Any:
    return right.ask(replace(left.seal_draft(HOME), order=right.order))


def request_at_another_machine(left: Booth, right: Booth) -> Any:
    return right.ask(left.seal_draft(HOME))


def request_for_another_type(left: Booth, right: Booth) -> Any:
    return right.ask(replace(right.seal_draft(HOME), type_code="land"))


def request_for_another_line(left: Booth, right: Booth) -> Any:
    return right.ask(replace(right.seal_draft(HOME), line=2))


def changed_request(change: Callable[[bytes], bytes]) -> Callable[[Booth, Booth], Any]:
    def act(left: Booth, right: Booth) -> Any:
        asked = right.seal_draft(HOME)
        return right.ask(replace(asked, sealed=change(asked.sealed)))

    return act


def draft_request_as_an_issue(left: Booth, right: Booth) -> Any:
    asked = right.seal_draft(HOME)
    return right.ask(
        courier_messages.SendIssue("x", right.key(), right.order, 1, 1, HOME.type_code, asked.sealed)
    )


def issue_before_its_draft(left: Booth, right: Booth) -> Any:
    right.seal_draft(HOME)
    return right.tell(worker_messages.MakeIssue("x", 1, 1, right.key()))


def _cut(sealed: bytes) -> bytes:
    return sealed[:-1]


def _longer(sealed: bytes) -> bytes:
    return sealed + b"\0"


def _turned(sealed: bytes) -> bytes:
    return sealed[:-20] + bytes([sealed[-20] ^ 1]) + sealed[-19:]


def _nothing(sealed: bytes) -> bytes:
    return b""


BEFORE_THE_FEE: dict[str, tuple[Callable[[Booth, Booth], Any], str]] = {
    "the other's answer": (answer_of_the_other, "answer-invalid"),
    "the answer before this one": (answer_before_this_one, "answer-invalid"),
    "two answers in another order": (answers_in_another_order, "answer-invalid"),
    "an answer to a line never asked": (answer_to_a_line_never_asked, "not-drafted"),
    "an answer cut short": (changed_answer(_cut), "answer-invalid"),
    "an answer made longer": (changed_answer(_longer), "answer-invalid"),
    "an answer with one bit turned": (changed_answer(_turned), "answer-invalid"),
    "no answer at all": (changed_answer(_nothing), "answer-invalid"),
    "halves of two answers": (halves_of_two_answers, "answer-invalid"),
    "a draft for an identity": (draft_for_an_identity, "answer-invalid"),
    "the other's request under this order's name": (request_of_the_other, "sealed-invalid"),
    "a request sent by another machine": (request_at_another_machine, "sealed-invalid"),
    "a request sent for another type": (request_for_another_type, "sealed-invalid"),
    "a request sent for another line": (request_for_another_line, "sealed-invalid"),
    "a request cut short": (changed_request(_cut), "sealed-invalid"),
    "a request with one bit turned": (changed_request(_turned), "sealed-invalid"),
    "a draft's request sent as an issue": (draft_request_as_an_issue, "sealed-invalid"),
    "an issue asked for before its draft": (issue_before_its_draft, "not-drafted"),
}


@pytest.mark.parametrize("row", BEFORE_THE_FEE.values(), ids=BEFORE_THE_FEE)
def test_before_the_fee(pair: Pair, row: tuple[Callable[[Booth, Booth], Any], str]) -> None:
    act, code = row
    left, right = pair
    assert code_of(act(left, right)) == code
    for one in pair:
        nothing_came_out(one)
    assert "한여름" in delivered(buy(right, HOME))
    assert "홍길동" in delivered(buy(left, HOME))


# --- after the fee ---


class Paid:
    """Both have drafted and paid; each one's issue was asked for once, and central has answered."""

    def __init__(self, pair: Pair) -> None:
        self.left, self.right = pair
        self.drafts, self.asks, self.answers = [], [], []
        for one in pair:
            sealed = one.ask(one.seal_draft(HOME)).sealed
            assert isinstance(one.open_draft(sealed), worker_messages.DraftReady)
            self.drafts.append(sealed)
            self.asks.append(one.seal_issue(HOME))
            self.answers.append(one.ask(self.asks[-1]))


AFTER_THE_FEE: dict[str, tuple[Callable[[Paid], Any], str]] = {
    "the other's document": (
        lambda paid: paid.right.open_issue(paid.answers[0].number, paid.answers[0].sealed),
        "answer-invalid",
    ),
    "the other's document under this one's number": (
        lambda paid: paid.right.open_issue(paid.answers[1].number, paid.answers[0].sealed),
        "answer-invalid",
    ),
    "this one's document under the other's number": (
        lambda paid: paid.right.open_issue(paid.answers[0].number, paid.answers[1].sealed),
        "answer-mismatch",
    ),
    "the draft for the document": (
        lambda paid: paid.right.open_issue(paid.answers[1].number, paid.drafts[1]),
        "answer-invalid",
    ),
    "the document cut short": (
        lambda paid: paid.right.open_issue(paid.answers[1].number, _cut(paid.answers[1].sealed)),
        "answer-invalid",
    ),
    "a document for the other's key": (
        lambda paid: paid.right.tell(
            worker_messages.OpenIssue("x", paid.left.key(), paid.answers[0].number, paid.answers[0].sealed)
        ),
        "not-drafted",
    ),
    "the other's request under this one's key": (
        lambda paid: paid.right.ask(replace(paid.asks[0], key="O2-1-2", order="O2", copy=2)),
        "sealed-invalid",
    ),
    "this one's request under a second key": (
        lambda paid: paid.right.ask(replace(paid.asks[1], key="O2-1-2")),
        "envelope-mismatch",
    ),
    "another request under the key that was answered": (
        lambda paid: paid.right.ask(paid.right.seal_issue(HOME)),
        "key-reused",
    ),
    "the other's job": (lambda paid: paid.right.print(paid.left.key())[0], "not-drafted"),
    "a job before the document": (lambda paid: paid.right.print(paid.right.key())[0], "not-drafted"),
}


@pytest.mark.parametrize("row", AFTER_THE_FEE.values(), ids=AFTER_THE_FEE)
def test_after_the_fee(pair: Pair, row: tuple[Callable[[Paid], Any], str]) -> None:
    act, code = row
    paid = Paid(pair)
    assert code_of(act(paid)) == code
    for one in pair:
        nothing_came_out(one)


def test_undisturbed_each_gets_the_document_that_was_paid_for(pair: Pair) -> None:
    paid = Paid(pair)
    for one, answer in zip(pair, paid.answers, strict=True):
        assert isinstance(one.open_issue(answer.number, answer.sealed), worker_messages.Prepared)
        sent, got = one.print(one.key())
        assert sent.outcome == "done"
        assert b"%PDF" in got


def test_a_nonce_of_another_visit_is_not_good_for_this_one(booth: MakeBooth) -> None:
    left, right = booth("YDP-0001", "O1"), booth("YDP-0002", "O2")
    nonce = left.ask(courier_messages.SendChallenge("n", "O1"))
    with pytest.MonkeyPatch.context() as planted:
        straight = right.ask
        planted.setattr(
            right,
            "ask",
            lambda ask: nonce if isinstance(ask, courier_messages.SendChallenge) else straight(ask),
        )
        assert code_of(right.identify(known.ALONE)) == "presence-expired"
    assert right.identify(known.ALONE).masked_name == "한*름"


def test_centrals_word_on_one_citizen_does_not_open_in_another_visit(booth: MakeBooth) -> None:
    left, right = booth("YDP-0001", "O1"), booth("YDP-0002", "O2")
    words: list[courier_messages.CentralAnswer] = []
    straight = left.ask

    def listening(ask: Any) -> courier_messages.CentralAnswer:
        words.append(straight(ask))
        return words[-1]

    with pytest.MonkeyPatch.context() as planted:
        planted.setattr(left, "ask", listening)
        assert left.identify(known.FAMILY).masked_name == "홍*동"
    assert right.identify(known.ALONE).masked_name == "한*름"
    assert code_of(right.tell(worker_messages.OpenIdentity("x", words[-1].sealed))) == "answer-invalid"
    assert "한여름" in delivered(buy(right, HOME))
