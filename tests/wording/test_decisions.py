"""The decisions are told in one style, are linked where they are named, and say the numbers that the code has."""

import re
from pathlib import Path

import pytest

from drivers.cash.life import ASK_AGAIN_S
from drivers.cctalk.patience import FULL_EVERY
from kiosk.bench.dead_neighbours import LIMIT_MS
from kiosk.health.start import START_MS
from kiosk.protocol.spoken import ALPHABET, SIZE
from tests.crash.test_late_buses import DELAYS_MS
from tests.unit.drivers.test_dead_neighbours import FOUND_WITHIN_S

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")), *DECISIONS]
OF_OURS = ("kiosk", "central", "drivers", "simulators", "ui", "tools")


def text(number: int) -> str:
    (page,) = (ROOT / "docs" / "decisions").glob(f"{number:04d}-*.md")
    return " ".join(page.read_text("utf-8").split())


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_title_is_the_number_of_the_file_and_a_sentence(page: Path) -> None:
    assert re.fullmatch(rf"# {page.name[:4]} · [A-Z].+[^.]", page.read_text("utf-8").splitlines()[0])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_decision_that_a_page_names_is_a_link_to_it(page: Path) -> None:
    body = " ".join(page.read_text("utf-8").partition("\n")[2].split())
    bare = re.sub(r"\[decision (\d{4})\]\((?:docs/)?(?:decisions/)?\1-[\w-]+\.md\)", "", body)
    assert re.findall(r"[Dd]ecision \d{4}|\(00\d\d\)", bare) == []
    for target in re.findall(r"\]\(([^)#:]+\.md)\)", body):
        assert (page.parent / target).is_file(), target


def test_every_number_that_the_code_names_is_a_decision() -> None:
    known = {page.name[:4] for page in DECISIONS}
    files = [file for room in OF_OURS for file in (ROOT / room).rglob("*.py")]
    named = {number for file in files for number in re.findall(r"decision (\d{4})", file.read_text("utf-8"))}
    assert named
    assert named <= known


def test_a_blanket_except_says_why_on_its_line() -> None:
    """Decision 0026. `BaseException` that is raised again after a clean-up, or handed on, catches nothing for good."""
    for room in OF_OURS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for line in file.read_text("utf-8").splitlines():
                if re.match(r"\s*except (\(.*\b)?Exception\b", line):
                    assert re.search(r":  # \S+ \S+ \S+", line), f"{file}: {line.strip()}"
    assert (ROOT / "kiosk" / "console" / "endings.py").read_text("utf-8").count("except Exception") == 1


def test_how_long_a_start_waits() -> None:
    assert f"for {START_MS // 1_000} s" in text(24)
    *in_time_ms, late_ms = DELAYS_MS
    assert max(in_time_ms) < START_MS
    assert f"by {in_time_ms[0]}, {in_time_ms[1] // 1_000} and {in_time_ms[2] // 1_000} s and by" in text(24)
    assert f"by {(late_ms - START_MS) // 1_000} s more than the start lasts" in text(24)


def test_how_soon_a_dead_device_is_found() -> None:
    first, second, third, then = ASK_AGAIN_S
    assert f"after {first:g}, {second:g} and {third:g} s, then every {then:g} s" in text(34)
    assert FOUND_WITHIN_S == 4.0
    assert "found within four seconds, a slower one" in text(34)
    assert ASK_AGAIN_S[-1] * FULL_EVERY < 40
    assert "never heard before within 40 s" in text(34)
    assert f"The bar is {LIMIT_MS:.0f} ms for 19 of 20 coins (p95)" in text(34)
    assert f"19 of 20 coins are credited within {LIMIT_MS:.0f} ms" in (ROOT / "CHANGELOG.md").read_text(
        "utf-8"
    )


def test_how_often_a_day_has_one_number_twice() -> None:
    orders = 400
    days = len(ALPHABET) ** SIZE / (orders * (orders - 1) / 2)
    assert round(days, -2) == 300
    assert f"of {orders} orders of a machine and day two share a number about once in 300 days" in text(37)
    code = (ROOT / "kiosk" / "protocol" / "spoken.py").read_text("utf-8")
    assert f"At {orders} orders a day two of one machine have the same number about once in 300 days" in code
