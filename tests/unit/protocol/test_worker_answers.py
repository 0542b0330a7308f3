"""Each question to a worker names the types of its answers; every message of a worker is one of them, or asked for."""

from typing import get_args

from kiosk.protocol.worker import (
    DraftChoice,
    DraftReady,
    FirstByte,
    FromWorker,
    OpenDraft,
    Request,
    ToWorker,
    WorkRefused,
    answers_to,
)

QUESTIONS = [kind for kind in get_args(ToWorker) if issubclass(kind, Request)]


def test_a_question_with_two_sorts_of_answer_names_both() -> None:
    assert answers_to(OpenDraft) == (DraftReady, DraftChoice)


def test_each_message_of_a_worker_answers_some_question_or_comes_by_itself() -> None:
    answers = {answer for kind in QUESTIONS for answer in answers_to(kind)}
    assert len(QUESTIONS) == 10
    assert answers | {WorkRefused, FirstByte} == set(get_args(FromWorker))
