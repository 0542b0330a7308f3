"""`kiosk verify`: what can be said about a certificate, in words, for the person who holds it."""

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from kiosk.apps.verify_words import TROUBLES, WORDS
from kiosk.cli import EXIT_MISSING, EXIT_USAGE, EXIT_WRONG, default_run
from kiosk.protocol.seal_payload import PREFIX, SealPayload
from kiosk.protocol.signed_list import load_list, newest_list_of
from kiosk.protocol.trust import TrustError, TrustList
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE, lists_of
from kiosk.worker.imprint import SEOUL, grouped
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.spoken import spoken_text
from kiosk.worker.templates import TemplateError
from kiosk.worker.verify import MAX_FILE_BYTES, Finding, Report, verify_frames

STDIN = "-"
_DEMO_FOLDERS = ("demo-output", "demo-output/run/pki", "demo-output/pki")


class Trusted(NamedTuple):
    """Where lists lie, of which the newest counts, and the root that has to have signed them."""

    files: tuple[Path, ...]
    root: Path


def verify_papers(papers: Sequence[str], trust: Trusted | None = None, *, aloud: bool = False) -> int:
    """Print the report of one certificate, or, when its contents are genuine and `aloud`, their text to be read aloud.

    `papers`: files, a seal's text, or `-` for what comes on stdin; of several pictures of one paper, the first that can
    be read counts. 0: contents genuine; 1: not, or not proved; 2: no such file; 3: no trust list that counts, no fonts.
    """
    try:
        keys = trusted_list(trust)
        frames = [_frame(paper) for paper in papers]
        report = verify_frames(frames, keys, int(time.time()))
    except (TrustError, TemplateError) as error:
        return _complain(str(error), EXIT_MISSING)
    except WorkError as error:
        return _complain(str(error), EXIT_MISSING if error.code == Code.FONTS_MISSING else EXIT_WRONG)
    except OSError as error:
        return _complain(f"{error.filename or papers[0]}: cannot be read ({error.strerror})", EXIT_USAGE)
    if aloud and report.finding is Finding.CONTENTS_GENUINE and report.payload is not None:
        print(WORDS[report.finding].ko)
        print(spoken_text(_content(frames[0]), report.payload))
        return 0
    for line in lines(report):
        print(line)
    if report.finding is Finding.NOT_COMPARED:
        return EXIT_MISSING
    return 0 if report.finding is Finding.CONTENTS_GENUINE else EXIT_WRONG


def verify_file(file: Path, trust: Trusted | None = None, *, aloud: bool = False) -> int:
    """As verify_papers, of one file."""
    return verify_papers([str(file)], trust, aloud=aloud)


def trusted_list(chosen: Trusted | None = None) -> TrustList:
    """The list to judge with, proved: the chosen one, as long as it is not older than the one known here.

    Raises TrustError.
    """
    own = default_trust()
    if chosen is None:
        return newest_list_of(own.files, own.root)
    try:
        known = newest_list_of(own.files, chosen.root).version
    except TrustError:
        known = 0  # none here, or another authority's
    [file] = chosen.files
    return load_list(file, chosen.root, known)


def default_trust() -> Trusted:
    """This machine's own lists and root, else a demo's in the present folder. Never what lies beside a document."""
    own = Trusted(lists_of(default_run()), default_run() / "pki" / ROOT_FILE)
    if any(file.is_file() for file in own.files):
        return own
    demos = (Trusted((folder / LIST_FILE,), folder / ROOT_FILE) for folder in map(Path, _DEMO_FOLDERS))
    return next((demo for demo in demos if demo.files[0].is_file()), own)


def lines(report: Report) -> list[str]:
    """The report as text: the finding in both languages, the reason, the fields in the paper's order."""
    out = list(WORDS[report.finding])
    if report.trouble is not None:
        out += [f"  [{report.trouble}] {sentence}" for sentence in TROUBLES[report.trouble]]
    if report.reason:
        out.append(f"  ({report.reason})")
    if report.payload is not None:
        out += [f"  {name:<14}{value}" for name, value in _fields(report.payload, report.issuer_name)]
    return out


def _frame(paper: str) -> Path | str | bytes:
    if paper == STDIN:
        return sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    return paper if paper[: len(PREFIX)].upper() == PREFIX else Path(paper)


def _content(frame: Path | str | bytes) -> bytes:
    """The PDF that was found genuine; a text never is."""
    assert not isinstance(frame, str)
    return frame if isinstance(frame, bytes) else frame.read_bytes()


def _fields(payload: SealPayload, issuer_name: str) -> list[tuple[str, str]]:
    return [
        ("number", grouped(payload.number)),
        ("type", f"{payload.type_code} ({payload.template})"),
        ("subject", " ".join(payload.subject)),
        ("pages", str(payload.pages)),
        ("issuer", f"{issuer_name} {payload.issuer}".strip()),
        ("issued", _moment(payload.issued_at)),
        ("check until", _moment(payload.expires_at)),
        ("kiosk", payload.kiosk),
        ("content check", grouped(payload.content[:16])),
    ]


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone(SEOUL).strftime("%Y-%m-%d %H:%M:%S")


def _complain(sentence: str, code: int) -> int:
    print(f"kiosk verify: {sentence}", file=sys.stderr)
    return code
