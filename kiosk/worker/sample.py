"""A form with its invented sample, for galleries and for whoever edits a form. Its QR code is no seal."""

from pathlib import Path
from typing import Any

import msgspec

from kiosk.worker.contents import check_contents
from kiosk.worker.read_back import sheets_of
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.templates import DEFAULT_ROOT, Template, TemplateError, load_templates
from kiosk.worker.typesetter import sample_job


def render_sample(type_code: str, data: dict[str, Any] | None = None, root: Path = DEFAULT_ROOT) -> bytes:
    """The PDF of a type's newest form with its sample, or with `data`. Raises TemplateError, WorkError."""
    templates = load_templates(root)
    forms = [template for template in templates.values() if template.code == type_code]
    if not forms:
        raise TemplateError(f"no form for {type_code} in {root}")
    template = max(forms, key=lambda form: form.version)
    return set_sample(Renderer(templates, root), template, data)


def set_sample(
    renderer: Renderer, template: Template, data: dict[str, Any] | None = None, sheets: int = 0
) -> bytes:
    """The same on a renderer that is there already; `sheets`, where it is known how many it has. Raises WorkError."""
    job = sample_job(template, data)
    check_contents(template, job.data)
    assert job.payload is not None
    pages = sheets or sheets_of(renderer.render(RenderJob(template.id, job.data)))
    payload = msgspec.structs.replace(job.payload, pages=pages)
    return renderer.render(msgspec.structs.replace(job, payload=payload))
