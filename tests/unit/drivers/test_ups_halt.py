"""Turning the machine off: real commands, followed to their end and no longer than the deadline."""

import sys
import time
from collections.abc import Sequence

import pytest

from drivers.contract import Completed, ErrorCode, Event, Halt, Outcome
from drivers.ups.bus import UpsBus


def ended(turn_off: Sequence[str], deadline_ms: int = 10_000) -> Completed:
    told: list[Event] = []
    bus = UpsBus("kiosk@127.0.0.1:1", lambda _event: None, turn_off=turn_off)
    bus.submit(Halt(request="h", deadline_ms=deadline_ms), lambda event, _handed: told.append(event))
    while not told:
        bus.tick(time.monotonic())
    bus.close()
    (end,) = told
    assert isinstance(end, Completed)
    return end


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_command_that_ends_well_is_done() -> None:
    assert ended(python("")).outcome is Outcome.DONE


def test_a_command_that_fails_did_not_turn_anything_off() -> None:
    end = ended(python("raise SystemExit(4)"))
    assert (end.outcome, end.detail) == (Outcome.NOT_DONE, "the halt command ended with 4")


@pytest.mark.parametrize("turn_off", [(), ("/nowhere/halt",)])
def test_without_a_command_nothing_is_done(turn_off: Sequence[str]) -> None:
    end = ended(turn_off)
    assert (end.outcome, end.code) == (Outcome.NOT_DONE, ErrorCode.REFUSED)


def test_a_command_that_does_not_end_is_unknown_for_it_may_still_turn_it_off() -> None:
    end = ended(python("import time; time.sleep(2)"), deadline_ms=200)
    assert (end.outcome, end.code) == (Outcome.UNKNOWN, ErrorCode.TIMEOUT)
