"""Setting a certificate in type: data and seal in, PDF/A-2a + PDF/UA-1 bytes out. Runs in the sandboxed child.

The same data and seal give the same bytes, on any machine with the same forms, fonts and libraries. Without a seal the
result is a draft: it carries no number and says on every page that it is worth nothing; it is made to be counted.
"""

import io
from pathlib import Path
from typing import Any, Final

import msgspec
import pikepdf
import typst
from msgspec import Struct

from kiosk.protocol.canonical import canonical_json
from kiosk.protocol.seal import SealPayload
from kiosk.worker.ground import HEIGHT, WIDTH, void_ground
from kiosk.worker.imprint import imprint
from kiosk.worker.marks import DOT_PT, QrTooBigError, band_svg, qr_svg
from kiosk.worker.provenance import setter
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.templates import DEFAULT_ROOT, Template

FONT_FOLDER = Path("/usr/share/fonts/opentype/noto")
FONT_FAMILIES = ("Noto Sans CJK KR", "Noto Serif CJK KR")
STANDARDS: Final = ("a-2a", "ua-1")
DATA_KEY = (
    "/Changgu"  # the page-piece dictionary that carries the data for the verifier, and what set the page
)
SETTER_KEY = "/Setter"
_NOWHERE = "/nonexistent"


class RenderJob(Struct, frozen=True):
    """One document. `payload` is what `seal` says; both are None and empty for a draft.

    `form` is the digest of the form that it has to be set with ("": of any, for samples): who sets it has read the
    files at another moment than who asks for it.
    """

    template: str
    data: dict[str, Any]
    payload: SealPayload | None = None
    seal: str = ""
    form: str = ""


class Renderer:
    """The typesetter with its fonts mapped and its void ground made. Raises WorkError (fonts-missing) when made."""

    def __init__(self, templates: dict[str, Template], root: Path = DEFAULT_ROOT) -> None:
        self._templates = templates
        fonts = typst.Fonts(False, False, [str(FONT_FOLDER)] if FONT_FOLDER.is_dir() else [])
        if missing := [family for family in FONT_FAMILIES if family not in fonts.families()]:
            raise WorkError(Code.FONTS_MISSING, f"{', '.join(missing)}: apt-get install fonts-noto-cjk")
        # The first compile may read the files given here, later ones read those given with each call.
        sources: Any = next(
            iter(templates.values())
        ).files  # the stubs don't know that sources can be given as a dict
        self._compiler = typst.Compiler(
            sources,
            root=str(root),
            font_paths=fonts,
            package_path=_NOWHERE,
            package_cache_path=_NOWHERE,
        )
        self._ground = void_ground()
        self._setters = {template.id: setter(template, FONT_FOLDER) for template in templates.values()}

    def render(self, job: RenderJob) -> bytes:
        """The PDF. Raises WorkError: template-unknown, form-mismatch, template-fault, text-unprintable, overflow,
        seal-invalid.
        """
        template = self._templates.get(job.template)
        if template is None:
            raise WorkError(Code.TEMPLATE_UNKNOWN, job.template)
        if job.form and job.form != template.digest:
            raise WorkError(Code.FORM_MISMATCH, job.template)
        bare = self._compile(template, job)
        if job.payload is None:
            return bare
        return lay_under(bare, self._ground, canonical_json(job.data), self._setters[template.id])

    def _compile(self, template: Template, job: RenderJob) -> bytes:
        inputs = {
            "data": canonical_json(job.data).decode(),
            "issue": msgspec.json.encode(_issue(template, job)).decode(),
            "words": msgspec.json.encode(template.page_words(job.data)).decode(),
        }
        sources: Any = template.files
        try:
            pdf, warnings = self._compiler.compile_with_warnings(
                input=sources,
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=list(STANDARDS),
                timestamp=job.payload.issued_at if job.payload else 0,
            )
        except typst.TypstError as error:
            raise _fault(error) from error
        if warnings:
            raise WorkError(Code.TEMPLATE_FAULT, f"warning: {warnings[0].message}")
        if not isinstance(pdf, bytes):
            raise WorkError(Code.TEMPLATE_FAULT, "no document came out")
        return pdf


def _fault(error: typst.TypstError) -> WorkError:
    """A compile error as a code. The compiler's message may quote a value, so only known wordings are passed on."""
    message = str(error.message)
    if "could not be displayed with font" in message:
        return WorkError(Code.TEXT_UNPRINTABLE, "a character that none of the fonts has")
    if "panicked with" in message and "overflow" in message:
        return WorkError(Code.OVERFLOW, "a value does not fit its place")
    return WorkError(Code.TEMPLATE_FAULT, "the form does not compile; try it with its sample")


def _issue(template: Template, job: RenderJob) -> dict[str, Any] | None:
    """What the page shows of the seal."""
    payload = job.payload
    if payload is None:
        return None
    stamp = template.stamps.get(str(job.data.get("office")))
    if stamp is None:
        raise WorkError(Code.TEMPLATE_UNKNOWN, "no official seal for this office in _common/offices.toml")
    try:
        qr, dots = qr_svg(job.seal)
    except (QrTooBigError, ValueError) as error:
        raise WorkError(Code.SEAL_INVALID, "the seal does not fit its place on the page") from error
    marks = {"band": band_svg(job.seal), "stamp": stamp, "qr": qr, "qr_dots": dots}
    return {**msgspec.structs.asdict(imprint(payload, template.language(job.data))), **marks}


def lay_under(bare: bytes, ground: bytes, data: bytes, made_by: str) -> bytes:
    """The document with the void ground under each page, and its data as the document's private data.

    Private data (ISO 32000-1, 14.5) is allowed in PDF/A-2, where an attached JSON would not be. It lets a verifier set
    the page again; it leaves this machine with the page only, for the printer, and says nothing that the page does not.
    """
    with pikepdf.open(io.BytesIO(bare)) as pdf:
        image = pikepdf.Stream(pdf, b"")
        image.write(ground, filter=pikepdf.Name.FlateDecode)
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent, image.ImageMask = WIDTH, HEIGHT, 1, True
        shared = pdf.make_indirect(image)
        width, height = WIDTH * DOT_PT, HEIGHT * DOT_PT
        paint = f"/Artifact BMC q {width:.2f} 0 0 {height:.2f} 0 0 cm /ChangguGround Do Q EMC\n".encode()
        for page in pdf.pages:
            if "/XObject" not in page.Resources:
                page.Resources["/XObject"] = pikepdf.Dictionary()
            page.Resources["/XObject"]["/ChangguGround"] = shared
            page.contents_add(pikepdf.Stream(pdf, paint), prepend=True)
        private = pikepdf.Stream(pdf, data)
        stamp = pdf.docinfo.get("/CreationDate", pikepdf.String("D:19700101000000Z"))
        piece = pikepdf.Dictionary({"/LastModified": stamp, "/Private": pdf.make_indirect(private)})
        piece[SETTER_KEY] = pikepdf.String(made_by)
        pdf.Root["/PieceInfo"] = pikepdf.Dictionary({DATA_KEY: piece})
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return out.getvalue()
