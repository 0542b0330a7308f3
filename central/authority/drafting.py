"""Drafts: what a certificate would say and cost, read from the register this moment. Nothing is stored."""

from collections.abc import Mapping
from datetime import datetime

from central.authority.fees import fee_of
from central.registers.book import Book
from central.registers.land import COVERS, RefusedError, read_certificate
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.central import Draft


async def draft(
    book: Book,
    line: int,
    type_code: str,
    subject: Mapping[str, str],
    options: Mapping[str, str],
    now: datetime,
) -> Draft:
    """The draft of one line. Raises RefusedError (`type-unknown`, or what the register says)."""
    fee = fee_of(type_code, now.date())
    if fee is None or type_code not in COVERS:
        raise RefusedError("type-unknown")
    data = await read_certificate(book, type_code, subject, options, now)
    return Draft(
        line=line,
        type_code=type_code,
        template=fee.template,
        data=data,
        quote=fee.quote,
        draft_hash=content_hash(data),
    )
