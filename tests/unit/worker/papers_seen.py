"""Genuine papers of several types, and what a printer, a copier, a scanner and a camera make of them."""

from functools import cache

import msgspec
from PIL import Image

from kiosk.bench.scans import seal_on_paper
from kiosk.protocol.canonical import content_hash
from kiosk.protocol.seal import SealPayload, content_prefix, make_seal
from kiosk.worker.read_back import sheets_of
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.subjects import subject_of
from tests.authority import ISSUED, ISSUER, KID, KIOSK, NUMBER, SIGNING, TEMPLATES, UNTIL

BY_CODE = {template.code: template for template in TEMPLATES.values()}
# A dozen of every kind: lots, maps, buildings, people, families, vehicles, taxes, welfare, in both languages.
DOZEN = (
    "land",
    "cadastral-map",
    "building",
    "real-estate-registry",
    "resident-household",
    "family-relation",
    "removed-family",
    "vehicle",
    "national-tax-clearance",
    "income",
    "livelihood",
    "factory",
)


@cache
def renderer() -> Renderer:
    return Renderer(TEMPLATES)


def paper_of(code: str, number: str = NUMBER) -> tuple[bytes, str]:
    """A genuine certificate of a type (its sample), and its seal: the same each time, although signing is by chance."""
    return _paper_of(code, number)


@cache
def _paper_of(code: str, number: str) -> tuple[bytes, str]:
    template = BY_CODE[code]
    data = msgspec.json.decode(template.sample)
    payload = SealPayload(
        issuer=ISSUER,
        issued_at=int(ISSUED.timestamp()),
        expires_at=int(UNTIL.timestamp()),
        number=number,
        type_code=code,
        pages=sheets_of(renderer().render(RenderJob(template.id, data))),
        content=content_prefix(content_hash(data)),
        kiosk=KIOSK,
        subject=subject_of(template, data),
        template=template.id,
    )
    seal = make_seal(payload, SIGNING, KID)
    return renderer().render(RenderJob(template.id, data, payload, seal)), seal


@cache
def corner_of(code: str, number: str = NUMBER) -> Image.Image:
    """The part of the last page where the seal is, as the printer's dots."""
    return seal_on_paper(paper_of(code, number)[0])
