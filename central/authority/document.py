"""The document itself: the draft's data under a number, with the times of its life and the authority's seal."""

from datetime import datetime

from central.authority.drafting import Found
from central.authority.terms import verify_until
from central.authority.trust_lists import Signing
from kiosk.protocol.central import IssuedDocument, IssueRequest, request_digest
from kiosk.protocol.seal import SealPayload, content_prefix, make_seal


def make_document(
    signing: Signing, request: IssueRequest, found: Found, number: str, issued_at: datetime
) -> IssuedDocument:
    """Number and seal what the register says now; `found` is what the citizen saw and paid for."""
    current = found.draft
    until = verify_until(issued_at)
    payload = SealPayload(
        issuer=signing.key.issuer,
        issued_at=int(issued_at.timestamp()),
        expires_at=int(until.timestamp()),
        number=number,
        type_code=request.type_code,
        pages=request.sheets,
        content=content_prefix(current.draft_hash),
        kiosk=request.kiosk,
        subject=found.about,
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
        seal=make_seal(payload, signing.private, signing.key.kid),
        form=current.form,
    )
