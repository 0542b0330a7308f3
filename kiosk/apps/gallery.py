"""`kiosk gallery`: every form with every sample, sealed by a key of the gallery's own, verified, and on one sheet.

The papers are specimens: their issuer is nobody, and only the trust list beside them knows the key.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image, ImageDraw, ImageFont, ImageOps

from kiosk.apps.preview import samples
from kiosk.protocol import sealing
from kiosk.protocol.seal import make_seal
from kiosk.protocol.signed_list import root_pem, sign_list
from kiosk.protocol.trust import SigningKey, TrustList, kid_of, spki_of
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE
from kiosk.worker.ground import FONT
from kiosk.worker.read_back import opened, sheets_of
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.templates import Template, load_templates
from kiosk.worker.typesetter import sample_job
from kiosk.worker.verify import Finding, verify

ISSUER = "KR-0000000"
_DPI, _THUMB_WIDTH, _COLUMNS, _GAP, _LABEL = 150, 496, 6, 24, 34
_PAPER, _EDGE, _INK = "#ECECEA", "#B9B9B5", "#222222"


class Paper(msgspec.Struct, frozen=True):
    """One document of the gallery: its file, the pictures of its pages, and what `kiosk verify` says of it."""

    file: Path
    pages: tuple[Path, ...]
    finding: Finding


class _Specimens:
    """The gallery's own key, and the trust list that knows it for a day."""

    def __init__(self, now: datetime) -> None:
        self.now = int(now.timestamp())
        self._key = ec.generate_private_key(ec.SECP256R1())
        spki = spki_of(self._key.public_key())
        self._kid = kid_of(spki)
        until = self.now + 86_400
        key = SigningKey(self._kid, spki, ISSUER, ("*",), self.now - 60, until, name="견본 · specimen")
        self.trust = TrustList(1, self.now - 60, until, (key,), sealing.new_key()[1])

    def publish(self, out: Path) -> None:
        """The list, signed by a root of its own."""
        root = ec.generate_private_key(ec.SECP256R1())
        (out / LIST_FILE).write_bytes(sign_list(self.trust, root))
        (out / ROOT_FILE).write_bytes(root_pem(root.public_key()))

    def sealed(self, template: Template, draft: RenderJob, pages: int, number: int) -> RenderJob:
        """The document that this draft would become."""
        payload = sample_job(template, draft.data).payload
        assert payload is not None
        payload = msgspec.structs.replace(
            payload,
            issuer=ISSUER,
            issued_at=self.now - 30,
            expires_at=self.now + 80_000,
            number=f"{number:016d}",
            pages=pages,
        )
        return RenderJob(template.id, draft.data, payload, make_seal(payload, self._key, self._kid))


def hang(out: Path) -> list[Paper]:
    """Set, verify and show them all. Raises TemplateError, WorkError, OSError."""
    out.mkdir(parents=True, exist_ok=True)
    specimens = _Specimens(datetime.now(UTC))
    specimens.publish(out)
    papers = list(_papers(out, specimens))
    contact_sheet([page for paper in papers for page in paper.pages], out / "contact.png")
    listed = [
        {"file": paper.file.name, "pages": len(paper.pages), "finding": paper.finding} for paper in papers
    ]
    (out / "gallery.json").write_text(json.dumps(listed, indent=1), "utf-8")
    return papers


def _papers(out: Path, specimens: _Specimens) -> Iterator[Paper]:
    templates = load_templates()
    renderer = Renderer(templates)
    number = 0
    for template in templates.values():
        for name, data in samples(template.code):
            number += 1
            draft = RenderJob(template.id, data)
            pages = sheets_of(renderer.render(draft))
            pdf = renderer.render(specimens.sealed(template, draft, pages, number))
            file = out / f"{template.code}-{name}.pdf"
            file.write_bytes(pdf)
            report = verify(file, specimens.trust, specimens.now)
            yield Paper(file, tuple(_pictures(file, pdf)), report.finding)


def _pictures(file: Path, pdf: bytes) -> Iterator[Path]:
    with opened(pdf) as document:
        for index in range(len(document)):
            picture = file.with_name(f"{file.stem}-{index + 1}.png")
            document[index].render(scale=_DPI / 72).to_pil().save(picture)
            yield picture


def contact_sheet(pictures: list[Path], file: Path) -> None:
    """All pages small, each with its name below it."""
    height = round(_THUMB_WIDTH * 297 / 210)
    rows = -(-len(pictures) // _COLUMNS)
    step = (_THUMB_WIDTH + _GAP, height + _LABEL + _GAP)
    sheet = Image.new("RGB", (_COLUMNS * step[0] + _GAP, rows * step[1] + _GAP), _PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(str(FONT), 20)
    for at, picture in enumerate(pictures):
        left, top = _GAP + at % _COLUMNS * step[0], _GAP + at // _COLUMNS * step[1]
        with Image.open(picture) as page:
            small = ImageOps.fit(page.convert("RGB"), (_THUMB_WIDTH, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (left, top))
        draw.rectangle((left - 1, top - 1, left + _THUMB_WIDTH, top + height), outline=_EDGE)
        draw.text((left, top + height + 6), picture.stem, _INK, font)
    sheet.save(file)
