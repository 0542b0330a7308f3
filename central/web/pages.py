"""The pages' templates: rendered on the server, everything escaped, one place for what a template may call."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from central.clock import from_ms
from central.web import words

_FOLDER = Path(__file__).with_name("templates")


def make_environment() -> Environment:
    """The environment of all pages."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {"won": won, "age": age, "day": day, "clock": clock_time}
    environment.filters.update(filters)
    environment.globals.update(
        say=words.say,
        SILENCES=words.SILENCES,
        STATES=words.STATES,
        WHY=words.WHY,
        DEVICES=words.DEVICES,
        ALARMS=words.ALARMS,
        CASES=words.CASES,
        ABOUT=words.ABOUT,
    )
    return environment


def won(amount: int) -> str:
    """`1,500원`."""
    return f"{amount:,}원"


def age(seconds: int) -> str:
    """How long, in the largest unit that fits: `12초`, `3분`, `2시간`, `5일`."""
    for size, unit in ((86_400, "일"), (3_600, "시간"), (60, "분")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}초"


def day(moment: datetime) -> str:
    """`2026년 11월 23일 14:03`."""
    return f"{moment.year}년 {moment.month}월 {moment.day}일 {moment:%H:%M}"


def clock_time(ms: int) -> str:
    """`11-23 14:03` of milliseconds since 1970."""
    return f"{from_ms(ms):%m-%d %H:%M}"
