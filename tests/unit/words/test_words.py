"""The message catalogues: complete, alike, polite, plain."""

import re

import pytest

from kiosk.health.health import Ailment
from kiosk.protocol.screen import ScreenName
from kiosk.words.refusals import REFUSALS, known, support_number
from kiosk.words.words import LANGUAGES, Words, load, placeholders
from kiosk.worker.refusals import Code
from tests.unit.visit.walk import by_card

KO, EN = load("ko"), load("en")

# What an office says among itself, and what a machine says: none of it helps a citizen.
JARGON_KO = [
    "민원인", "발권", "에러", "오류", "시스템", "서버", "네트워크", "통신", "타임아웃", "프로세스", "데이터",
    "교부", "귀하", "수수료", "상기", "익일", "필히", "기재", "터치", "버튼", "키오스크", "토너", "재시도",
    "실패", "잘못",
]  # fmt: skip
JARGON_EN = [
    "error", "system", "server", "network", "timeout", "process", "invalid", "fail ", "terminal", "kiosk", "retract",
    "wrong", "incorrect", "abort", "session", "transaction failed", "your mistake",
]  # fmt: skip
BLAME = ["잘못 누르", "잘못 입력", "하지 않으셔서", "당신", "you did not press", "you entered", "you failed"]
POLITE = re.compile(r"(니다|니까|세요|주세요|가세요|두세요)$")


def sentences(text: str) -> list[str]:
    return [part for part in re.findall(r"[^.?!]+[.?!]", text) if part]


def test_every_language_has_the_same_messages_with_the_same_values() -> None:
    assert set(KO.texts) == set(EN.texts)
    for key in KO.texts:
        assert placeholders(KO.texts[key]) == placeholders(EN.texts[key]), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_is_empty_or_has_stray_spaces_or_braces(lang: str) -> None:
    for key, text in load(lang).texts.items():
        assert text.strip() == text, key
        assert text, key
        assert "  " not in text, key
        filled = re.sub(r"\{\w+(:[^{}]*)?\}", "", text)
        assert "{" not in filled, key
        assert "}" not in filled, key


def test_english_is_english_and_korean_is_korean() -> None:
    for key, text in EN.texts.items():
        assert key == "language.ko" or not re.search("[가-힣]", text), key
    for key, text in KO.texts.items():
        if key not in ("language.en",):
            assert re.search("[가-힣]", text), key


def test_every_korean_sentence_is_in_the_one_polite_register() -> None:
    for key, text in KO.texts.items():
        for sentence in sentences(text):
            assert POLITE.search(sentence.rstrip(".?!").rstrip("’”)")), f"{key}: {sentence}"


def test_titles_and_what_happened_are_whole_sentences_in_korean() -> None:
    for key, text in KO.texts.items():
        if key.endswith(".title") and not key.startswith(("receipt", "help")):
            assert POLITE.search(text.rstrip("?.")), f"{key}: {text}"


@pytest.mark.parametrize("words", [KO, EN], ids=LANGUAGES)
def test_no_jargon_and_no_blame(words: Words) -> None:
    banned = [*(JARGON_KO if words.lang == "ko" else JARGON_EN), *BLAME]
    for key, text in words.texts.items():
        for word in banned:
            assert word not in text.lower(), f"{key}: {word}"


@pytest.mark.parametrize("words", [KO, EN], ids=LANGUAGES)
def test_every_refusal_says_what_happened_why_and_what_to_do(words: Words) -> None:
    for code in REFUSALS:
        for part in ("title", "what", "do"):
            assert words.has(f"refusal.{code}.{part}"), f"{code}.{part}"
    codes = {key.split(".")[1] for key in words.texts if key.startswith("refusal.")}
    assert codes == set(REFUSALS)


def test_each_refusal_has_a_number_of_its_own() -> None:
    numbers = [row.number for row in REFUSALS.values()]
    assert len(numbers) == len(set(numbers))
    assert all(10 <= number <= 99 for number in numbers)


def test_other_rooms_codes_lead_to_words_and_unknown_ones_to_the_general_words() -> None:
    same = [code for row in REFUSALS.values() for code in row.same]
    assert len(same) == len(set(same)), "two rows claim a code"
    assert not set(same) & set(REFUSALS)
    assert known("worker-gone") == "rendering-failed"
    assert known("never-heard-of") == "unknown"
    assert support_number("never-heard-of") == "59"


def test_every_code_that_the_worker_makes_has_words() -> None:
    assert [code for code in Code if known(code) == "unknown"] == []


def test_every_reason_for_not_selling_has_words_when_an_order_is_refused_for_it() -> None:
    reasons = [key.removeprefix("why.") for key in KO.texts if key.startswith("why.") and key != "why.other"]
    assert [reason for reason in reasons if known(reason) == "unknown"] == []


def test_every_screen_has_help_and_every_language_its_name() -> None:
    for words in (KO, EN):
        assert all(words.has(f"help.{screen.value}") for screen in ScreenName)
        assert all(words.has(f"language.{lang}") for lang in LANGUAGES)


def test_every_device_that_can_be_ill_has_a_name() -> None:
    for device in ("printer", "presenter", "coin", "hopper", "receipt", "card", "link", "worker"):
        assert KO.has(f"device.{Ailment(device, '').device}")


def test_the_catalogues_own_texts_are_polite_plain_and_in_every_language() -> None:
    for kind in by_card().types:
        for names in (kind.name, kind.about, kind.authority, kind.not_needed):
            assert names.en
            assert not any(word in names.ko for word in JARGON_KO)
        for sentence in sentences(kind.not_needed.ko):
            assert POLITE.search(sentence.rstrip(".")), sentence


def test_values_are_filled_in_as_each_language_writes_them() -> None:
    assert KO.say("pay.insert.sentence", missing=1_500).startswith("1,500원을 더")
    assert EN.say("pay.insert.sentence", missing=1_500).startswith("Insert ₩1,500 more")
    assert EN.say("sheets.each", n=1) == "1 sheet a copy"
    assert EN.say("sheets.each", n=12) == "12 sheets a copy"
    assert Words("ko", {"a": "{n:number}명"}).say("a", n=12_000) == "12,000명"


def test_a_value_is_not_read_as_a_message() -> None:
    assert Words("ko", {"a": "{x}와 {y}"}).say("a", x="{y}", y="z") == "{y}와 z"


def test_a_missing_value_is_a_bug_and_says_which() -> None:
    with pytest.raises(KeyError, match="missing"):
        KO.say("pay.insert.sentence")


def test_the_particular_message_comes_before_the_general_one() -> None:
    assert KO.first("why.paper-out", "why.other") == KO.say("why.paper-out")
    assert KO.first("why.no-such-reason", "why.other") == KO.say("why.other")
