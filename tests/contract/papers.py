"""Papers of the land register for tests: set, read back, refused, and meddled with on the way."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from kiosk.worker.read_back import expected_of, read_back
from kiosk.worker.refusals import WorkError
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.templates import Template, load_templates
from tests.authority import FORMS, TEMPLATES, payload_for, sample, seal_for

LAND = TEMPLATES["land/1"]
LONG = sample("land/sample_long.json")
Edit = Callable[[pikepdf.Pdf], None]


def issue(press: Renderer, data: dict[str, Any], pages: int = 1, **other: Any) -> bytes:
    return press.render(
        RenderJob(
            "land/1", data, payload_for(data, pages=pages, **other), seal_for(data, pages=pages, **other)
        )
    )


def look(pdf: bytes, data: dict[str, Any], pages: int = 1, template: Template = LAND) -> None:
    read_back(pdf, expected_of(template, data, payload_for(data, pages=pages), seal_for(data, pages=pages)))


def refusal(pdf: bytes, data: dict[str, Any], pages: int = 1) -> WorkError:
    with pytest.raises(WorkError) as refused:
        look(pdf, data, pages)
    return refused.value


def with_form(tmp_path: Path, *edits: tuple[str, str, str]) -> Path:
    """A copy of the forms in which a file's text is replaced."""
    root = tmp_path / "forms"
    shutil.copytree(FORMS, root)
    for name, old, new in edits:
        text = (root / name).read_text("utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new), "utf-8")
    return root


def set_with(root: Path, data: dict[str, Any]) -> bytes:
    payload = payload_for(data)
    return Renderer(load_templates(root), root).render(RenderJob("land/1", data, payload, seal_for(data)))


def edited(pdf: bytes, edit: Edit) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        edit(document)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()
