"""`kiosk gallery`: every form with its samples and with papers of the registers, sealed by a key of the gallery's own,
verified, and laid out to be looked through.

The papers are specimens: their issuer is nobody, and only the trust list beside them knows the key.
"""

import json
import tomllib
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.bundles.catalogue_files import FORMS
from kiosk.console.choices import known_types
from kiosk.console.output_folder import OutputFolder
from kiosk.console.progress import progress
from kiosk.forms.contact_sheets import Paper, lay_out
from kiosk.forms.preview import contents, samples
from kiosk.protocol import sealing
from kiosk.protocol.certificates import FILE, TypeFile
from kiosk.protocol.seal import make_seal
from kiosk.protocol.signed_list import root_pem, sign_list
from kiosk.protocol.trust import SigningKey, TrustList, kid_of, spki_of
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE
from kiosk.worker.read_back import opened, sheets_of
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.templates import Template, load_templates
from kiosk.worker.typesetter import sample_job
from kiosk.worker.verify import verify

ISSUER = "KR-0000000"
_DPI = 150


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

    def publish(self, out: OutputFolder) -> None:
        """The list, signed by a root of its own."""
        root = ec.generate_private_key(ec.SECP256R1())
        out.file(LIST_FILE).write_bytes(sign_list(self.trust, root))
        out.file(ROOT_FILE).write_bytes(root_pem(root.public_key()))

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


class Draft(NamedTuple):
    """What is to hang: the type, what its paper is called, its data."""

    kind: TypeFile
    name: str
    data: dict[str, Any]


def drafts(papers: Path | None = None, only: Collection[str] = ()) -> list[Draft]:
    """Every form's samples, and the papers whose data is in CODE/NAME.json below `papers`, of each type the samples
    first, in the order of the national list.

    `only`: the codes of these types; () is all. Raises RefusalError for a code that there is not, TemplateError.
    """
    known_types(only, FORMS)
    kinds = [kind for kind in _kinds() if not only or kind.code in only]
    return [
        Draft(kind, name, data)
        for kind in sorted(kinds, key=lambda kind: kind.no)
        for name, data in [*samples(kind.code), *(contents(papers / kind.code) if papers is not None else ())]
    ]


def hang(out: OutputFolder, wanted: Sequence[Draft]) -> list[Paper]:
    """Set, verify and show them. Raises TemplateError, WorkError, OutputError, OSError."""
    specimens = _Specimens(datetime.now(UTC))
    specimens.publish(out)
    hung = list(_papers(out, specimens, wanted))
    lay_out(hung, out)
    listed = [
        {"no": one.no, "file": one.file.name, "pages": len(one.pages), "finding": one.finding} for one in hung
    ]
    out.file("gallery.json").write_text(json.dumps(listed, indent=1), "utf-8")
    return hung


def _papers(out: OutputFolder, specimens: _Specimens, wanted: Sequence[Draft]) -> Iterator[Paper]:
    templates = load_templates()
    of_code = {template.code: template for template in templates.values()}
    renderer = Renderer(templates)
    with progress("Papers", len(wanted)) as work:
        for number, (kind, name, data) in enumerate(wanted, 1):
            work.say(f"{kind.code}, {name}")
            template = of_code[kind.code]
            draft = RenderJob(template.id, data)
            pages = sheets_of(renderer.render(draft))
            pdf = renderer.render(specimens.sealed(template, draft, pages, number))
            file = out.file(f"{kind.no:02d}-{kind.code}-{name}.pdf")
            file.write_bytes(pdf)
            report = verify(file, specimens.trust, specimens.now)
            pictures = tuple(_pictures(out, file.stem, pdf))
            work.step()
            yield Paper(kind.no, kind.name.ko, file, pictures, report.finding)


def _kinds() -> Iterator[TypeFile]:
    for file in FORMS.glob(f"*/{FILE}"):
        yield msgspec.convert(tomllib.loads(file.read_text("utf-8")), TypeFile)


def _pictures(out: OutputFolder, name: str, pdf: bytes) -> Iterator[Path]:
    with opened(pdf) as document:
        for index in range(len(document)):
            picture = out.file(f"{name}-{index + 1}.png")
            document[index].render(scale=_DPI / 72).to_pil().convert("L").save(picture)
            yield picture
