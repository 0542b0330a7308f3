"""The heavy targets of the Makefile run one at a time, and `make campaigns` runs the long ones."""

import re
import subprocess
from pathlib import Path

import pytest

from tools import campaigns

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
# What may run beside anything else. A new target is entered here, or in HEAVY (tools/campaigns.py).
LIGHT = {
    "help", "setup", "demo", "tour", "near", "check", "rooms", "pages", "format", "screens", "lock", "clean",
}  # fmt: skip


def recipes() -> dict[str, str]:
    return dict(re.findall(r"^([a-z-]+):.*##.*\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE))


def test_each_target_is_heavy_or_light() -> None:
    assert len(recipes()) > 20
    assert set(recipes()) == {*campaigns.HEAVY, *LIGHT}
    assert not LIGHT & {*campaigns.HEAVY}


@pytest.mark.parametrize("target", campaigns.HEAVY)
def test_a_heavy_target_takes_the_lock_with_all_that_it_does_but_its_set_up(target: str) -> None:
    lines = [row for row in recipes()[target].splitlines() if "tools/setup.sh" not in row]
    assert [row.count("$(ALONE)") for row in lines] == [1]
    shown = subprocess.run(
        ["make", "-n", "-o", "setup", target, "WAIT=0"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    python = "python3" if target == "test-bare" else ".venv/bin/python"
    assert f"{python} -m tools.alone --no-wait {target} -- " in shown


@pytest.mark.parametrize("target", sorted(LIGHT))
def test_a_light_target_runs_no_tests_and_takes_no_lock(target: str) -> None:
    assert not re.search(r"-m pytest|-m tests\.|\$\(ALONE\)", recipes()[target])


def test_the_campaigns_go_on_after_a_red_one_and_end_with_a_table(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Makefile").write_text("crash:\n\t@exit 1\nsoak:\n\t@echo soaked\n")
    assert campaigns.main(["crash", "soak"], ["make", "--no-print-directory", "-C", str(tmp_path)]) == 1
    shown = capfd.readouterr().out
    assert "soaked" in shown
    assert re.search(r"\n\ncrash +\d+ s  red\nsoak +\d+ s  ok\n$", shown)
    assert campaigns.main(["soak"], ["make", "--no-print-directory", "-C", str(tmp_path)]) == 0


def test_a_campaign_that_there_is_not_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert campaigns.main(["soak", "nap"]) == 2
    assert "there is no nap" in capfd.readouterr().err
