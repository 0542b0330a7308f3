"""`kiosk verify FILE`: what can be said about a certificate, in words, for the person who holds it."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from kiosk.cli import EXIT_MISSING, EXIT_USAGE, EXIT_WRONG, default_run
from kiosk.protocol.seal_payload import SealPayload
from kiosk.protocol.trust import TrustError, load_trust
from kiosk.worker.imprint import SEOUL, grouped
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.spoken import spoken_text
from kiosk.worker.templates import TemplateError
from kiosk.worker.verify import Finding, Report, verify

WORDS: dict[Finding, tuple[str, str]] = {
    Finding.CONTENTS_GENUINE: (
        "내용이 진본과 같음",
        "contents genuine: the seal is valid and every page says what was issued",
    ),
    Finding.SEAL_GENUINE: (
        "전자관인 유효, 내용은 눈으로 견주어 보십시오",
        "seal genuine: compare the fields below, and every page, with the paper",
    ),
    Finding.NOT_COMPARED: (
        "전자관인 유효, 이 기기에서는 내용을 견줄 수 없음",
        "seal genuine, contents not compared: this machine can't set the page again",
    ),
    Finding.NOT_GENUINE: ("진본과 다름", "not genuine"),
    Finding.UNKNOWN_ISSUER: ("알 수 없는 발급기관", "unknown issuer: no trusted key has signed this"),
    Finding.EXPIRED: ("확인 기간이 지남", "expired: past the period in which it can be checked"),
    Finding.LIST_TOO_OLD: ("신뢰 목록이 오래됨", "trust list too old: fetch a new one and try again"),
    Finding.UNREADABLE: ("전자관인을 읽을 수 없음", "unreadable: no seal of ours was found"),
}
_DEMO_LISTS = ("demo-output/trust.json", "demo-output/run/pki/trust.json", "demo-output/pki/trust.json")


def verify_file(file: Path, trust: Path | None = None, *, aloud: bool = False) -> int:
    """Print the report, or, when the contents are genuine and `aloud`, their text for reading aloud.

    0: contents genuine; 1: not, or not proved; 2: no such file; 3: no trust list or fonts.
    """
    try:
        keys = load_trust(trust or default_trust())
        report = verify(file, keys, int(time.time()))
    except (TrustError, TemplateError) as error:
        return _complain(str(error), EXIT_MISSING)
    except WorkError as error:
        return _complain(str(error), EXIT_MISSING if error.code == Code.FONTS_MISSING else EXIT_WRONG)
    except OSError as error:
        return _complain(f"{file}: cannot be read ({error.strerror})", EXIT_USAGE)
    if aloud and report.finding is Finding.CONTENTS_GENUINE and report.payload is not None:
        print(WORDS[report.finding][0])
        print(spoken_text(file.read_bytes(), report.payload))
        return 0
    for line in lines(report):
        print(line)
    if report.finding is Finding.NOT_COMPARED:
        return EXIT_MISSING
    return 0 if report.finding is Finding.CONTENTS_GENUINE else EXIT_WRONG


def default_trust() -> Path:
    """This machine's own list, else that of a demo in the present folder. Never one that lies beside the document."""
    candidates = [default_run() / "pki" / "trust.json", *(Path(name) for name in _DEMO_LISTS)]
    return next((path for path in candidates if path.is_file()), candidates[0])


def lines(report: Report) -> list[str]:
    """The report as text: the finding in both languages, the reason, the fields in the paper's order."""
    korean, english = WORDS[report.finding]
    out = [korean, english]
    if report.reason:
        out.append(f"  ({report.reason})")
    if report.payload is not None:
        out += [f"  {name:<14}{value}" for name, value in _fields(report.payload, report.issuer_name)]
    return out


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
