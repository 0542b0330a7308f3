"""A report of `kiosk verify` as the lines that a person reads, and as the fields that a program does."""

import shlex
from datetime import UTC, datetime

from kiosk.protocol.seal_payload import SealPayload
from kiosk.verifying.trusted import InUse
from kiosk.verifying.words import BY_A_DEMOS_LIST, ISSUED_BY_A_DEMO, TROUBLES, WORDS
from kiosk.worker.imprint import SEOUL, grouped
from kiosk.worker.verify import Report


def lines(report: Report) -> list[str]:
    """The report as text: the finding in both languages, the reason, the fields in the paper's order."""
    out = list(WORDS[report.finding])
    if report.trouble is not None:
        out += [f"  [{report.trouble}] {sentence}" for sentence in TROUBLES[report.trouble]]
    if report.reason:
        out.append(f"  ({report.reason})")
    if report.payload is not None:
        out += [f"  {name:<14}{value}" for name, value in _shown(report.payload, report.issuer_name)]
    return out


def fields(report: Report) -> dict[str, object]:
    """The report for a program: the finding's own word, why, and what the seal says once its signature is proved."""
    found: dict[str, object] = {"finding": report.finding.value, "reason": report.reason}
    if report.trouble is not None:
        found["trouble"] = report.trouble.value
    payload = report.payload
    if payload is None:
        return found
    return found | {
        "number": payload.number,
        "type": payload.type_code,
        "form": payload.template,
        "subject": list(payload.subject),
        "pages": payload.pages,
        "issuer": payload.issuer,
        "issuer_name": report.issuer_name,
        "issued": _time(payload.issued_at).isoformat(),
        "check_until": _time(payload.expires_at).isoformat(),
        "kiosk": payload.kiosk,
        "content": payload.content,
    }


def list_lines(by: InUse, of_demo: InUse | None, document: str, *, aloud: bool) -> list[str]:
    """Which list it was judged with, and what that is worth; how a paper of a demo is judged."""
    out = [] if aloud else [f"  {'judged with':<14}list {by.keys.version}, {by.file}"]
    if by.demo:
        out += [f"  {sentence}" for sentence in BY_A_DEMOS_LIST]
    if of_demo is not None:
        how = shlex.join(
            ["kiosk", "verify", "--trust", str(of_demo.file), "--root", str(of_demo.root), document]
        )
        out += [f"  {sentence}" for sentence in ISSUED_BY_A_DEMO] + [f"    {how}"]
    return out


def list_fields(by: InUse | None, of_demo: InUse | None) -> dict[str, object]:
    """The same for a program."""
    found: dict[str, object] = {}
    if by is not None:
        found["list"] = {"file": str(by.file), "version": by.keys.version, "demo": by.demo}
    if of_demo is not None:
        found["issued_by_demo"] = {"trust": str(of_demo.file), "root": str(of_demo.root)}
    return found


def _shown(payload: SealPayload, issuer_name: str) -> list[tuple[str, str]]:
    return [
        ("number", grouped(payload.number)),
        ("type", f"{payload.type_code} ({payload.template})"),
        ("subject", " ".join(payload.subject)),
        ("pages", str(payload.pages)),
        ("issuer", f"{issuer_name} {payload.issuer}".strip()),
        ("issued", f"{_time(payload.issued_at):%Y-%m-%d %H:%M:%S}"),
        ("check until", f"{_time(payload.expires_at):%Y-%m-%d %H:%M:%S}"),
        ("kiosk", payload.kiosk),
        ("content check", grouped(payload.content[:16])),
    ]


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(SEOUL)
