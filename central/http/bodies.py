"""Reading a request's body: capped, within a deadline, of one shape, and from the machine that it names."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request

from central.authority.envelope import is_name
from central.problems import ProblemError
from kiosk.protocol.not_json import NOT_JSON

READ_S = 10
SMALL_BYTES = 64 * 1024
EVENTS_BYTES = 512 * 1024

T = TypeVar("T")


async def read_bytes(request: Request, cap: int) -> bytes:
    """The whole body. Raises ProblemError past `cap` bytes or after `READ_S` seconds."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise ProblemError(415, "encoding-unsupported", "send the body without Content-Encoding")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > cap:
        raise _too_large(cap)
    parts, size = [], 0
    try:
        async with asyncio.timeout(READ_S):
            async for chunk in request.stream():
                size += len(chunk)
                if size > cap:
                    raise _too_large(cap)
                parts.append(chunk)
    except TimeoutError:
        raise ProblemError(408, "body-slow", f"the body did not arrive within {READ_S} s") from None
    except ClientDisconnect:
        raise ProblemError(400, "body-cut", "the connection ended inside the body") from None
    return b"".join(parts)


async def read_body(
    request: Request,
    kind: type[T],
    machine: str,
    *,
    cap: int = SMALL_BYTES,
    mend: Callable[[bytes], bytes] = bytes,
) -> T:
    """The body, mended, as `kind`, which must name the calling machine. Raises ProblemError."""
    body = mend(await read_bytes(request, cap))
    try:
        value = msgspec.json.decode(body, type=kind)
    except NOT_JSON as error:
        raise ProblemError(400, "body-invalid", "the body is not JSON of the documented shape") from error
    if getattr(value, "kiosk", None) != machine:
        raise ProblemError(403, "wrong-kiosk", "the body names another machine than the client certificate")
    return value


def idempotency_key(request: Request, key: str) -> None:
    """The header must be there once and equal the body's key. Raises ProblemError."""
    sent = request.headers.getlist("idempotency-key")
    if not sent:
        raise ProblemError(400, "idempotency-key-missing", "send the issue's key as Idempotency-Key")
    if sent != [key]:
        raise ProblemError(400, "idempotency-key-mismatch", "Idempotency-Key differs from the body's key")


def named_key(request: Request) -> str:
    """The header of a call whose body has no key: there once, and a name. Raises ProblemError."""
    sent = request.headers.getlist("idempotency-key")
    if not sent:
        raise ProblemError(400, "idempotency-key-missing", "send an Idempotency-Key")
    if len(sent) != 1 or not is_name(sent[0]):
        raise ProblemError(400, "idempotency-key-invalid", "Idempotency-Key is one name")
    return sent[0]


def _too_large(cap: int) -> ProblemError:
    return ProblemError(413, "body-too-large", f"at most {cap} bytes")
