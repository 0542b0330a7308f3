"""A form as a clerk edits it: set with its samples, as pictures, and what its pages are expected to say."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from kiosk.console.output_folder import OutputFolder
from kiosk.forms.page_fingerprint import looks_of
from kiosk.protocol.not_json import NOT_JSON
from kiosk.worker.read_back import opened, page_texts
from kiosk.worker.sample import render_sample
from kiosk.worker.templates import DEFAULT_ROOT, TemplateError

EXPECTED = "expected.toml"
_DPI = 150
_HEAD = (
    "# What the sample's pages say, word for word, and how much ink is where (look, 24 x 34 cells of a page): "
    "a change of form, words or fonts shows here."
)


def previews(code: str, out: OutputFolder, root: Path) -> Iterator[tuple[Path, int]]:
    """Write CODE-SAMPLE.pdf and its pages as PNG for each sample; the PDF and its number of pages.

    Raises TemplateError, WorkError, OutputError, OSError.
    """
    for name, data in samples(code, root):
        pdf = render_sample(code, data, root)
        file = out.file(f"{code}-{name}.pdf")
        file.write_bytes(pdf)
        with opened(pdf) as document:
            for index in range(len(document)):
                picture = document[index].render(scale=_DPI / 72).to_pil()
                picture.save(out.file(f"{code}-{name}-{index + 1}.png"))
            pages = len(document)
        yield file, pages


def write_expected(code: str, root: Path) -> Path:
    """expected.toml from the samples as they are set now. Raises TemplateError, WorkError, OSError."""
    lines = [_HEAD]
    for name, data in samples(code, root):
        pdf = render_sample(code, data, root)
        texts = page_texts(pdf)
        lines += [f"[{name}]", f"sheets = {len(texts)}", "pages = ["]
        for text in texts:
            said = text.replace("\r\n", "\n")
            lines += [f"'''\n{said}\n''',"]
        lines += ["]", "look = [", *(f"'{look}'," for look in looks_of(pdf)), "]", ""]
    file = root / code / EXPECTED
    file.write_text("\n".join(lines), "utf-8")
    return file


def codes_of(root: Path = DEFAULT_ROOT) -> list[str]:
    """Every type that has a form below `root`."""
    return sorted(file.parent.name for file in root.glob("*/type.toml"))


def samples(code: str, root: Path = DEFAULT_ROOT) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every sample of a form by its name. Raises TemplateError."""
    found = list(contents(root / code, "sample*.json"))
    if not found:
        raise TemplateError(f"{root / code}: no sample.json here")
    yield from found


def contents(folder: Path, names: str = "*.json") -> Iterator[tuple[str, dict[str, Any]]]:
    """The data of the papers in a folder, by the names of their files. Raises TemplateError."""
    for file in sorted(folder.glob(names)):
        try:
            yield file.stem, msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
        except NOT_JSON as error:
            raise TemplateError(f"{file}: not valid JSON: {error}") from error
