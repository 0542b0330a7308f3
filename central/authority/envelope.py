"""Opening what a worker sealed, and comparing it with what the courier wrote on the outside."""

import re
from typing import TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from central.problems import ProblemError
from kiosk.protocol import sealing
from kiosk.protocol.central import DraftCall, DraftRequest, IssueCall, IssueRequest
from kiosk.protocol.claims import CLAIM_LINE, CLAIM_TYPE, PURPOSE, ClaimsCall, ClaimsRequest
from kiosk.protocol.identity import ChallengeCall, IdentityCall, IdentityRequest
from kiosk.protocol.not_json import NOT_JSON

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_MAX_LINE, _MAX_COPY = 999, 99
_NO_LINE, _NO_TYPE = 0, ""  # an identification is about no line of its own

Request = TypeVar("Request", DraftRequest, IssueRequest, IdentityRequest, ClaimsRequest)


def open_draft(key: X25519PrivateKey, call: DraftCall) -> DraftRequest:
    """The request inside a draft call. Raises ProblemError."""
    return _open(key, call, "draft", DraftRequest, ("kiosk", "order", "line", "type_code"))


def open_issue(key: X25519PrivateKey, call: IssueCall) -> IssueRequest:
    """The request inside an issue call. Raises ProblemError."""
    return _open(key, call, "issue", IssueRequest, ("kiosk", "order", "line", "copy", "key", "type_code"))


def open_identity(key: X25519PrivateKey, call: IdentityCall) -> IdentityRequest:
    """The request inside an identity call. Raises ProblemError."""
    check_order(call)
    info = sealing.request_info(call.kiosk, call.order, _NO_LINE, _NO_TYPE, "identity")
    return _opened(key, call, info, IdentityRequest, ("kiosk", "order"))


def open_claims(key: X25519PrivateKey, call: ClaimsCall) -> ClaimsRequest:
    """The request inside a claims call. Raises ProblemError."""
    check_order(call)
    info = sealing.request_info(call.kiosk, call.order, CLAIM_LINE, CLAIM_TYPE, PURPOSE)
    return _opened(key, call, info, ClaimsRequest, ("kiosk", "order"))


def check_order(call: ChallengeCall | IdentityCall | ClaimsCall) -> None:
    """Raise ProblemError unless the call's order is a name."""
    if not is_name(call.order):
        raise ProblemError(400, "body-invalid", "order is a name")


def is_name(text: str) -> bool:
    """Whether `text` can name an order, a type or a key."""
    return _NAME.fullmatch(text) is not None


def seal_answer(
    worker_key: bytes, answer: msgspec.Struct, call: DraftCall | IssueCall, purpose: str
) -> bytes:
    """An answer that only the worker who made this very request can open. Raises ProblemError."""
    info = sealing.answer_info(call.kiosk, call.order, call.line, call.type_code, purpose, call.sealed)
    return _sealed(worker_key, answer, info)


def seal_identity(worker_key: bytes, answer: msgspec.Struct, call: IdentityCall) -> bytes:
    """The same for an identification. Raises ProblemError."""
    info = sealing.answer_info(call.kiosk, call.order, _NO_LINE, _NO_TYPE, "identity", call.sealed)
    return _sealed(worker_key, answer, info)


def seal_claims(worker_key: bytes, answer: msgspec.Struct, call: ClaimsCall) -> bytes:
    """The same for the answer to who asks for their money. Raises ProblemError."""
    info = sealing.answer_info(call.kiosk, call.order, CLAIM_LINE, CLAIM_TYPE, PURPOSE, call.sealed)
    return _sealed(worker_key, answer, info)


def _sealed(worker_key: bytes, answer: msgspec.Struct, info: bytes) -> bytes:
    try:
        return sealing.seal(worker_key, msgspec.json.encode(answer), info)
    except sealing.SealingError as error:
        raise ProblemError(
            400, "worker-key-invalid", "the worker's key is not a usable X25519 key"
        ) from error


def _open(
    key: X25519PrivateKey,
    call: DraftCall | IssueCall,
    purpose: str,
    kind: type[Request],
    same: tuple[str, ...],
) -> Request:
    _check_names(call)
    info = sealing.request_info(call.kiosk, call.order, call.line, call.type_code, purpose)
    return _opened(key, call, info, kind, same)


def _opened(
    key: X25519PrivateKey,
    call: DraftCall | IssueCall | IdentityCall | ClaimsCall,
    info: bytes,
    kind: type[Request],
    same: tuple[str, ...],
) -> Request:
    try:
        request = msgspec.json.decode(sealing.open_sealed(key, call.sealed, info), type=kind)
    except sealing.SealingError as error:
        raise ProblemError(400, "sealed-invalid", "not sealed to this server's key for this order") from error
    except NOT_JSON as error:
        raise ProblemError(
            400, "sealed-invalid", "the sealed request does not have the shape of its kind"
        ) from error
    if any(getattr(request, name) != getattr(call, name) for name in same):
        raise ProblemError(
            400, "envelope-mismatch", "the sealed request is about something else than its envelope"
        )
    return request


def _check_names(call: DraftCall | IssueCall) -> None:
    names = [call.order, call.type_code, *([call.key] if isinstance(call, IssueCall) else [])]
    numbers_fit = 0 <= call.line <= _MAX_LINE and (
        not isinstance(call, IssueCall) or 0 <= call.copy <= _MAX_COPY
    )
    if not numbers_fit or not all(map(is_name, names)):
        raise ProblemError(
            400, "body-invalid", "order, key and type are names; line and copy are small numbers"
        )
