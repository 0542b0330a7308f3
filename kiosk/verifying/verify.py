"""`kiosk verify`: what can be said about certificates, in words, for the person who holds them, or for a program."""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from kiosk.console.stopping import held
from kiosk.faults import where_met
from kiosk.protocol import exits
from kiosk.protocol.seal_payload import PREFIX
from kiosk.protocol.trust import TrustError
from kiosk.verifying.report import fields, lines, list_fields, list_lines
from kiosk.verifying.trusted import InUse, Trusted, code_of_refused, demo_lists, list_in_use
from kiosk.verifying.words import WORDS
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.spoken import spoken_text
from kiosk.worker.templates import TemplateError
from kiosk.worker.verify import MAX_FILE_BYTES, Finding, Report, verify, verify_frames

STDIN = "-"


class Told(NamedTuple):
    """What came of one document: the report, or the sentence that says why there is none.

    `by`: the list it was judged with. `of_demo`: the demo's list that knows who issued it, where that one does not.
    """

    name: str
    code: int
    report: Report | None = None
    content: str | bytes = b""
    trouble: str = ""
    by: InUse | None = None
    of_demo: InUse | None = None


# Which exit code is the worst: what was found outweighs what could not be looked at.
_WORST_FIRST: Final = (exits.WRONG, exits.USAGE, exits.MISSING, 0)


def verify_papers(
    papers: Sequence[str],
    trust: Trusted | None = None,
    *,
    aloud: bool = False,
    one_paper: bool = False,
    as_json: bool = False,
) -> int:
    """Print what is to be said of each document; if its contents are genuine and `aloud`, its text instead.

    `papers`: files, seals' texts, or `-` for what comes on stdin; with `one_paper` they are pictures of one paper.
    The worst of 1: not genuine, or not proved; 2: no such file; 3: no trust list that counts, no form or fonts to
    compare with; 0: contents genuine.
    """
    if aloud and as_json:
        return _complain("--text is for a person, --json for a program; name one of them", exits.USAGE)
    if papers.count(STDIN) > 1:
        return _complain(f"stdin ({STDIN}) holds one document; name it once", exits.USAGE)
    if one_paper and aloud:
        return _complain("--text reads a PDF, a paper of its own; leave --one-paper out", exits.USAGE)
    try:
        by = list_in_use(trust)
    except TrustError as error:
        return _complain(str(error), code_of_refused(trust))
    judged = [_of_one_paper(papers, by)] if one_paper else (_of(paper, by) for paper in papers)
    told = []
    for document in judged:
        if not as_json:
            _say(document, aloud=aloud, named=len(papers) > 1 and not one_paper)
        told.append(document._replace(content=b""))
    if as_json:
        print(json.dumps([_for_programs(one) for one in told], ensure_ascii=False, indent=2))
    return min((one.code for one in told), key=_WORST_FIRST.index)


def verify_file(file: Path, trust: Trusted | None = None, *, aloud: bool = False) -> int:
    """As verify_papers, of one file."""
    return verify_papers([str(file)], trust, aloud=aloud)


def _of(paper: str, by: InUse) -> Told:
    try:
        content = _content(paper)
        with held():
            report = verify(content, by.keys, int(time.time()))
            of_demo = _demo_of(paper, content) if report.finding is Finding.UNKNOWN_ISSUER else None
    except OSError as error:
        return Told(paper, exits.USAGE, trouble=_unread(paper, error))
    except (TemplateError, WorkError) as error:
        return Told(paper, _code_of(error), trouble=f"{paper}: {error}")
    return Told(paper, _code(report), report, content, by=by, of_demo=of_demo)


def _demo_of(paper: str, content: str | bytes) -> InUse | None:
    """The list of a demo that issued it. By it nothing is genuine here: it is only told which one it is."""
    for demo in demo_lists(Path(paper)):
        if verify(content, demo.keys, int(time.time())).finding is not Finding.UNKNOWN_ISSUER:
            return demo
    return None


def _of_one_paper(papers: Sequence[str], by: InUse) -> Told:
    name = ", ".join(papers)
    frames, trouble = [], ""
    for paper in papers:
        try:
            frames.append(_content(paper))
        except OSError as error:
            trouble = _unread(paper, error)
    if not frames:
        return Told(name, exits.USAGE, trouble=trouble)
    try:
        with held():
            report = verify_frames(frames, by.keys, int(time.time()))
    except (TemplateError, WorkError) as error:
        return Told(name, _code_of(error), trouble=f"{name}: {error}")
    return Told(name, _code(report), report, by=by)


def _content(paper: str) -> str | bytes:
    """What is judged, read once: what is read aloud must be what was compared. Raises OSError."""
    if paper == STDIN:
        return sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    if paper[: len(PREFIX)].upper() == PREFIX:
        return paper
    with Path(paper).open("rb") as stream:
        return stream.read(MAX_FILE_BYTES + 1)


def _unread(paper: str, error: OSError) -> str:
    if isinstance(error, IsADirectoryError):
        return f"{paper}: is a folder; name the files in it, as {os.path.join(paper, '*.pdf')}"
    return f"{paper}: cannot be read ({error.strerror})"


def _code(report: Report) -> int:
    if report.finding is Finding.NOT_COMPARED:
        return exits.MISSING
    return 0 if report.finding is Finding.CONTENTS_GENUINE else exits.WRONG


def _code_of(error: TemplateError | WorkError) -> int:
    return exits.WRONG if isinstance(error, WorkError) and error.code != Code.FONTS_MISSING else exits.MISSING


def _say(told: Told, *, aloud: bool, named: bool) -> None:
    if told.report is None:
        _complain(told.trouble, told.code)
        return
    for line in [told.name] if named else []:
        print(line)
    for line in _words(told.report, told.content, aloud=aloud):
        print(line)
    if told.by is not None and told.report.finding is not Finding.UNREADABLE:
        for line in list_lines(told.by, told.of_demo, told.name, aloud=aloud):
            print(line)


def _words(report: Report, content: str | bytes, *, aloud: bool) -> Iterator[str]:
    if aloud and report.finding is Finding.CONTENTS_GENUINE and report.payload is not None:
        assert isinstance(content, bytes)  # a text alone never has contents
        yield WORDS[report.finding].ko
        yield spoken_text(content, report.payload)
    else:
        yield from lines(report)


def _for_programs(told: Told) -> dict[str, object]:
    found: dict[str, object] = {"document": told.name, "code": told.code}
    if told.report is None:
        return {**found, "error": told.trouble}
    return {**found, **fields(told.report), **list_fields(told.by, told.of_demo)}


def _complain(sentence: str, code: int) -> int:
    print(f"{where_met(sys.exc_info()[1])}kiosk verify: {sentence}", file=sys.stderr)
    return code
