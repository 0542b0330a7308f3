"""A certificate's data on paper, sealed and read back, as a machine's worker does it."""

from typing import Any

from kiosk.protocol.canonical import content_hash
from kiosk.protocol.fields import value_at
from kiosk.protocol.seal import content_prefix
from kiosk.worker.contents import check_contents
from kiosk.worker.read_back import Expected, expected_of, opened, read_back
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.templates import Template
from tests.authority import payload_for, sample, seal_for


def issued(press: Renderer, form: Template, data: dict[str, Any], pages: int) -> tuple[bytes, Expected]:
    """The paper with a seal for so many pages, and what it has to say."""
    about = tuple(value_at(data, path) or "" for path in form.subject)
    facts = {"subject": about, "content": content_prefix(content_hash(data)), "template": form.id}
    payload = payload_for(sample(), form.code, pages, **facts)
    seal = seal_for(sample(), form.code, pages, **facts)
    return press.render(RenderJob(form.id, data, payload, seal)), expected_of(form, data, payload, seal)


def read_back_of(press: Renderer, form: Template, data: dict[str, Any]) -> tuple[bytes, int]:
    """The paper and its number of sheets, once the data is fit for it and every sheet was read back.

    It is set as one sheet, and again only where it has more: most are one, and setting takes the time.
    """
    check_contents(form, data)
    pdf, expected = issued(press, form, data, 1)
    with opened(pdf) as document:
        pages = len(document)
    if pages > 1:
        pdf, expected = issued(press, form, data, pages)
    read_back(pdf, expected)
    return pdf, pages
