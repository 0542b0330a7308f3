"""On line, on battery, low, silent: what the machine may do then, and when it turns itself off."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import PowerReading, Supply
from kiosk.health.power import (
    FAILING,
    HALTING,
    PowerPolicy,
    Watch,
    ailments,
    failing,
    halt_due,
    heard,
    left_ms,
    passed,
)

POLICY = PowerPolicy()
LINE, BATTERY, LOW = (PowerReading(supply) for supply in (Supply.LINE, Supply.BATTERY, Supply.LOW))
SILENT = PowerReading()


class Story:
    """A supply in time: seconds pass between what is heard."""

    def __init__(self) -> None:
        self.now_ms = 1_000_000
        self.watch = Watch()

    def hear(self, *readings: PowerReading, every_s: float = 0) -> "Story":
        for reading in readings:
            self.watch = heard(self.watch, reading, self.now_ms)
            self.wait(every_s)
        return self

    def wait(self, seconds: float) -> "Story":
        for _ in range(int(seconds * 4)):
            self.now_ms += 250
            self.watch = passed(self.watch, POLICY, self.now_ms)
        return self

    @property
    def failing(self) -> bool:
        return failing(self.watch, POLICY, self.now_ms)

    def halts(self, *, serving: bool = False, quiet_s: float | None = 1) -> bool:
        since = None if quiet_s is None else self.now_ms - int(quiet_s * 1_000)
        return halt_due(self.watch, POLICY, self.now_ms, serving=serving, quiet_since_ms=since)


def test_a_cut_of_some_seconds_is_nobodys_business() -> None:
    story = Story().hear(LINE).wait(10).hear(BATTERY).wait(9)
    assert not story.failing
    assert not story.hear(LINE).wait(30).failing


def test_a_machine_that_starts_on_battery_sells_nothing_before_the_mains_were_there() -> None:
    story = Story().hear(BATTERY)
    assert story.failing
    assert story.hear(LINE).wait(4).failing
    assert not story.wait(2).failing
    assert not story.hear(BATTERY).wait(9).failing


def test_on_battery_for_longer_everything_comes_to_an_end() -> None:
    assert Story().hear(LINE, BATTERY).wait(10).failing


def test_a_low_battery_needs_no_patience() -> None:
    assert Story().hear(LINE, LOW).failing


def test_the_mains_are_believed_when_they_are_steady() -> None:
    story = Story().hear(BATTERY).wait(20).hear(LINE)
    assert story.wait(4).failing
    assert not story.wait(1).failing


def test_mains_that_come_and_go_each_second_are_no_mains() -> None:
    story = Story().hear(LINE).wait(5)
    story.hear(*[BATTERY, LINE] * 6, every_s=1)
    assert story.failing
    assert story.hear(*[BATTERY, LINE] * 30, every_s=1).failing


def test_mains_that_come_and_go_do_not_turn_the_machine_off() -> None:
    story = Story().hear(*[LINE, BATTERY] * 200, every_s=1)
    assert story.failing
    assert not story.halts()


def test_a_server_that_is_away_for_a_moment_does_not_begin_the_wait_anew() -> None:
    assert Story().hear(BATTERY).wait(100).hear(SILENT).wait(10).hear(BATTERY).wait(10).halts()


def test_a_battery_that_is_low_now_and_then_is_low() -> None:
    assert Story().hear(*[BATTERY, LOW] * 2, every_s=0.25).hear(BATTERY).failing


def test_without_any_word_the_machine_sells_and_says_that_the_ups_is_silent() -> None:
    story = Story().wait(60)
    assert not story.failing
    assert [a.reason for a in ailments(story.watch, POLICY, story.now_ms, halting=False)] == ["silent"]


def test_a_ups_that_falls_silent_on_battery_holds_for_a_time_and_never_turns_the_machine_off() -> None:
    story = Story().hear(BATTERY).wait(20).hear(SILENT)
    assert story.failing
    assert not story.halts()
    assert story.wait(119).failing
    assert not story.halts()
    assert not story.wait(1).failing


def test_a_silent_ups_is_never_on_line() -> None:
    story = Story().hear(BATTERY).wait(20).hear(SILENT).wait(10)
    assert story.failing


def test_on_battery_for_long_with_nobody_there_it_turns_itself_off() -> None:
    story = Story().hear(BATTERY).wait(119)
    assert not story.halts()
    assert story.wait(1).halts()
    assert not story.halts(serving=True)
    assert not story.halts(quiet_s=None)


def test_with_a_low_battery_it_waits_for_the_order_then_for_the_eyes_and_for_nothing_in_the_end() -> None:
    story = Story().hear(LOW)
    assert story.halts()
    assert not story.halts(serving=True)
    assert not story.halts(serving=True, quiet_s=None)
    story.wait(POLICY.farewell_ms / 1_000)
    assert story.halts(serving=True, quiet_s=30)
    assert not story.halts(serving=True, quiet_s=5)
    story.wait(POLICY.low_ms / 1_000)
    assert story.halts(serving=True, quiet_s=None)


def test_when_the_mains_come_back_it_does_not_turn_itself_off() -> None:
    assert not Story().hear(LOW).wait(80).hear(LINE).halts()


@pytest.mark.parametrize(
    ("reading", "left"),
    [
        (LINE, None),
        (BATTERY, None),
        (LOW, 0),
        (PowerReading(Supply.BATTERY, 50, 300), 300_000),
        (PowerReading(Supply.LOW, 5, 100), 100_000),
    ],
)
def test_how_long_it_lasts_is_the_batterys_own_word(reading: PowerReading, left: int | None) -> None:
    assert left_ms(Story().hear(reading).watch) == left


def test_what_was_said_before_the_silence_is_no_word_on_how_long_it_lasts() -> None:
    assert left_ms(Story().hear(PowerReading(Supply.LOW, 5, 100), SILENT).watch) == 0


def test_what_ails_the_machine_is_its_supply_or_only_the_ups() -> None:
    def of(story: Story, *, halting: bool = False) -> object:
        return ailments(story.watch, POLICY, story.now_ms, halting=halting)

    assert of(Story().hear(LINE)) == ()
    assert [(a.device, a.reason) for a in of(Story().hear(LINE, BATTERY))] == [("ups", "on-battery")]  # type: ignore[attr-defined]
    assert of(Story().hear(LOW)) == (FAILING,)
    assert of(Story().hear(LOW), halting=True) == (HALTING,)


@given(st.lists(st.tuples(st.sampled_from([LINE, BATTERY, LOW, SILENT]), st.integers(0, 40)), max_size=30))
def test_only_a_word_of_the_ups_turns_the_machine_off(said: Iterable[tuple[PowerReading, int]]) -> None:
    story = Story()
    for reading, quarters in said:
        story.hear(reading).wait(quarters / 4)
        if story.halts():
            assert story.watch.supply in (Supply.BATTERY, Supply.LOW)
            assert story.failing or story.watch.low_ms is None
