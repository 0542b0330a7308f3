"""Our typesetter beside WeasyPrint and ReportLab: the same document, each in a process of its own, started for it."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.bench.bar import Bar
from kiosk.bench.same_document import forms_with, in_words, our_job
from kiosk.worker.press import ENVIRONMENT
from kiosk.worker.read_back import page_texts, printed_forms
from kiosk.worker.render import RenderJob

ROUNDS = 3
PAGES = 2
RIVALS = Path(__file__).resolve().parent / "rivals"
OURS = Path(sys.executable)
THEIRS = Path(__file__).resolve().parents[2] / ".venv" / "rivals" / "bin" / "python"
GIVE_UP_S = 60
WEASYPRINT_PERCENT, REPORTLAB_PERCENT = 10.0, 50.0
# ReportLab embeds no font with PostScript outlines, as Noto's are, so all three get these.
GOTHIC, SERIF = "NanumGothic", "NanumMyeongjo"
_NANUM = Path("/usr/share/fonts/truetype/nanum")


def measure() -> list[Bar]:
    """The fastest of several turns each, taken in turn. Raises FileNotFoundError without the others or the fonts,
    ValueError when one of the three does not say the same.
    """
    for file, brings in ((THEIRS, "`make bench`"), (_NANUM, "apt-get install fonts-nanum")):
        if not file.exists():
            raise FileNotFoundError(f"{file.name} is not here; {brings} brings it")
    job = our_job()
    document = in_words(job)
    faces = {"Gothic": GOTHIC, "GothicBold": f"{GOTHIC}Bold", "Serif": SERIF, "SerifBold": f"{SERIF}Bold"}
    files = {name: str(_NANUM / f"{face}.ttf") for name, face in faces.items()}
    with tempfile.TemporaryDirectory() as folder:
        forms = str(forms_with(GOTHIC, SERIF, Path(folder)))
        html = msgspec.json.encode({**document, "gothic": GOTHIC, "serif": SERIF})
        flowables = msgspec.json.encode({**document, "stamp": document["stamp_png"], "files": files})
        setters = {
            "ours": lambda: _run(OURS, msgspec.json.encode(job), "our_page.py", forms),
            "WeasyPrint": lambda: _run(THEIRS, html, "html_page.py"),
            "ReportLab": lambda: _run(THEIRS, flowables, "platypus_page.py"),
        }
        seconds = _fastest(setters, job)
    return [
        _bar("WeasyPrint", seconds, WEASYPRINT_PERCENT),
        _bar("ReportLab", seconds, REPORTLAB_PERCENT),
    ]


def _fastest(setters: dict[str, Callable[[], bytes]], job: RenderJob) -> dict[str, float]:
    seconds: dict[str, list[float]] = {name: [] for name in setters}
    for _ in range(ROUNDS):
        for name, set_it in setters.items():
            start = time.perf_counter()
            pdf = set_it()
            seconds[name].append(time.perf_counter() - start)
            check_same(name, pdf, job)
    return {name: min(spent) for name, spent in seconds.items()}


def _run(python: Path, document: bytes, program: str, *arguments: str) -> bytes:
    """What a new process makes of a document. Raises ValueError with the end of what it says when it fails."""
    done = subprocess.run(
        [str(python), "-I", str(RIVALS / program), *arguments],
        input=document,
        capture_output=True,
        env=ENVIRONMENT,
        timeout=GIVE_UP_S,
        check=False,
    )
    if done.returncode != 0:
        raise ValueError(f"{program}: {done.stderr.decode('utf-8', 'replace').strip()[-200:]}")
    return done.stdout


def check_same(name: str, pdf: bytes, job: RenderJob) -> None:
    """Raises ValueError when a document lacks a value of the data, or has other pages."""
    texts = page_texts(pdf)
    if len(texts) != PAGES:
        raise ValueError(f"{name} set {len(texts)} pages instead of {PAGES}")
    said = _bare("".join(texts))
    printed = {field: value for field, value in job.data.items() if field != "options"}
    for forms in printed_forms(printed):
        if not any(_bare(form) in said for form in forms):
            raise ValueError(f"{name} lacks a value of the data")


def _bare(text: str) -> str:
    """Without white space and what a PDF reader makes of line ends: where lines break is each one's own affair."""
    return re.sub(r"[\s\ufffe\x00-]+", "", text)


def _bar(name: str, seconds: dict[str, float], limit: float) -> Bar:
    ours, theirs = seconds["ours"], seconds[name]
    detail = f"{ours * 1000:.0f} against {theirs * 1000:.0f} ms, {theirs / ours:.1f} times; {PAGES} pages, same fonts"
    return Bar(f"our share of {name}'s time, cold", 100 * ours / theirs, limit, "%", detail)
