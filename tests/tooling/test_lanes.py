"""Tests in lanes end as those that run one by one, and whatever ends a lane is told as a red test."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rig.lanes.shares import TESTS, queue

ROOT = Path(__file__).resolve().parents[2]
Pytest = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def tree(tmp_path: Path) -> Callable[..., Path]:
    """Files of tests that are none of ours."""

    def make(**files: str) -> Path:
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
        for name, text in files.items():
            (tmp_path / f"test_{name}.py").write_text(text)
        return tmp_path

    return make


def command(*words: str) -> list[str]:
    plugins = ["-p", "tests.rig.lanes.plugin", "-p", "no:cacheprovider"]
    return [sys.executable, "-m", "pytest", *plugins, *words]


def environment(**more: str) -> dict[str, str]:
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "CHANGGU")) and k != "CI"}
    # Other plugins take longer to load than all these tests to run.
    return {**ours, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **more}


def run(place: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command(*words), cwd=place, env=environment(**more), capture_output=True, text=True, check=False
    )


MIXED = {
    "good": "import pytest\n\n@pytest.mark.parametrize('n', range(3))\ndef test_it(n): pass\n",
    "bad": "def test_sum(): assert 1 + 1 == 3\ndef test_after(): pass\n",
    "broken": "import nothing_like_that\n",
    "skips": "import pytest\n\ndef test_tool(): pytest.skip('no opensc-tool')\n",
    "fixture": "import pytest\n\n@pytest.fixture\ndef torn(): raise OSError('no')\n\ndef test_torn(torn): pass\n",
}


def counts(printed: str) -> set[str]:
    """Of the last line of pytest's own: `1 failed, 4 passed`."""
    [line] = [
        line for line in printed.splitlines() if line.startswith("=") and " in " in line and "s " in line
    ]
    return {part.strip(" =") for part in line.partition(" in ")[0].split(",")}


def test_they_end_as_one_by_one(tree: Callable[..., Path]) -> None:
    place = tree(**MIXED)
    alone, lanes = run(place, "--continue-on-collection-errors"), run(place, "--lanes", "2")
    assert counts(lanes.stdout) == counts(alone.stdout) == {"1 failed", "4 passed", "1 skipped", "2 errors"}
    assert lanes.returncode == alone.returncode == 1


def test_a_red_run_says_in_its_last_lines_which_test_why_and_how_to_run_it(tree: Callable[..., Path]) -> None:
    lines = run(tree(**MIXED), "--lanes", "2").stdout.splitlines()[-40:]
    place = lines.index("RED test_bad.py::test_sum")
    assert "assert (1 + 1) == 3" in lines[place + 1]
    assert lines[place + 2] == "    alone: make test LANES=0 ARGS='test_bad.py::test_sum'"


def test_a_red_example_says_how_it_comes_again(tree: Callable[..., Path]) -> None:
    text = (
        "from hypothesis import given, settings, strategies as st\n"
        "@settings(print_blob=True, database=None)\n@given(st.integers())\ndef test_small(n): assert n < 9\n"
    )
    lines = run(tree(any=text), "-p", "_hypothesis_pytestplugin", "--lanes", "1").stdout.splitlines()[-40:]
    place = lines.index("RED test_any.py::test_small")
    assert "@reproduce_failure(" in "".join(lines[place:])


@pytest.mark.skipif(os.geteuid() != 0, reason="another user may leave out what only root may do")
def test_what_is_left_out_is_red_in_continuous_integration(tree: Callable[..., Path]) -> None:
    place = tree(skips=MIXED["skips"])
    assert run(place, CI="true", CHANGGU_TEST_MAY_LACK="1").returncode == 0
    done = run(place, "--lanes", "1", CI="true")
    assert done.returncode == 1
    assert "left out where nothing may be left out: Skipped: no opensc-tool" in done.stdout.splitlines()[-2]


def test_a_process_that_dies_in_a_test_makes_that_test_red_and_the_others_are_run(
    tree: Callable[..., Path],
) -> None:
    dies = "import os\n\ndef test_before(): pass\ndef test_it(): os.kill(os.getpid(), 9)\ndef test_after(): pass\n"
    done = run(tree(dies=dies, good=MIXED["good"]), "--lanes", "2")
    assert counts(done.stdout) == {"1 failed", "4 passed"}
    assert "RED test_dies.py::test_it\n    the process of this test ended with signal 9" in done.stdout


