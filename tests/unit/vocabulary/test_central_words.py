"""Central has words for every code that a machine or central itself can make, and no words for any other.

A new code fails here until it has its words: `MISSING` and `IDLE` name the file in which they stand.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.claims.cases import NEEDS_A_PERSON
from central.fleet.overview import Trouble
from central.fleet.status import Silence
from central.vocabulary.alarms import ALARMS, SUBJECTS, Alarm, Severity, alarm_kind
from central.vocabulary.cases import CASES
from central.vocabulary.devices import DEVICE_STATES, DEVICES, LEDGER, MACHINE_STATES
from central.vocabulary.endings import ENDINGS
from central.vocabulary.legible import LONGEST, legible
from central.vocabulary.reasons import FAULTS, LEDGER_TROUBLES, REASONS
from central.vocabulary.words import LANGUAGES, Words, say, unknown
from central.web.pages import subject_words
from central.web.words import SILENCES
from drivers.contract import DeviceName, DeviceState, ReasonCode
from kiosk.health.health import TOLD_STATES
from kiosk.words.refusals import REFUSALS
from tests.unit.vocabulary import made

MISSING = "add words for these codes to {file}"
IDLE = "nothing makes these codes any more: take their words out of {file}"
# File and name, the table, and its codes; these are found when they are asked for.
TABLES: list[tuple[str, Mapping[Any, object], Callable[[], set[str]]]] = [
    ("central/vocabulary/devices.py, DEVICES", DEVICES, lambda: {*DeviceName, LEDGER}),
    ("central/vocabulary/devices.py, DEVICE_STATES", DEVICE_STATES, lambda: set(DeviceState)),
    ("central/vocabulary/devices.py, MACHINE_STATES", MACHINE_STATES, lambda: set(TOLD_STATES)),
    (
        "central/vocabulary/reasons.py, FAULTS",
        REASONS,
        lambda: {*ReasonCode, *made.type_reasons(), *LEDGER_TROUBLES},
    ),
    ("central/vocabulary/alarms.py, ALARMS", ALARMS, lambda: set(Alarm)),
    ("central/vocabulary/cases.py, CASES", CASES, lambda: {*NEEDS_A_PERSON, "reserved"}),
    (
        "central/vocabulary/endings.py, _OF_ORDERS",
        ENDINGS,
        lambda: {
            *REASONS,
            *REFUSALS,
            *(same for row in REFUSALS.values() for same in row.same),
            *made.order_reasons(),
        },
    ),
    ("central/web/words.py, SILENCES", SILENCES, lambda: set(Silence)),
]


@pytest.mark.parametrize(("file", "table", "codes"), TABLES, ids=[row[0].split()[-1] for row in TABLES])
def test_every_code_has_words_and_all_words_have_a_code(
    file: str, table: Mapping[Any, object], codes: Callable[[], set[str]]
) -> None:
    assert set(map(str, codes())) - set(map(str, table)) == set(), MISSING.format(file=file)
    assert set(map(str, table)) - set(map(str, codes())) == set(), IDLE.format(file=file)


def all_words() -> list[Words]:
    plain = [words for _, table, _ in TABLES for words in table.values() if isinstance(words, Words)]
    alarms = [words for kind in ALARMS.values() for words in (kind.name, kind.meaning, kind.remedy)]
    return [*plain, *alarms, *(fault.remedy for fault in FAULTS.values())]


def test_every_text_is_there_in_each_language_and_is_no_code() -> None:
    assert Words.__struct_fields__ == LANGUAGES
    codes = {str(code) for _, _, found in TABLES for code in found() if "-" in str(code)}
    for words in all_words():
        ko, en = msgspec.structs.astuple(words)
        assert any("가" <= letter <= "힣" for letter in ko) or ko == "UPS", words
        assert en.isascii() or "’" in en or "‘" in en, words
        assert not {ko, en} & codes, words


def test_an_alarm_says_what_it_means_and_what_to_do() -> None:
    for kind in ALARMS.values():
        assert kind.meaning.ko.endswith(".")
        assert kind.remedy.ko.endswith("요.")
        assert kind.meaning.en.endswith(".")
        assert kind.remedy.en.endswith(".")


def test_a_fault_says_what_to_do_first() -> None:
    for code, fault in FAULTS.items():
        assert fault.remedy.ko.endswith(("요.", "니다.")), code
        assert fault.remedy.en.endswith("."), code


def test_a_trouble_is_a_reason_or_a_state_and_never_both() -> None:
    assert not set(REASONS) & set(DEVICE_STATES)
    assert Trouble("printer", "blocked").reason in DEVICE_STATES


@pytest.mark.parametrize("table", [DEVICES, DEVICE_STATES, MACHINE_STATES, REASONS, CASES])
def test_a_code_of_a_newer_machine_is_said_to_be_unknown(table: Mapping[str, Words]) -> None:
    assert say(table, "flux-low") == Words("알 수 없음(flux-low)", "unknown (flux-low)")


def test_an_alarm_of_another_central_is_said_to_be_unknown() -> None:
    kind = alarm_kind("flux-low")
    assert (kind.name, kind.severity) == (unknown("flux-low"), Severity.LOOK)


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=300))
def test_text_of_others_stays_on_its_line_and_in_its_direction(text: str) -> None:
    line = legible(text)
    assert len(line) <= LONGEST
    assert all(letter.isprintable() or letter.isspace() for letter in line)
    assert not any(letter in line for letter in "\n\r\t\0\x1b\x9b\u202e\u2066\u200f\u2028")
    line.encode("utf-8")


def test_text_that_can_be_read_is_left_alone() -> None:
    for text in ("여의도동 60", "YDP-0001", "a < b & c", "홍길동(洪吉童)", "Việt"):
        assert legible(text) == text
    assert legible("x" * 50, 10) == "x" * 9 + "…"


def test_what_an_alarm_is_about_has_its_name_where_it_is_no_order_or_row() -> None:
    assert not set(SUBJECTS) & set(DEVICES)
    assert {"journal", "heartbeat"} <= set(SUBJECTS)
    assert (subject_words("journal"), subject_words("hopper")) == ("일지", DEVICES["hopper"].ko)
    assert subject_words("01JD\u202e0") == "01JD\N{REPLACEMENT CHARACTER}0"


def test_every_alarm_is_raised_somewhere() -> None:
    tables = made.ROOT / "central" / "vocabulary"
    code = "".join(file.read_text("utf-8") for file in made.sources("central") if tables not in file.parents)
    assert [alarm for alarm in Alarm if f"Alarm.{alarm.name}" not in code] == []
