"""The three ends of one call to central, and how an HTTP answer is judged to be one of them. Pure.

Only a 4xx with problem+json (RFC 9457) in central's own words refuses; what else isn't a good answer proves nothing.
"""

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from kiosk.protocol.not_json import NOT_JSON
from kiosk.protocol.numbers import Count

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
TOO_LARGE: Final = "body-too-large"
_LONGEST_RETRY_AFTER_S = 3_600
# The answers of somebody on the way: central itself did not speak.
_GATEWAY_STATUS = frozenset({502, 503, 504})

T = TypeVar("T")


class Done(Struct, frozen=True):
    """Central did it. `body` is its answer, not yet decoded; `server_time_ms` its clock (whole seconds, from Date)."""

    body: bytes
    server_time_ms: int | None = None


class Refused(Struct, frozen=True):
    """Central will not do it, now or ever, and says why: `code` of its problem+json.

    `acked`: up to where it has the journal, if it says so.
    """

    code: str
    server_time_ms: int | None = None
    acked: int | None = None


class Unknown(Struct, frozen=True):
    """No proof either way. `cause` is for technicians; `sent` False: central can't have had the request.

    `answered`: somebody who is central spoke HTTP to us, so the link is up. `retry_after_s` is central's own wish.
    """

    cause: str
    sent: bool = True
    answered: bool = False
    retry_after_s: float | None = None
    server_time_ms: int | None = None


Result = Done | Refused | Unknown


class Answer(Struct, frozen=True):
    """An HTTP answer as it came, body within the cap. Header values are empty when absent."""

    status: int
    content_type: str = ""
    retry_after: str = ""
    date: str = ""
    body: bytes = b""


class _Problem(Struct):
    code: str = ""
    acked: Count | None = None


def judge(answer: Answer) -> Result:
    """What this answer proves. Never raises, whatever the bytes."""
    media = answer.content_type.partition(";")[0].strip().lower()
    at = _server_time_ms(answer.date)
    if answer.status == 204 or (answer.status in (200, 201) and media == "application/json"):
        return Done(answer.body, at)
    if 400 <= answer.status < 500 and media == "application/problem+json":
        said = _problem(answer.body)
        if said is not None and not _passes_by_itself(answer.status, said.code):
            return Refused(said.code, at, said.acked)
    cause = f"status-{answer.status}" if answer.status not in (200, 201) else "not-json"
    return Unknown(
        cause,
        answered=answer.status >= 400 and answer.status not in _GATEWAY_STATUS,
        retry_after_s=_seconds(answer.retry_after),
        server_time_ms=at,
    )


def read(result: Result, kind: type[T]) -> T | Refused | Unknown:
    """The body of a Done as `kind`; a body of another shape proves nothing, hence Unknown."""
    if not isinstance(result, Done):
        return result
    try:
        return msgspec.json.decode(result.body, type=kind)
    except NOT_JSON:
        return Unknown("unexpected-body", server_time_ms=result.server_time_ms)


def _passes_by_itself(status: int, code: str) -> bool:
    """Too early, too many, too slow, or the first call with this key isn't over: the same key may be asked again."""
    return status in (408, 425, 429) or (status == 409 and code == "in-progress")


def _problem(body: bytes) -> _Problem | None:
    try:
        said = msgspec.json.decode(body, type=_Problem)
    except NOT_JSON:
        return None
    return said if _CODE.fullmatch(said.code) else None


def _seconds(retry_after: str) -> float | None:
    """Retry-After in its seconds form (RFC 9110 §10.2.3); the date form would trust a clock that may be wrong."""
    text = retry_after.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        return None
    return float(min(int(text), _LONGEST_RETRY_AFTER_S))


def _server_time_ms(date: str) -> int | None:
    try:
        at_ms = int(parsedate_to_datetime(date).replace(tzinfo=UTC).timestamp() * 1000)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at_ms if at_ms >= 0 else None  # before 1970 there was no central
