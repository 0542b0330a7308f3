"""`make steady` tells which test was red how often, and a round that did not come to its end is not green."""

import os
import signal
from pathlib import Path

from tools import steady

GREEN = steady.Round(1, 10.0, 3, {}, 0)
RED = steady.Round(2, 10.0, 3, {"tests.e2e.test_x::test_it": "assert 1 == 2"}, 1)


def test_what_failed_is_named_with_its_rounds() -> None:
    assert steady.summary([GREEN, RED, steady.Round(3, 10.0, 3, RED.red, 1)]) == [
        "2 of 3: tests.e2e.test_x::test_it (seeds 2, 3)\n    assert 1 == 2",
        "steady: 1 of 3 green, 30 s",
    ]


def test_a_round_without_tests_or_without_an_end_is_not_green() -> None:
    assert GREEN.green
    assert not RED.green
    assert not steady.Round(1, 1.0, 0, {}, 0).green
    assert not steady.Round(1, 1.0, 3, {}, 2).green


def test_a_report_tells_the_red_ones(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        "<testsuites><testsuite><testcase classname='a' name='good'/>"
        "<testcase classname='a' name='bad'><failure message='assert 1&#10; == 2'/></testcase>"
        "</testsuite></testsuites>"
    )
    assert steady.told(report) == (2, {"a::bad": "assert 1 == 2"})


def test_each_core_is_busy_until_the_end() -> None:
    with steady.busy() as loops:
        assert len(loops) == os.cpu_count()
        assert [loop.poll() for loop in loops] == [None] * len(loops)
    assert [loop.poll() for loop in loops] == [-signal.SIGKILL] * len(loops)
