"""The speaker: what holds for every one of them, and what the system's programs really play."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from kiosk.protocol.screen import Chime
from tests.ui.test_chimes import Noting, samples, until
from ui.sound.player import Command
from ui.sound.speaker import NoSpeaker, Speaker, SystemSpeaker
from ui.sound.tune import wav

DEAF: Command = ("sh", "-c", "echo 'audio open error: No such device' >&2; exit 1")
NULL: Command = ("aplay", "-q", "-D", "null")
needs_aplay = pytest.mark.skipif(shutil.which("aplay") is None, reason="aplay is missing (alsa-utils)")


@pytest.fixture
def system(qapp: QGuiApplication) -> Iterator[Callable[..., SystemSpeaker]]:
    """Makes speakers; closes them afterwards."""
    made: list[SystemSpeaker] = []

    def make(*programs: Command) -> SystemSpeaker:
        made.append(SystemSpeaker(60, programs))
        return made[-1]

    yield make
    for speaker in made:
        speaker.close()


class LongPlayer:
    """A player that goes on for as long as nobody stops it, and leaves its process ids."""

    def __init__(self, folder: Path) -> None:
        self._pids = folder / "pids"
        self._pids.touch()
        self.command: Command = ("sh", "-c", f"echo $$ >> {self._pids}; exec sleep 600")

    def started(self) -> int:
        """How many of them there were."""
        return len(self._pids.read_text().split())

    def alive(self) -> int:
        """How many of them there are."""
        return sum(Path("/proc", pid).exists() for pid in self._pids.read_text().split())


@pytest.fixture
def long_player(tmp_path: Path) -> LongPlayer:
    return LongPlayer(tmp_path)


def open_files() -> list[str]:
    """Whatever this process holds open."""
    return [os.path.realpath(file) for file in Path("/proc/self/fd").iterdir()]


# --- the contract -----------------------------------------------------------------------------------------------------


@pytest.fixture(
    params=["noting", "long player", pytest.param("aplay", marks=needs_aplay)],
)
def any_speaker(
    request: pytest.FixtureRequest, system: Callable[..., SystemSpeaker], long_player: LongPlayer
) -> Speaker:
    made: dict[str, Callable[[], Speaker]] = {
        "noting": Noting,
        "long player": lambda: system(long_player.command),
        "aplay": lambda: system(NULL),
    }
    return made[request.param]()


def test_a_speaker_sounds_from_play_to_hush(any_speaker: Speaker) -> None:
    assert not any_speaker.sounding
    any_speaker.play(Chime.CARD)
    assert any_speaker.sounding
    any_speaker.hush()
    assert not any_speaker.sounding


def test_a_speaker_that_is_told_again_begins_again(any_speaker: Speaker) -> None:
    any_speaker.play(Chime.CARD)
    any_speaker.play(Chime.PAPER)
    assert any_speaker.sounding
    any_speaker.hush()
    assert not any_speaker.sounding


def test_hush_and_close_do_no_harm_in_silence(any_speaker: Speaker) -> None:
    any_speaker.hush()
    any_speaker.close()
    any_speaker.close()
    assert not any_speaker.sounding


def test_a_machine_without_sound_stays_silent() -> None:
    silent = NoSpeaker()
    silent.play(Chime.CARD)
    assert not silent.sounding
    silent.hush()
    silent.close()


# --- the programs -----------------------------------------------------------------------------------------------------


@needs_aplay
@pytest.mark.parametrize("chime", [chime for chime in Chime if chime is not Chime.NONE])
def test_the_samples_of_the_chime_reach_the_device(
    system: Callable[..., SystemSpeaker], tmp_path: Path, chime: Chime
) -> None:
    device = tmp_path / "device.raw"
    speaker = system(("aplay", "-q", "-D", f"file:FILE={device},FORMAT=raw"))
    speaker.play(chime)
    until(lambda: not speaker.sounding, "the end of the chime")
    played, sound = device.read_bytes(), samples(wav(chime, 60)).tobytes()
    assert played.startswith(sound)
    assert not any(played[len(sound) :]), "the device's last period is filled up with silence"


def test_no_program_is_left_after_hush(system: Callable[..., SystemSpeaker], long_player: LongPlayer) -> None:
    speaker = system(long_player.command)
    speaker.play(Chime.CARD)
    until(lambda: long_player.alive() == 1, "the program")
    speaker.hush()
    until(lambda: long_player.alive() == 0, "the program's end")


def test_two_chimes_never_sound_at_once(
    system: Callable[..., SystemSpeaker], long_player: LongPlayer
) -> None:
    speaker = system(long_player.command)
    for started in range(1, 4):
        speaker.play(Chime.CARD)
        until(lambda: long_player.started() == started, "the program")  # noqa: B023 (called at once)
    until(lambda: long_player.alive() == 1, "the end of all but the last")


def test_a_player_that_never_ends_is_told_once(
    system: Callable[..., SystemSpeaker], long_player: LongPlayer, caplog: pytest.LogCaptureFixture
) -> None:
    speaker = system(long_player.command)
    with caplog.at_level(logging.WARNING, "ui"):
        for _ in range(3):
            speaker.play(Chime.CARD)
    assert len(caplog.records) == 1
    assert "does not come to an end" in caplog.text


def test_a_player_is_forgotten_with_its_chime(system: Callable[..., SystemSpeaker]) -> None:
    speaker = system(("true",))
    speaker.play(Chime.CARD)
    until(lambda: not speaker.sounding, "the end of the chime")
    before = open_files()
    for _ in range(5):
        speaker.play(Chime.CARD)
        until(lambda: not speaker.sounding, "the end of the chime")
    assert open_files() == before
    assert not any(timer.isActive() for timer in speaker.findChildren(QTimer)), "nothing runs in silence"


def test_close_leaves_no_program_and_no_file(
    system: Callable[..., SystemSpeaker], long_player: LongPlayer
) -> None:
    speaker = system(long_player.command)
    speaker.play(Chime.CARD)
    until(lambda: long_player.alive() == 1, "the program")
    assert "/memfd:card (deleted)" in open_files()
    speaker.close()
    assert long_player.alive() == 0
    assert "/memfd:card (deleted)" not in open_files()


def test_the_next_program_plays_where_the_first_one_can_not(
    system: Callable[..., SystemSpeaker], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    heard = tmp_path / "heard.wav"
    copying: Command = ("sh", "-c", f"cp $0 {heard}")
    speaker = system(("no-such-program",), DEAF, copying)
    speaker.play(Chime.PAPER)
    until(lambda: not speaker.sounding, "the end of the chime")
    assert heard.read_bytes() == wav(Chime.PAPER, 60)
    assert not caplog.records


def test_without_a_device_it_is_silent_and_says_so_once(
    system: Callable[..., SystemSpeaker], caplog: pytest.LogCaptureFixture
) -> None:
    speaker = system(DEAF)
    with caplog.at_level(logging.WARNING, "ui"):
        for _ in range(3):
            speaker.play(Chime.CARD)
            until(lambda: not speaker.sounding, "the failure")
    assert [record.message for record in caplog.records] == [
        "no sound: audio open error: No such device; what is left behind is told by sight only"
    ]


def test_without_a_program_it_is_silent_and_says_which_are_wanted(
    system: Callable[..., SystemSpeaker], caplog: pytest.LogCaptureFixture
) -> None:
    speaker = system(("no-such-program",), ("nor-this-one",))
    with caplog.at_level(logging.WARNING, "ui"):
        speaker.play(Chime.CARD)
        speaker.play(Chime.CARD)
    assert not speaker.sounding
    assert len(caplog.records) == 1
    assert "none of no-such-program, nor-this-one is installed" in caplog.text


def test_a_device_that_came_back_and_went_again_is_told_again(
    system: Callable[..., SystemSpeaker], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    there = tmp_path / "device"
    speaker = system(("sh", "-c", f"test -e {there}"))
    with caplog.at_level(logging.WARNING, "ui"):
        for exists in (False, True, False):
            there.touch() if exists else there.unlink(missing_ok=True)
            speaker.play(Chime.CARD)
            until(lambda: not speaker.sounding, "the end")
    assert len(caplog.records) == 2
