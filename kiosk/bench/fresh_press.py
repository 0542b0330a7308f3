"""A document from a process that starts with it, from nothing to PDF; and a register of 30 pages."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from kiosk.bench.bar import Bar, percentile
from kiosk.worker.press import Press
from kiosk.worker.read_back import sheets_of
from kiosk.worker.render import RenderJob
from kiosk.worker.templates import DEFAULT_ROOT, load_templates
from kiosk.worker.typesetter import sample_job

ROUNDS = 11
FRESH_MS = 250.0
LONG_PAGES = 30
LONG_S, LONG_MB = 2.0, 300.0
TYPE = "land"


def measure() -> list[Bar]:
    """The usual page, then one of the sheets that nobody wants to wait for."""
    with _press() as press:
        job = sample_job(_form())
        spent = [_fresh_s(press, job) * 1000 for _ in range(ROUNDS)]
        return [
            Bar(
                "a document from a fresh process, median",
                percentile(spent, 0.5),
                FRESH_MS,
                "ms",
                f"{ROUNDS} times, {min(spent):.0f} to {max(spent):.0f}; sandboxed, with all hanja",
            ),
            *_register(press),
        ]


def _register(press: Press) -> list[Bar]:
    press.close()
    job = sample_job(_form(), _register_of(LONG_PAGES, press))
    press.close()
    start = time.perf_counter()
    pdf = press.render(job)
    seconds = time.perf_counter() - start
    assert press.pid is not None
    detail = f"{sheets_of(pdf)} pages, {len(pdf) / 1000:.0f} kB, fresh process"
    what = f"a register of {LONG_PAGES} pages"
    return [
        Bar(what, seconds, LONG_S, "s", detail),
        Bar(
            f"{what}, most memory", _peak_mb(press.pid), LONG_MB, "MB", "peak RSS of the process that set it"
        ),
    ]


@contextmanager
def _press() -> Iterator[Press]:
    press = Press()
    try:
        press.ready()
        yield press
    finally:
        press.close()


def _form() -> Any:
    return next(template for template in load_templates().values() if template.code == TYPE)


def _fresh_s(press: Press, job: RenderJob) -> float:
    press.close()
    start = time.perf_counter()
    press.render(job)
    return time.perf_counter() - start


def _register_of(pages: int, press: Press) -> dict[str, Any]:
    """The long sample with its histories repeated until it fills `pages`. Raises ValueError: it never does."""
    long = msgspec.json.decode((DEFAULT_ROOT / TYPE / "sample_long.json").read_bytes(), type=dict[str, Any])
    lists = ("land", "owners")
    for times in range(pages // 2, pages * 4):
        data = {**long, **{name: long[name] * times for name in lists}}
        if sheets_of(press.render(sample_job(_form(), data))) >= pages:
            return data
    raise ValueError(f"no register of {pages} pages could be made of {TYPE}'s long sample")


def _peak_mb(pid: int) -> float:
    """The most resident memory that a process ever had, in MB (10^6 bytes)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ProcessLookupError(f"process {pid} has no memory")