def test_nothing_of_one_share_is_there_in_the_next(tree: Callable[..., Path]) -> None:
    text = "import os, sys\n\ndef test_it():\n    assert not hasattr(sys, 'left')\n    sys.left = True\n"
    done = run(tree(a=text, b=text, c=text), "--lanes", "2")
    assert counts(done.stdout) == {"3 passed"}


def test_a_file_in_parts_runs_each_of_its_tests_once(tree: Callable[..., Path]) -> None:
    text = (
        "import os, pytest\n\n@pytest.mark.parametrize('n', range(7))\n"
        "def test_it(n): os.close(os.open(f'seen-{n}', os.O_CREAT | os.O_EXCL))\n"
    )
    done = run(tree(a=text), "--lanes", "2", "--parts", "3")
    assert counts(done.stdout) == {"7 passed"}


def test_a_seed_is_an_order(tree: Callable[..., Path]) -> None:
    text = (
        "import pathlib, pytest\n\n@pytest.mark.parametrize('n', range(20))\n"
        "def test_it(n):\n    with open('order', 'a') as order: order.write(f'{n} ')\n"
    )
    place = tree(a=text)
    seen = []
    for seed in ("1", "1", "2"):
        assert counts(run(place, "--lanes", "1", "--shuffle", seed).stdout) == {"20 passed"}
        seen.append((place / "order").read_text())
        (place / "order").unlink()
    assert seen[0] == seen[1] != seen[2]


@pytest.mark.parametrize(
    ("words", "code"),
    [(("-k", "nobody"), 5), (("test_none.py",), 4), (("test_good.py::test_none",), 4), (("-x",), 1)],
    ids=["none chosen", "no such file", "no such test", "the first red one"],
)
def test_it_ends_with_the_code_that_pytest_ends_with(
    tree: Callable[..., Path], words: tuple[str, ...], code: int
) -> None:
    place = tree(bad=MIXED["bad"], good=MIXED["good"])
    assert (run(place, *words).returncode, run(place, *words, "--lanes", "2").returncode) == (code, code)


WAITS = (
    "import os, pathlib, pytest, time\n\n@pytest.fixture(scope='session')\ndef held():\n"
    "    pathlib.Path('begun').touch()\n    yield\n    pathlib.Path('ended').touch()\n\n"
    "def test_it(held):\n    os.write(os.open('wire', os.O_WRONLY), b'%d' % os.getpid())\n    time.sleep(60)\n"
)


def started(place: Path) -> tuple["subprocess.Popen[bytes]", int]:
    """A run whose only test waits, and the process of its lane."""
    os.mkfifo(place / "wire")
    child = subprocess.Popen(
        command("--lanes", "1"),
        cwd=place,
        env=environment(),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    with (place / "wire").open("rb", buffering=0) as wire:
        return child, int(wire.read(16))


def test_a_ctrl_c_lets_the_fixtures_end_what_they_have_begun(tree: Callable[..., Path]) -> None:
    place = tree(waits=WAITS)
    child, _ = started(place)
    child.send_signal(signal.SIGINT)
    assert child.wait(30) == 2
    assert (place / "ended").exists()


def test_lanes_end_with_the_first_process(tree: Callable[..., Path]) -> None:
    child, lane = started(tree(waits=WAITS))
    over = os.pidfd_open(lane)  # it is no child of ours
    try:
        child.kill()
        child.wait()
        assert select.select([over], [], [], 30)[0]
    finally:
        os.close(over)


def test_each_file_of_the_tests_is_in_one_share_and_as_many_compute_as_there_are_cores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    left = queue(["tests"], ROOT, passed_over=["wording"])
    files = [file for share in (*left.waiting, *left.computing) for file in share.arguments]
    there = [str(file) for file in TESTS.rglob("test_*.py") if file.parent != TESTS / "wording"]
    assert sorted(files) == sorted(there)
    taken = [left.take(5) for _ in range(5)]
    assert [share.waits for share in taken if share] == [False, False, True, True, True]


def test_single_tests_of_a_file_are_one_share() -> None:
    left = queue(["tests/e2e/test_notes.py::test_a", "tests/e2e/test_notes.py::test_b"], ROOT)
    [share] = left.waiting
    assert [Path(argument).name for argument in share.arguments] == [
        "test_notes.py::test_a",
        "test_notes.py::test_b",
    ]
