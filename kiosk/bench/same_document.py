"""A household's certificate of two pages, once as our job and once in words that any other library can set.

Six members, an address history of 25 rows, official seal, QR code, repeated table heads, number, n/N, guilloche and
microtext on each page; no void ground for anybody. Ours makes guilloche and QR code itself, the others get them ready.
Ours and WeasyPrint's are tagged PDF/A-2a; ReportLab has no such thing.
"""

import base64
import re
import shutil
from pathlib import Path
from typing import Any

import msgspec
import typst

from kiosk.worker.imprint import imprint
from kiosk.worker.marks import band_svg, qr_svg
from kiosk.worker.render import RenderJob
from kiosk.worker.templates import DEFAULT_ROOT, Template, load_templates
from kiosk.worker.typesetter import sample_job

TYPE = "resident-household"
MEMBERS, ADDRESSES = 6, 25
_RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\d+z")
_HANJA = re.compile("[\u3400-\u9fff]")
_LINE = re.compile(r'<path d="M([^"]+)"/>')
_STAMP_PPI = 600


def our_job() -> RenderJob:
    """The certificate for our typesetter."""
    template = load_templates(code=TYPE)[f"{TYPE}/1"]
    job = sample_job(template, _data())
    assert job.payload is not None
    return msgspec.structs.replace(job, payload=msgspec.structs.replace(job.payload, pages=2))


def forms_with(gothic: str, serif: str, folder: Path) -> Path:
    """Our form with other families, copied into `folder`."""
    root = folder / "forms"
    for name in ("_common", TYPE):
        shutil.copytree(DEFAULT_ROOT / name, root / name)
    common = root / "_common" / "서식.typ"
    text = common.read_text("utf-8")
    for old, new in (("Noto Sans CJK KR", gothic), ("Noto Serif CJK KR", serif)):
        if old not in text:
            raise ValueError(f"{common}: names no {old}")
        text = text.replace(old, new)
    common.write_text(text, "utf-8")
    return root


def _data() -> dict[str, Any]:
    """The long sample, cut and repeated, without Chinese characters: not every font of the others has them."""
    file = DEFAULT_ROOT / TYPE / "sample_long.json"
    data: dict[str, Any] = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    members = [
        {**member, "name": _HANJA.sub("", member["name"]), "name_hanja": ""}
        for member in data["members"][:MEMBERS]
    ]
    places = data["past_addresses"]
    history = [places[at % len(places)] for at in range(ADDRESSES)]
    return {**data, "members": members, "past_addresses": history, "cohabitants": []}


def in_words(job: RenderJob) -> dict[str, Any]:
    """The same document for a library that knows nothing of us."""
    template = load_templates(code=TYPE)[job.template]
    words, data, payload = template.words["ko"], job.data, job.payload
    assert payload is not None
    shown = imprint(payload)
    svg, _ = qr_svg(job.seal)
    stamp = template.stamps[data["office"]].encode()
    return {
        "title": f"{data['title']}{words['copy']}",
        "number": f"{words['number_label']} {shown.number}",
        "check": f"{words['digest_label']} {shown.check}",
        "tables": _tables(template, data, shown.time),
        "certifies": words["certifies"],
        "date": shown.date,
        "office": data["office"],
        "notices": [text.replace("{until}", shown.until) for text in words["notices"]],
        "stamp": _link("svg+xml", stamp),
        "stamp_png": _link("png", _drawn(stamp)),
        "band": _link("svg+xml", band_svg(job.seal).encode()),
        "band_lines": [_points(line) for line in _LINE.findall(band_svg(job.seal))],
        "micro": shown.micro,
        "qr": _link("svg+xml", svg.encode()),
        "qr_runs": [[int(number) for number in run] for run in _RUN.findall(svg)],
        "qr_modules": int(svg.partition('width="')[2].partition('"')[0]),
    }


def _tables(template: Template, data: dict[str, Any], time: str) -> list[dict[str, Any]]:
    words = template.words["ko"]
    facts = [
        [words["requester"], data["requester"], words["issued_time"], time],
        [
            words["head"],
            data["head"],
            words["formation"],
            f"{data['formation_reason']} {_day(data['formation_date'])}",
        ],
        [
            words["address"],
            data["address"],
            words["moved_in"],
            f"{_day(data['address_since'])} {data['address_reason']}",
        ],
    ]
    places = [[row["address"], _day(row["moved_in"]), row["reason"]] for row in data["past_addresses"]]
    members = [
        [
            row["no"],
            row["relation"],
            row["name"],
            row["resident_number"],
            _day(row["moved_in"]),
            row["reason"],
        ]
        for row in data["members"]
    ]
    moved = [words["moved_in"], words["reason"]]
    return [
        _table(data["title"], [24, None, 30, 46], [], facts),
        _table(words["past_addresses"]["all"], [None, 32, 30], [words["past_address"], *moved], places),
        _table(
            words["members"],
            [10, 26, None, 34, 32, 30],
            [words["no"], words["relation"], words["name"], words["resident_number"], *moved],
            members,
        ),
        _table(words["cohabitants"], [None], [], [[words["nothing"]]]),
    ]


def _points(line: str) -> list[list[float]]:
    return [[float(number) for number in point.split()] for point in line.split("L")]


def _table(name: str, widths: list[int | None], head: list[str], rows: list[list[str]]) -> dict[str, Any]:
    return {"name": name, "widths_mm": widths, "head": head, "rows": rows}


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{year}년 {month}월 {day}일"


def _drawn(svg: bytes) -> bytes:
    """A picture of a drawing, for a library that takes no drawings."""
    source: Any = {
        "main": b'#set page(width: 74pt, height: 74pt, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    }
    picture = typst.Compiler(source, font_paths=typst.Fonts(False, False, [])).compile(
        format="png", ppi=_STAMP_PPI, sys_inputs={"svg": svg.decode()}
    )
    assert isinstance(picture, bytes)
    return picture


def _link(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
