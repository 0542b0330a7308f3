"""An issuing authority for tests, made of the shared protocol only: it answers the worker as central would.

Its forms are this machine's own.
"""

import json
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.protocol import central, sealing
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.seal import SealPayload, content_prefix, make_seal
from kiosk.protocol.signed_list import root_pem, sign_list
from kiosk.protocol.trust import SigningKey, TrustList, kid_of, spki_of
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE
from kiosk.verifying.trusted import Trusted
from kiosk.worker.templates import load_templates

FORMS = Path(__file__).resolve().parents[1] / "certs_templates"
ISSUER = "KR-3180000"
KIOSK = "YD-63-01"
ORDER = "o-20261123-1"
NUMBER = "1234567890123456"
SEOUL = timezone(timedelta(hours=9))
ISSUED = datetime(2026, 11, 23, 14, 12, 33, tzinfo=SEOUL)
UNTIL = ISSUED + timedelta(days=90)
NOW = int(ISSUED.timestamp()) + 1

# Read once for all tests of a process: it takes a tenth of a second.
TEMPLATES = load_templates()
FORM = {template.id: template.digest for template in TEMPLATES.values()}
SIGNING = ec.derive_private_key(0xC0FFEE, ec.SECP256R1())
SPKI = spki_of(SIGNING.public_key())
KID = kid_of(SPKI)
SEALING, SEALING_PUBLIC = sealing.new_key()
TRUST = TrustList(
    version=1,
    issued_at=0,
    next_update=2**33,
    keys=(SigningKey(KID, SPKI, ISSUER, ("*",), 0, 2**33, name="서울특별시 영등포구청장"),),
    sealing_key=SEALING_PUBLIC,
)

ROOT = ec.derive_private_key(0xA11CE, ec.SECP256R1())


def put_list(folder: Path, trust: TrustList = TRUST) -> Trusted:
    """A signed list and its root, as a machine or a verifier has them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LIST_FILE).write_bytes(sign_list(trust, ROOT))
    (folder / ROOT_FILE).write_bytes(root_pem(ROOT.public_key()))
    return Trusted((folder / LIST_FILE,), folder / ROOT_FILE)


def sample(name: str = "land/sample.json") -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FORMS / name).read_text("utf-8"))
    return data


def subject_of(data: dict[str, Any]) -> dict[str, str]:
    """How a request names the parcel of this data."""
    dong, main, sub = data["unique_no"].split("-")
    mountain = str(int(main[0]) - 1)
    return {"dong": dong, "mountain": mountain, "main": str(int(main[1:])), "sub": str(int(sub))}


def seal_subject_of(data: dict[str, Any]) -> tuple[str, ...]:
    """What a seal says that this data is about: a parcel, or a person by name, birth date and the digit after it."""
    if "requester" not in data:
        return (data["location"], data["lot"])
    [own] = [one for one in data["members"] + data["cohabitants"] if one["name"] == data["requester"]]
    return (data["requester"], own["resident_number"][:8])


def payload_for(data: dict[str, Any], type_code: str = "land", pages: int = 1, **other: Any) -> SealPayload:
    payload = SealPayload(
        issuer=ISSUER,
        issued_at=int(ISSUED.timestamp()),
        expires_at=int(UNTIL.timestamp()),
        number=NUMBER,
        type_code=type_code,
        pages=pages,
        content=content_prefix(content_hash(data)),
        kiosk=KIOSK,
        subject=seal_subject_of(data),
        template=f"{type_code}/1",
    )
    return msgspec.structs.replace(payload, **other)


def seal_for(data: dict[str, Any], type_code: str = "land", pages: int = 1, **other: Any) -> str:
    return _sealed(payload_for(data, type_code, pages, **other))


@cache
def _sealed(payload: SealPayload) -> str:
    """The same seal for the same payload: a signature has chance in it."""
    return make_seal(payload, SIGNING, KID)


def draft_for(data: dict[str, Any], line: int = 1, type_code: str = "land", **other: Any) -> central.Draft:
    draft = central.Draft(
        line=line,
        type_code=type_code,
        template=f"{type_code}/1",
        data=data,
        quote=central.Quote(base=500, free_sheets=1, extra_per_sheet=100),
        draft_hash=content_hash(data),
        asked="",  # `answer` names the request
        subject="",
        form=FORM[f"{type_code}/1"],
        sealed_by=KID,
    )
    return msgspec.structs.replace(draft, **other)


def document_for(request: central.IssueRequest, data: dict[str, Any], **other: Any) -> central.IssuedDocument:
    document = central.IssuedDocument(
        order=request.order,
        line=request.line,
        key=request.key,
        asked=central.request_digest(request),
        number=NUMBER,
        type_code=request.type_code,
        template=f"{request.type_code}/1",
        data=data,
        issued_at=ISSUED.isoformat(),
        verify_until=UNTIL.isoformat(),
        office=data["office"],
        sheets=request.sheets,
        seal=seal_for(data, request.type_code, request.sheets),
        form=FORM[f"{request.type_code}/1"],
    )
    return msgspec.structs.replace(document, **other)


def open_draft_request(sealed: bytes, line: int = 1, type_code: str = "land") -> central.DraftRequest:
    info = sealing.request_info(KIOSK, ORDER, line, type_code, "draft")
    return msgspec.json.decode(sealing.open_sealed(SEALING, sealed, info), type=central.DraftRequest)


def open_issue_request(sealed: bytes, line: int = 1, type_code: str = "land") -> central.IssueRequest:
    info = sealing.request_info(KIOSK, ORDER, line, type_code, "issue")
    return msgspec.json.decode(sealing.open_sealed(SEALING, sealed, info), type=central.IssueRequest)


def answer(
    request_sealed: bytes,
    worker_key: bytes,
    plain: msgspec.Struct,
    purpose: str,
    line: int = 1,
    type_code: str = "land",
) -> bytes:
    if isinstance(plain, central.Draft | central.Choice) and not plain.asked:
        request = open_draft_request(request_sealed, line, type_code)
        plain = msgspec.structs.replace(plain, asked=central.request_digest(request))
    info = sealing.answer_info(KIOSK, ORDER, line, type_code, purpose, request_sealed)
    return sealing.seal(worker_key, msgspec.json.encode(plain), info)
