"""The document itself: the draft's data under a number, with the times of its life and the authority's seal."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from central.authority.keys import Keys
from central.registers.land import COVERS
from kiosk.protocol.central import Draft, IssuedDocument, IssueRequest, request_digest
from kiosk.protocol.seal import SealPayload, content_prefix, make_seal

VERIFY_DAYS = 90
_BORN = 8  # 800101-1: the birth date and the digit of sex and century


def verify_until(issued_at: datetime) -> datetime:
    """Until when a document can be checked."""
    return issued_at + timedelta(days=VERIFY_DAYS)


def make_document(
    keys: Keys, request: IssueRequest, current: Draft, number: str, issued_at: datetime
) -> IssuedDocument:
    """Number and seal what the register says now; `current` is what the citizen saw and paid for."""
    until = verify_until(issued_at)
    payload = SealPayload(
        issuer=keys.trust.keys[0].issuer,
        issued_at=int(issued_at.timestamp()),
        expires_at=int(until.timestamp()),
        number=number,
        type_code=request.type_code,
        pages=request.sheets,
        content=content_prefix(current.draft_hash),
        kiosk=request.kiosk,
        subject=subject_of(request.type_code, current.data),
        template=current.template,
    )
    return IssuedDocument(
        order=request.order,
        line=request.line,
        key=request.key,
        asked=request_digest(request),
        number=number,
        type_code=request.type_code,
        template=current.template,
        data=current.data,
        issued_at=issued_at.isoformat(timespec="seconds"),
        verify_until=until.isoformat(timespec="seconds"),
        office=current.data["office"],
        sheets=request.sheets,
        seal=make_seal(payload, keys.signing, keys.kid),
        form=current.form,
    )


def subject_of(type_code: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """What the seal says the certificate is about: a parcel's place and lot; the name and birth date of who asked.

    The same fields as `subject` in the form's type.toml, which the kiosk holds against the seal.
    """
    if type_code in COVERS:
        return data["location"], data["lot"]
    name: str = data["requester"]
    own = next(row for row in (*data["members"], *data["cohabitants"]) if row["name"] == name)
    return name, own["resident_number"][:_BORN]
