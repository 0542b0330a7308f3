"""What is heard: the sounds themselves, when they are repeated, and that they end with their screen."""

import io
import wave
from array import array
from collections.abc import Callable, Iterator

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QElapsedTimer
from PySide6.QtGui import QGuiApplication

from kiosk.protocol.screen import Chime, ScreenName, Snapshot
from tests.ui.samples import sample
from ui import own_words
from ui.sound.reminder import TIMES, Reminder
from ui.sound.tune import RATE_HZ, TONE_S, TONES, wav

WITHIN_MS = 5_000
HEARD = [chime for chime in Chime if chime is not Chime.NONE]


def until(condition: Callable[[], bool], what: str) -> None:
    """Let Qt go on until the condition holds."""
    clock = QElapsedTimer()
    clock.start()
    while not condition():
        assert clock.elapsed() < WITHIN_MS, f"waited in vain for {what}"
        QCoreApplication.processEvents()


# --- the sounds -------------------------------------------------------------------------------------------------------


def samples(file: bytes) -> "array[int]":
    with wave.open(io.BytesIO(file)) as found:
        assert (found.getnchannels(), found.getsampwidth(), found.getframerate()) == (1, 2, RATE_HZ)
        return array("h", found.readframes(found.getnframes()))


@pytest.mark.parametrize("chime", HEARD)
def test_each_chime_is_a_short_sound_that_begins_and_ends_without_a_click(chime: Chime) -> None:
    heard = samples(wav(chime, 60))
    assert len(heard) == len(TONES[chime]) * round(TONE_S * RATE_HZ)
    assert max(abs(heard[0]), abs(heard[-1])) < 50
    assert max(map(abs, heard)) > 5_000


def test_no_two_chimes_sound_alike() -> None:
    assert len({wav(chime, 60) for chime in HEARD}) == len(HEARD) == len(TONES)


@pytest.mark.parametrize("loudness", [1, 25, 60, 100])
def test_a_greater_number_is_louder_and_none_is_distorted(loudness: int) -> None:
    peak = max(map(abs, samples(wav(Chime.CHANGE, loudness))))
    assert peak <= 32_767
    assert peak >= max(map(abs, samples(wav(Chime.CHANGE, loudness - 1))))


# --- when they sound --------------------------------------------------------------------------------------------------


class Noting:
    """A speaker that only notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.sounding = False

    def play(self, chime: Chime) -> None:
        self.told.append(chime.value)
        self.sounding = True

    def hush(self) -> None:
        self.told.append("hush")
        self.sounding = False

    def close(self) -> None:
        self.told.append("close")
        self.sounding = False


@pytest.fixture
def speaker(qapp: QGuiApplication) -> Noting:
    return Noting()


@pytest.fixture
def reminder(speaker: Noting) -> Iterator[Reminder]:
    """Its pace is an hour: what sounds here sounds at once."""
    reminder = Reminder(speaker, every_ms=3_600_000)
    yield reminder
    reminder.close()


def shown(chime: Chime, screen: ScreenName = ScreenName.TAKE, seq: int = 1) -> Snapshot:
    return msgspec.structs.replace(sample("take", "ko"), chime=chime, screen=screen, seq=seq)


def test_it_sounds_as_soon_as_the_screen_asks(reminder: Reminder, speaker: Noting) -> None:
    reminder.follow(shown(Chime.PAPER))
    assert speaker.told == ["hush", "paper"]


def test_the_same_screen_with_a_second_less_does_not_begin_again(reminder: Reminder, speaker: Noting) -> None:
    for seq in range(1, 5):
        reminder.follow(shown(Chime.PAPER, seq=seq))
    assert speaker.told == ["hush", "paper"]


def test_it_falls_silent_with_its_screen(reminder: Reminder, speaker: Noting) -> None:
    reminder.follow(shown(Chime.PAPER))
    reminder.follow(shown(Chime.NONE, ScreenName.CHANGE, seq=2))
    assert speaker.told == ["hush", "paper", "hush"]
    assert reminder.at_rest


def test_what_becomes_urgent_begins_anew(reminder: Reminder, speaker: Noting) -> None:
    reminder.follow(shown(Chime.PAPER))
    reminder.follow(shown(Chime.PAPER_LATE, seq=2))
    assert speaker.told == ["hush", "paper", "hush", "paper-late"]


def test_a_card_that_is_still_in_on_the_next_screen_is_told_anew(reminder: Reminder, speaker: Noting) -> None:
    reminder.follow(shown(Chime.CARD, ScreenName.GOODBYE))
    reminder.follow(shown(Chime.CARD, ScreenName.ATTRACT, seq=2))
    assert speaker.told == ["hush", "card", "hush", "card"]


def test_without_core_nothing_sounds(reminder: Reminder, speaker: Noting) -> None:
    reminder.follow(shown(Chime.CARD))
    reminder.follow(own_words.waiting(shown(Chime.CARD).display, "", "", ""))
    assert speaker.told == ["hush", "card", "hush"]


def test_a_screen_that_asks_for_nothing_makes_no_sound_and_no_work(
    reminder: Reminder, speaker: Noting
) -> None:
    reminder.follow(shown(Chime.NONE))
    assert not speaker.sounding
    assert reminder.at_rest


def test_it_repeats_a_few_times_and_then_lets_it_be(speaker: Noting) -> None:
    reminder = Reminder(speaker, every_ms=1)
    reminder.follow(shown(Chime.CARD))
    assert not reminder.at_rest
    until(lambda: reminder.at_rest, "the end of the reminder")
    reminder.follow(shown(Chime.CARD, seq=2))
    assert speaker.told == ["hush", *["card"] * TIMES]
    assert reminder.at_rest
    reminder.close()


def test_at_the_programs_end_the_speaker_is_closed(speaker: Noting) -> None:
    reminder = Reminder(speaker)
    reminder.follow(shown(Chime.CARD))
    reminder.close()
    assert speaker.told == ["hush", "card", "close"]
    assert reminder.at_rest
