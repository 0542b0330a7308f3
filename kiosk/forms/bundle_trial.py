"""`kiosk try-bundle NAME`: a new bundle is tried out before it may serve, in a process that can do no harm.

The catalogue has to be one without a mistake, each of its types has to have its form, and every sample of every form
has to say on paper what the bundle expects of it, word for word, and to look as expected.
"""

import errno
import json
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk.bundles.installed import InstalledBundle, open_bundle
from kiosk.forms.page_fingerprint import differences, looks_of
from kiosk.forms.preview import EXPECTED, samples
from kiosk.protocol import exits
from kiosk.protocol.fault import EnvironmentFault
from kiosk.worker.occurrences import spaced
from kiosk.worker.read_back import page_texts
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import Renderer
from kiosk.worker.sample import set_sample
from kiosk.worker.sandbox import confine
from kiosk.worker.templates import load_templates

# What a bundle can't bring about: a file that is missing in it is its own fault.
_NOT_ITS_OWN = frozenset(
    exits.FAULTS[number] for number in (errno.EACCES, errno.EIO, errno.EMFILE, errno.ENOSPC)
)
_CPU_S = 300  # of a hundred samples, each set twice and looked at


def run(bundles: Path, name: str) -> int:
    """Print what is wrong as one JSON object (`wrong`: "" for nothing). 0 all is well, 1 something is wrong.

    `trouble` instead of it: nothing was found out. This machine can't try it out (3), or the sandbox let it go no
    further (`killed`).
    """
    try:
        os.nice(10)  # a citizen may be served meanwhile
        confine(os.getppid(), _CPU_S)
    except (OSError, ValueError) as error:
        return _tell(exits.MISSING, trouble=f"the sandbox could not be made: {error}")
    try:
        wrong = trouble(bundles, name)
    except MemoryError:
        return _tell(exits.WRONG, trouble="it wants more memory than a form may have", killed=True)
    except EnvironmentFault as fault:
        return _tell(exits.MISSING, trouble=str(fault))
    return _tell(exits.WRONG if wrong else exits.DONE, wrong=wrong)


def _tell(code: int, **said: str | bool) -> int:
    print(json.dumps(said, ensure_ascii=False), flush=True)
    return code


def trouble(bundles: Path, name: str) -> str:
    """What is wrong with a bundle, "" for nothing. Whatever lies in it, the end is a sentence.

    Raises MemoryError, and EnvironmentFault for what is no fault of the bundle's: no fonts, a disk that can't be read.
    """
    try:
        bundle = open_bundle(bundles, name)
        return next(_differences(bundle), "")
    except MemoryError:
        raise
    except WorkError as error:
        if error.code == Code.FONTS_MISSING:
            raise EnvironmentFault(str(error)) from error
        return f"{type(error).__name__}: {error}"
    except OSError as error:
        if exits.fault_of(error) in _NOT_ITS_OWN:
            raise EnvironmentFault(f"{error.filename or 'the disk'}: {error.strerror}") from error
        return f"{type(error).__name__}: {error}"
    except Exception as error:  # a form is a program by somebody else: how it fails is not ours to foresee
        return f"{type(error).__name__}: {error}"


def _differences(bundle: InstalledBundle) -> Iterator[str]:
    templates = load_templates(bundle.root)
    formed = {template.code for template in templates.values()}
    for kind in bundle.catalogue(card_reader=True).types:
        if kind.code not in formed:
            yield f"{kind.code}: no form"
    renderer = Renderer(templates, bundle.root)
    for template in templates.values():
        expected = tomllib.loads((bundle.root / template.code / EXPECTED).read_text("utf-8"))
        found = dict(samples(template.code, bundle.root))
        if set(found) != set(expected):
            yield f"{template.code}: samples and {EXPECTED} are not of the same"
        for name, data in found.items():
            wanted = expected.get(name, {})
            pdf = set_sample(renderer, template, data, wanted.get("sheets", 0))
            yield from _compare(f"{template.code}, {name}", wanted, pdf)


def _compare(what: str, expected: dict[str, Any], pdf: bytes) -> Iterator[str]:
    pages, looks = page_texts(pdf), looks_of(pdf)
    said: list[str] = expected.get("pages", [])
    seen: list[str] = expected.get("look", [])
    if len(pages) != len(said):
        yield f"{what}: {len(pages)} sheets, expected are {len(said)}"
    elif len(seen) != len(said):
        yield f"{what}: what its pages look like is not written down"
    for number, (text, wanted) in enumerate(zip(pages, said, strict=False), 1):
        if spaced(text) != spaced(wanted):
            yield f"{what}: page {number} says something else"
    for number, (look, wanted) in enumerate(zip(looks, seen, strict=False), 1):
        if places := differences(look, wanted):
            yield f"{what}: page {number} looks otherwise ({places[0]})"
