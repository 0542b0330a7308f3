"""Setting a certificate in type: data and seal in, PDF/A-2a + PDF/UA-1 bytes out. Runs in the sandboxed child.

The same data and seal give the same bytes, on any machine with the same forms, fonts and libraries. Without a seal the
result is a draft: it carries no number and says on every page that it is worth nothing; it is made to be counted.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import typst
from msgspec import Struct

from kiosk.protocol.canonical import canonical_json
from kiosk.protocol.seal_payload import SealPayload
from kiosk.worker.faces import CERTIFICATE_FACES, Faces, read_fonts
from kiosk.worker.imprint import imprint
from kiosk.worker.marks import QrCode, QrTooBigError, band_svg, qr_svg
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.screens import DEFAULT_PAIR, Pair, pair_of
from kiosk.worker.templates import DEFAULT_ROOT, Template

STANDARDS: Final = ("a-2a", "ua-1")
_NOWHERE = "/nonexistent"


class RenderJob(Struct, frozen=True):
    """One document. `payload` is what `seal` says; both are None and empty for a draft.

    `form` is the digest of the form that it has to be set with ("": of any, for samples): who sets it has read the
    files at another moment than who asks for it. `ground` names the screens under it ("": the typesetter's own).
    `qr` (the seal's code) and `under` (the ground itself) come with it where who asks has them made already; what is on
    the paper is read back in any case.
    """

    template: str
    data: dict[str, Any]
    payload: SealPayload | None = None
    seal: str = ""
    form: str = ""
    ground: str = ""
    qr: QrCode | None = None
    under: bytes = b""


class Renderer:
    """The typesetter with its fonts mapped. `pair`: the screens of a page whose job names none.

    What is laid under a page (the PDF writer, the ground) is made ready beside the first page's setting, which leaves
    Python alone: a process that starts with its document waiting is done a quarter sooner. `templates` may grow.
    """

    def __init__(
        self,
        templates: Mapping[str, Template],
        root: Path = DEFAULT_ROOT,
        pair: Pair = DEFAULT_PAIR,
        faces: Faces = CERTIFICATE_FACES,
        fonts: typst.Fonts | None = None,
    ) -> None:
        """`fonts`: those of `faces`, where they have been read already. Raises WorkError (fonts-missing)."""
        self._templates = templates
        self._pair = pair
        self._setters: dict[str, str] = {}
        self._folder = faces.folder
        fonts = fonts or read_fonts(faces.folder)
        if missing := [family for family in faces.families if family not in fonts.families()]:
            raise WorkError(Code.FONTS_MISSING, f"{', '.join(missing)}: apt-get install {faces.package}")
        # The first compile may read the files given here, later ones read those given with each call.
        sources: Any = {"main": b""}  # the stubs don't know that sources can be given as a dict
        self._compiler = typst.Compiler(
            sources,
            root=str(root),
            font_paths=fonts,
            package_path=_NOWHERE,
            package_cache_path=_NOWHERE,
        )
        self._making: threading.Thread | None = None

    def render(self, job: RenderJob) -> bytes:
        """The PDF. Raises WorkError: template-unknown, form-mismatch, template-fault, text-unprintable, overflow,
        seal-invalid.
        """
        if job.payload is None:
            return self.page_alone(job)
        beside = self._making
        if beside is None:
            beside = threading.Thread(target=self._make_ready, args=(not job.under,), daemon=True)
            beside.start()
            self._making = beside
        page = self.page_alone(job)
        beside.join()
        return self._lay_under(page, job)

    def page_alone(self, job: RenderJob) -> bytes:
        """The page without what lies under it: a draft, or a certificate that no verifier could set again."""
        template = self._templates.get(job.template)
        if template is None:
            raise WorkError(Code.TEMPLATE_UNKNOWN, job.template)
        if job.form and job.form != template.digest:
            raise WorkError(Code.FORM_MISMATCH, job.template)
        return self._compile(template, job)

    def _lay_under(self, page: bytes, job: RenderJob) -> bytes:
        from kiosk.worker.underlay import Private, lay_under

        pair = pair_of(job.ground) if job.ground else self._pair
        ground = job.under or _ground(pair)
        made_by = self._setter(self._templates[job.template])
        return lay_under(page, ground, Private(canonical_json(job.data), made_by, str(pair)))

    def _make_ready(self, with_ground: bool) -> None:
        """Everything that is needed after a page is set, the ground too where it doesn't come with the document."""
        from kiosk.worker import underlay  # noqa: F401 # loaded here, beside the page; used by _lay_under
        from kiosk.worker.provenance import tools

        tools(self._folder)
        if with_ground:
            _ground(self._pair)

    def _setter(self, template: Template) -> str:
        """Once a form: it reads every file of it and of the fonts."""
        from kiosk.worker.provenance import setter

        if template.id not in self._setters:
            self._setters[template.id] = setter(template, self._folder)
        return self._setters[template.id]

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
        if any("did not converge" in warning.message for warning in warnings):
            # A bundle's forms come to rest with their samples (forms/bundle_trial.py): these values are too long.
            raise WorkError(
                Code.OVERFLOW, "the page never comes to rest: a value is too long, or the form is at fault"
            )
        if warnings:
            raise WorkError(Code.TEMPLATE_FAULT, f"warning: {warnings[0].message}")
        if not isinstance(pdf, bytes):
            raise WorkError(Code.TEMPLATE_FAULT, "no document came out")
        return pdf


def _ground(pair: Pair) -> bytes:
    """For a document that comes without: only then is the library loaded that draws it."""
    from kiosk.worker.ground import void_ground

    return void_ground(pair)


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
        qr, dots = job.qr or qr_svg(job.seal)
    except (QrTooBigError, ValueError) as error:
        raise WorkError(Code.SEAL_INVALID, "the seal does not fit its place on the page") from error
    marks = {"band": band_svg(job.seal), "stamp": stamp, "qr": qr, "qr_dots": dots}
    return {**msgspec.structs.asdict(imprint(payload, template.language(job.data))), **marks}
