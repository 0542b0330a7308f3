"""A long command moves on a terminal, says a plain line now and then elsewhere, and leaves stdout to its results."""

import io
import threading
from functools import partial

import pytest
from rich.console import Console

import kiosk.console.progress
from kiosk.console.progress import FIRST_LINE_S, LINE_EVERY_S, Progress, progress
from kiosk.desk.autopilot import Timeline


class Written(io.StringIO):
    """Text that is waited for instead of slept for."""

    def __init__(self) -> None:
        super().__init__()
        self._came = threading.Condition()

    def write(self, text: str) -> int:
        with self._came:
            size = super().write(text)
            self._came.notify_all()
        return size

    def wait_for(self, text: str, times: int = 1) -> bool:
        with self._came:
            return self._came.wait_for(lambda: self.getvalue().count(text) >= times, timeout=20)


def test_on_a_terminal_it_says_what_how_many_of_how_many_and_moves_while_a_part_takes_long() -> None:
    out = Written()
    with progress("pictures", 3, console=Console(file=out, force_terminal=True, width=120)) as work:
        work.step("ko/pay")
        assert out.wait_for("ko/pay")
        assert out.wait_for("1/3", times=5)  # nobody told it anything meanwhile
        assert "0:00:0" in out.getvalue()


def test_a_part_with_a_long_name_stays_on_one_line() -> None:
    out = Written()
    with progress("pictures", 3, console=Console(file=out, force_terminal=True, width=80)) as work:
        work.step("여의도동/" * 60)
        assert out.wait_for("…")
    assert out.getvalue().count("\n") == 1  # behind the last picture of it, to take it away


def test_elsewhere_it_is_a_plain_line_now_and_then() -> None:
    out = Written()
    with progress("pictures", 3, console=Console(file=out, width=40), line_every_s=0.01) as work:
        work.step("ko/pay, a name that is longer than this pipe is wide")
        assert out.wait_for("pictures: 1 of 3, ko/pay, a name that is longer than this pipe is wide (", 2)
    assert "\x1b" not in out.getvalue()
    assert "\r" not in out.getvalue()


def test_in_a_log_nobody_waits_long_for_the_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk.console.progress, "FIRST_LINE_S", 0.01)
    out = Written()
    with progress("pictures", 3, console=Console(file=out), line_every_s=3_600.0) as work:
        work.say("ko/pay")
        assert out.wait_for("pictures: 0 of 3")  # its part, too, if that was said in the first 10 ms
    assert out.getvalue().count("\n") == 1
    assert FIRST_LINE_S < 2


def test_a_short_command_says_nothing_where_nothing_moves() -> None:
    out = Written()
    with progress("pictures", 3, console=Console(file=out)) as work:
        work.step()
    assert out.getvalue() == ""


def test_results_go_where_they_were_sent(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("pictures", console=Console(file=io.StringIO(), force_terminal=True)) as work:
        work.say("one")
        print("a result")
    assert capsys.readouterr().out == "a result\n"


def test_work_whose_parts_nobody_has_counted_is_told_by_what_is_in_hand() -> None:
    told: list[None] = []
    work = Progress("bundle", None, lambda: told.append(None))
    work.say("looking")
    assert work.line().startswith("bundle: looking (")
    assert len(told) == 1


def test_work_of_which_nothing_is_said_is_told_by_its_name() -> None:
    assert Progress("tell central", None, lambda: None).line().startswith("tell central (")


def test_in_a_log_the_story_of_a_demo_is_its_result_and_what_moves_is_told_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story, beside = io.StringIO(), Written()
    monkeypatch.setattr("sys.stderr", beside)
    monkeypatch.setattr("kiosk.desk.autopilot.progress", partial(progress, line_every_s=0.01))
    timeline = Timeline(Console(file=story, width=100))
    with timeline.step("stop"):
        timeline.say("machine", "stops")
        assert beside.wait_for("stop (")
    assert story.getvalue().endswith("machine   stops\n")
    assert story.getvalue().count("\n") == 1


def test_a_log_has_a_line_each_ten_seconds() -> None:
    assert LINE_EVERY_S == 10
