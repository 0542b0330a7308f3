"""Whatever the bytes of an answer, it ends as one of three results."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from kiosk.courier.results import Answer, Done, Refused, Unknown, judge, read
from kiosk.protocol.central import EventsReply

answers = st.builds(
    Answer,
    st.integers(100, 999),
    st.one_of(st.sampled_from(["application/json", "application/problem+json; charset=utf-8"]), st.text()),
    st.one_of(st.text(), st.integers().map(str)),
    st.one_of(st.text(), st.just("Mon, 02 Nov 2026 03:04:05 GMT")),
    st.one_of(st.binary(), st.builds(lambda code: msgspec.json.encode({"code": code}), st.text())),
)


@given(answers)
def test_every_answer_is_one_of_three(answer: Answer) -> None:
    assert isinstance(judge(answer), Done | Refused | Unknown)


@given(answers)
def test_only_a_problem_of_the_4xx_refuses(answer: Answer) -> None:
    result = judge(answer)
    if isinstance(result, Refused):
        assert 400 <= answer.status < 500
        assert answer.content_type.startswith("application/problem+json")
        assert result.code.encode() in answer.body


@given(st.binary())
def test_a_body_of_another_shape_is_no_proof(body: bytes) -> None:
    assert isinstance(read(Done(body), EventsReply), EventsReply | Unknown)


def test_a_deeply_nested_body_is_no_proof() -> None:
    assert isinstance(read(Done(b'{"acked":' + b"[" * 100_000), EventsReply), Unknown)


@given(st.text())
def test_a_wish_to_wait_is_bounded(text: str) -> None:
    result = judge(Answer(503, retry_after=text))
    assert isinstance(result, Unknown)
    assert result.retry_after_s is None or 0 <= result.retry_after_s <= 3_600


def problem(acked: object) -> Answer:
    body = msgspec.json.encode({"code": "chain-broken", "acked": acked})
    return Answer(409, "application/problem+json", body=body)


@given(st.none() | st.integers(-(2**63), 2**64 - 1) | st.integers(0, 1_000) | st.text())
def test_where_central_stands_is_believed_of_a_number_that_a_journal_can_have(
    acked: int | str | None,
) -> None:
    result = judge(problem(acked))
    if acked is None or (isinstance(acked, int) and 0 <= acked < 2**53):
        assert result == Refused("chain-broken", acked=acked)
    else:
        assert isinstance(result, Unknown)


def test_a_clock_before_1970_is_none() -> None:
    """Core takes no such time: the courier would be cut off at each answer."""
    assert judge(Answer(204, date="Mon, 02 Nov 1926 03:04:05 GMT")) == Done(b"")
