"""The pages' templates: rendered on the server, everything escaped, one place for what a template may call.

A filter makes something of every value: what cannot be so is shown as what is not known, never as a failed page.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from central.clock import moment_of
from central.vocabulary.alarms import SUBJECTS, alarm_kind
from central.vocabulary.cases import CASES
from central.vocabulary.devices import DEVICE_STATES, DEVICES, MACHINE_STATES
from central.vocabulary.endings import ENDINGS
from central.vocabulary.legible import legible
from central.vocabulary.reasons import FAULTS, REASONS
from central.vocabulary.words import say
from central.web.words import ABOUT, SILENCES

_FOLDER = Path(__file__).with_name("templates")
_MOST = 10**12  # more coins, sheets or won than any machine sees
_LONGEST_NAME = 40  # a machine's, an order's, a version's; ours have 26 at most
_LONGEST_TEXT = 10_000
UNKNOWN = "알 수 없음"


def make_environment() -> Environment:
    """The environment of all pages."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=seen,
    )
    filters: dict[str, Callable[..., object]] = {
        "won": won,
        "number": number,
        "age": age,
        "day": day,
        "clock": clock_time,
        "name": name,
        "off": clock_off,
    }
    environment.filters.update(filters)
    environment.globals.update(
        say=say,
        alarm_kind=alarm_kind,
        subject_words=subject_words,
        SILENCES=SILENCES,
        STATES=MACHINE_STATES,
        WHY=REASONS,
        FAULTS=FAULTS,
        TROUBLES={**DEVICE_STATES, **REASONS},
        DEVICES=DEVICES,
        CASES=CASES,
        ENDINGS=ENDINGS,
        ABOUT=ABOUT,
    )
    return environment


def seen(value: object) -> object:
    """What a template puts out, without what cannot be seen: of a machine's text nobody can say what it holds."""
    return (
        legible(value, _LONGEST_TEXT) if isinstance(value, str) and not isinstance(value, Markup) else value
    )


def name(text: str) -> str:
    """What a machine called something, at a length that a table bears."""
    return legible(text, _LONGEST_NAME)


def subject_words(subject: str) -> str:
    """What an alarm is about: a device or another thing that has a name, else an order, a key or a row as it is."""
    words = {**DEVICES, **SUBJECTS}.get(subject)
    return name(subject) if words is None else words.ko


def number(value: int | None) -> str:
    """`1,234`; past what can be, only that."""
    if value is None:
        return UNKNOWN
    if abs(value) <= _MOST:
        return f"{value:,}"
    return ("-" if value < 0 else "") + "1조 넘음"


def won(amount: int) -> str:
    """`1,500원`."""
    return f"{number(amount)}원" if abs(amount) <= _MOST else number(amount)


def age(seconds: int | None) -> str:
    """How long, in the largest unit that fits: `12초`, `3분`, `2시간`, `5일`, `3년`."""
    if seconds is None:
        return UNKNOWN
    for size, unit in ((365 * 86_400, "년"), (86_400, "일"), (3_600, "시간"), (60, "분")):
        if seconds >= size:
            return f"{number(seconds // size)}{unit}"
    return f"{max(0, seconds)}초"


def clock_off(seconds: int) -> str:
    """How far a machine's clock is from ours: `45초 느림`, `2시간 빠름`."""
    return f"{age(abs(seconds))} {'빠름' if seconds > 0 else '느림'}"


def day(moment: datetime | None) -> str:
    """`2026년 11월 23일 14:03`."""
    if moment is None:
        return UNKNOWN
    return f"{moment.year}년 {moment.month}월 {moment.day}일 {moment:%H:%M}"


def clock_time(ms: int, now: datetime) -> str:
    """`11-23 14:03` of milliseconds since 1970; with its year where that is another than now's."""
    moment = moment_of(ms)
    if moment is None:
        return "시각 알 수 없음"
    shape = "%m-%d %H:%M" if moment.year == now.year else "%Y-%m-%d %H:%M"
    return moment.strftime(shape)
