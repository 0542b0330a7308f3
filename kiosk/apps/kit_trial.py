"""`kiosk try-kit NAME`: a new bundle is tried out before it may serve, in a process that can do no harm.

The catalogue has to be one without a mistake, each of its types has to have its form, and every sample of every form
has to say on paper what the bundle expects of it, word for word.
"""

import json
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk.apps.kits import Kit, open_kit
from kiosk.apps.preview import EXPECTED, samples
from kiosk.worker.read_back import page_texts, spaced
from kiosk.worker.render import Renderer
from kiosk.worker.sample import set_sample
from kiosk.worker.sandbox import confine
from kiosk.worker.templates import load_templates


def run(bundles: Path, name: str) -> int:
    """Print what is wrong as one JSON object (`wrong`: "" for nothing). 0 all is well, 1 something is wrong."""
    os.nice(10)  # a citizen may be served meanwhile
    confine(os.getppid())
    wrong = trouble(bundles, name)
    print(json.dumps({"wrong": wrong}, ensure_ascii=False), flush=True)
    return 1 if wrong else 0


def trouble(bundles: Path, name: str) -> str:
    """What is wrong with a kit, "" for nothing. Whatever lies in it, the end is a sentence."""
    try:
        kit = open_kit(bundles, name)
        return next(_differences(kit), "")
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _differences(kit: Kit) -> Iterator[str]:
    templates = load_templates(kit.root)
    formed = {template.code for template in templates.values()}
    for kind in kit.catalogue(card_reader=True).types:
        if kind.code not in formed:
            yield f"{kind.code}: no form"
    renderer = Renderer(templates, kit.root)
    for template in templates.values():
        expected = tomllib.loads((kit.root / template.code / EXPECTED).read_text("utf-8"))
        found = dict(samples(template.code, kit.root))
        if set(found) != set(expected):
            yield f"{template.code}: samples and {EXPECTED} are not of the same"
        for name, data in found.items():
            pages = page_texts(set_sample(renderer, template, data))
            yield from _compare(template.code, name, expected.get(name, {}), pages)


def _compare(code: str, name: str, expected: dict[str, Any], pages: list[str]) -> Iterator[str]:
    said_pages: list[str] = expected.get("pages", [])
    if len(pages) != len(said_pages):
        yield f"{code}, {name}: {len(pages)} sheets instead of {len(said_pages)}"
    for number, (found, said) in enumerate(zip(pages, said_pages, strict=False), 1):
        if spaced(found) != spaced(said):
            yield f"{code}, {name}: page {number} says something else"
