"""The whole program and the sound: what it plays, and that silence comes with the next screen and with its end."""

import os
import signal
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from kiosk.ipc.build import BUILD
from kiosk.protocol.frames import encode
from kiosk.protocol.hello import Hello
from kiosk.protocol.screen import Chime, Snapshot
from tests.ui.samples import sample
from tests.ui.test_program import DEADLINE_S, Running
from tests.ui.test_wire import snapshot

# Stands in for aplay and for whatever a desktop has: keeps what it plays, and plays on until it is stopped.
PLAYER = """#!/bin/sh
for file; do :; done
cp "$file" "{heard}/$$.wav.new" && mv "{heard}/$$.wav.new" "{heard}/$$.wav"
exec sleep 600
"""


class Ears:
    """The program with a player of ours before all others on its PATH, and what it played."""

    def __init__(self, folder: Path, more_settings: str) -> None:
        self.heard = folder / "heard"
        self.heard.mkdir()
        programs = folder / "bin"
        programs.mkdir()
        for name in ("aplay", "paplay", "pw-play"):
            (programs / name).write_text(PLAYER.format(heard=self.heard))
            (programs / name).chmod(0o755)
        self.running = Running(folder, more_settings, f"{programs}:{os.environ['PATH']}")

    def show(self, shown: Snapshot) -> None:
        """What core says."""
        self.running.core.send(encode(shown))
        assert self.running.ask(do="wait", screen=shown.screen.value, after=shown.seq - 1)["ok"]

    def played(self) -> list[Path]:
        return sorted(self.heard.glob("*.wav"))

    def playing(self) -> list[str]:
        """The players that are alive."""
        return [file.stem for file in self.played() if Path("/proc", file.stem).exists()]

    def until(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < end, f"waited in vain for {what}"
            time.sleep(0.005)


@contextmanager
def ears(more_settings: str = "") -> Iterator[Ears]:
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as folder:
        listening = Ears(Path(folder), more_settings)
        yield listening
        listening.running.close()


def asking(chime: Chime, seq: int) -> Snapshot:
    return msgspec.structs.replace(sample("take", "ko"), seq=seq, since=seq, chime=chime)


@pytest.fixture(scope="module")
def loud() -> Iterator[Ears]:
    with ears("[screen]\nloudness = 100") as listening:
        yield listening


def test_the_chime_is_played_with_its_screen_and_ends_with_it(loud: Ears) -> None:
    loud.show(asking(Chime.PAPER, 10))
    loud.until(lambda: len(loud.playing()) == 1, "the chime")
    with wave.open(str(loud.played()[-1])) as played:
        assert played.getnframes() > 0
    loud.show(snapshot(11))
    loud.until(lambda: not loud.playing(), "silence")


def test_when_core_goes_its_reminder_goes_too(loud: Ears) -> None:
    loud.show(asking(Chime.CARD, 20))
    loud.until(lambda: len(loud.playing()) == 1, "the chime")
    loud.running.core.hang_up()
    loud.until(lambda: not loud.playing(), "silence")
    loud.running.core.accept(Hello("core", BUILD))
    loud.running.core.hear()


def test_a_program_that_is_ended_takes_its_chime_along(loud: Ears) -> None:
    loud.show(asking(Chime.CARD, 30))
    loud.until(lambda: len(loud.playing()) == 1, "the chime")
    loud.running.process.send_signal(signal.SIGTERM)
    assert loud.running.process.wait(DEADLINE_S) == 0
    assert not loud.playing()
    assert loud.running.log() == ""


def test_a_machine_whose_sound_is_off_plays_nothing() -> None:
    with ears("[screen]\nsound = false") as silent:
        silent.show(asking(Chime.CARD, 10))
        silent.show(snapshot(11))
        silent.running.process.send_signal(signal.SIGTERM)
        assert silent.running.process.wait(DEADLINE_S) == 0
        assert silent.played() == []
