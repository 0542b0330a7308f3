"""The sandboxed child: documents to set come in on stdin, finished PDFs go out on stdout, and nothing else either way.

A frame: 4-byte length, then RenderJob as JSON; the answer is `D` and the PDF, or `E` and {code, detail} as JSON. A
child that is started ahead is given the void ground as its first frame, and sends a sample document on it, set to warm
the child up and to prove that it works. One that is started while a document waits sets that one only, and reads no
form but its own.
"""

import sys
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from kiosk.protocol.canonical import content_hash
from kiosk.protocol.seal_payload import PREFIX, SealPayload, content_prefix
from kiosk.worker.faces import FontsAhead
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.screens import Pair
from kiosk.worker.subjects import subject_of
from kiosk.worker.templates import Template, TemplateError, load_templates

DOCUMENT, ERROR = b"D", b"E"
AHEAD, WAITED_FOR = "ahead", "waited-for"
MAX_REQUEST_BYTES = 1 << 20
SAMPLE_ISSUED_AT = 1_767_312_000  # 2026-01-02 09:00 in Seoul
SAMPLE_SEAL = PREFIX + "SAMPLE " * 48


class Failure(msgspec.Struct, frozen=True):
    """Why a document could not be set."""

    code: str
    detail: str


def sample_job(template: Template, data: dict[str, Any] | None = None) -> RenderJob:
    """The form's own sample (or `data`), with a seal that is none."""
    data = msgspec.json.decode(template.sample, type=dict[str, Any]) if data is None else data
    payload = SealPayload(
        issuer="SAMPLE",
        issued_at=SAMPLE_ISSUED_AT,
        expires_at=SAMPLE_ISSUED_AT + 90 * 86_400,
        number="0" * 16,
        type_code=template.code,
        pages=1,
        content=content_prefix(content_hash(data)),
        kiosk="SAMPLE",
        subject=subject_of(template, data),
        template=template.id,
    )
    return RenderJob(template.id, data, payload, SAMPLE_SEAL)


def _set(renderer: Renderer, job: RenderJob) -> bytes:
    try:
        return DOCUMENT + renderer.render(job)
    except WorkError as error:
        return ERROR + msgspec.json.encode(Failure(error.code, error.detail))


def _write(out: BinaryIO, answer: bytes) -> None:
    out.write(len(answer).to_bytes(4, "big") + answer)
    out.flush()


def _frame(requests: BinaryIO) -> bytes:
    """The next one; empty at the end. Exits with 1 at one that is too large: what follows could be taken for frames."""
    size = int.from_bytes(requests.read(4), "big")
    if size > MAX_REQUEST_BYTES:
        sys.exit(1)
    return requests.read(size)


def main(root: Path, pair: Pair, fonts: FontsAhead, *, ahead: bool) -> int:
    """Serve until stdin ends."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    try:
        templates = load_templates(root) if ahead else {}
        renderer = Renderer(templates, root, pair, fonts=fonts.wait())
        if ahead:
            first = sample_job(next(iter(templates.values())))
            renderer.render(RenderJob(first.template, first.data))
            ground = _frame(requests)
            _write(answers, _set(renderer, msgspec.structs.replace(first, under=ground)))
    except (TemplateError, WorkError) as error:
        code = error.code if isinstance(error, WorkError) else Code.TEMPLATE_FAULT
        _write(answers, ERROR + msgspec.json.encode(Failure(code, str(error))))
        return 1
    while body := _frame(requests):
        job = msgspec.json.decode(body, type=RenderJob)
        if not ahead and job.template not in templates:
            templates.update(_own_forms(root, job))
        _write(answers, _set(renderer, job))
    return 0


def _own_forms(root: Path, job: RenderJob) -> dict[str, Template]:
    """The forms of this document's type; none that is broken or not there (the renderer then refuses)."""
    try:
        return load_templates(root, job.template.partition("/")[0])
    except TemplateError:
        return {}
