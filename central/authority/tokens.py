"""What a token of identification is good for: one machine, order and worker, and the lines that the card signed for.

Central keeps hashes: of the token, of the worker's key, of each line as it was asked for. No option, subject or token
is in the database in clear.
"""

import hashlib
from typing import Any

import msgspec
from sqlalchemy.engine import RowMapping

from kiosk.protocol.central import DraftRequest, IssueRequest
from kiosk.protocol.claims import ClaimsRequest
from kiosk.protocol.identity import AskedLine, IdentityRequest, lines_hash

NO_TOKEN: dict[str, Any] = {"token_hash": None, "person": 0, "worker_hash": "", "lines": ""}


def good_for(request: IdentityRequest, token: bytes, person: int) -> dict[str, Any]:
    """What `token` is good for in the hands of `person`, as columns of the table identity."""
    lines = {str(one.line): lines_hash((one,)).hex() for one in request.lines}
    return {
        "token_hash": hash_of(token),
        "person": person,
        "worker_hash": hash_of(request.worker_key),
        "lines": msgspec.json.encode(lines).decode(),
    }


def is_good_for(row: RowMapping, request: DraftRequest | IssueRequest | ClaimsRequest) -> bool:
    """Whether this token was given for this machine, order, worker and line, asked for in the same way."""
    asked = AskedLine(request.line, request.type_code, request.subject, request.options)
    lines = msgspec.json.decode(row["lines"], type=dict[str, str])
    given = (row["kiosk"], row["order_id"], row["worker_hash"], lines.get(str(request.line)))
    return given == (request.kiosk, request.order, hash_of(request.worker_key), lines_hash((asked,)).hex())


def hash_of(secret: bytes) -> str:
    """How a token or a key is kept."""
    return hashlib.sha256(secret).hexdigest()
