"""The whole program as a process of its own, with a core on a real socket and the robot's hand on its buttons."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtGui import QImage

from kiosk.ipc.build import BUILD
from kiosk.protocol.frames import encode
from kiosk.protocol.hello import Hello
from kiosk.protocol.screen import FrameShown, Intent, SealedEntry, Secret
from kiosk.protocol.sealing import new_key, open_sealed
from tests.ui.samples import sample
from tests.ui.test_wire import Core, snapshot

DEADLINE_S = 20.0
SETTINGS = """
kiosk_id = "test"
site = "63 City"
machine = "1"
municipality = "Yeongdeungpo-gu"
help_phone = "02-000-0000"
central_url = "https://localhost"
[printer]
uri = "ipp://localhost/ipp/print"
"""


class Running:
    """The program, the core it talks to, and the robot."""

    def __init__(self, folder: Path, more_settings: str = "", path: str = os.environ["PATH"]) -> None:
        self.folder = folder
        (folder / "sock").mkdir()
        (folder / "kiosk.toml").write_text(SETTINGS + more_settings)
        self.core = Core(folder / "sock" / "ui.sock")
        self._core_path = folder / "sock" / "ui.sock"
        robot = folder / "sock" / "robot.sock"
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kiosk.programs.ui", "--run", folder, "--robot", robot],
                env=os.environ | {"QT_FORCE_STDERR_LOGGING": "1", "PATH": path},
                stdout=log,
                stderr=log,
            )
        self.core.accept(Hello("core", BUILD))
        self._robot = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._robot.settimeout(DEADLINE_S)
        self.core.hear()
        self.core.send(encode(snapshot(1)))
        # The robot's socket is there before the first frame.
        assert self.core.hear() == FrameShown(1)
        self._robot.connect(str(robot))
        self._lines = self._robot.makefile("rw", encoding="utf-8")

    def ask(self, **request: object) -> dict[str, Any]:
        return self.ask_line(json.dumps(request))

    def ask_line(self, line: str) -> dict[str, Any]:
        self._lines.write(line + "\n")
        self._lines.flush()
        answer: dict[str, Any] = json.loads(self._lines.readline())
        return answer

    def heard(self) -> Intent:
        while True:
            message = self.core.hear()
            if isinstance(message, Intent):
                return message

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    def close(self) -> None:
        self._lines.close()
        self._robot.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE_S)
        self.core.close()


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as folder:
        program = Running(Path(folder))
        yield program
        program.close()


def test_the_robot_sees_what_can_be_pressed_and_presses_it(running: Running) -> None:
    running.core.send(encode(snapshot(10)))
    assert running.ask(do="wait", screen="choose", after=9)["ok"]
    tree = running.ask(do="tree")
    land = next(each for each in tree["controls"] if each["control"] == "type:land")
    assert land["text"] == "토지대장"
    assert min(land["rect"][2:]) > 60
    assert running.ask(do="press", control="type:land") == {"ok": True, "seq": 10}
    assert running.heard() == Intent(10, "type:land")


def test_the_robot_turns_pages_to_find_a_control(running: Running) -> None:
    long = sample("dong", "ko", msgspec.structs.replace(sample("dong", "ko").display, text_scale=200))
    running.core.send(encode(msgspec.structs.replace(long, seq=11, since=11)))
    running.ask(do="wait", screen="options", after=10)
    assert running.ask(do="press", control="dong:33")["ok"]
    assert running.heard().control == "dong:33"
    assert running.ask(do="press", control="dong:0")["ok"]
    assert running.heard().control == "dong:0"


def test_the_robot_strikes_keys_and_takes_pictures_of_the_whole_panel(running: Running) -> None:
    running.core.send(encode(snapshot(12)))
    running.ask(do="wait", screen="choose", after=11)
    assert running.ask(do="key", key="Tab")["ok"]
    assert running.ask(do="key", key="Return")["ok"]
    assert running.heard().control == "type:land"
    file = running.folder / "pictures" / "choose.png"
    assert running.ask(do="grab", file=str(file))["ok"]
    picture = QImage(str(file))
    assert (picture.width(), picture.height()) == (1080, 1920)


def test_a_pin_typed_by_the_robot_is_dots_to_it_and_sealed_to_core(running: Running) -> None:
    private, key = new_key()
    asking = msgspec.structs.replace(
        sample("pin", "ko"), seq=13, since=13, secret=Secret("pin", key, b"this order", most=6)
    )
    running.core.send(encode(asking))
    running.ask(do="wait", screen="options", after=12)
    for digit in "730195":
        assert running.ask(do="press", control=f"pin:{digit}")["ok"]
    assert running.ask(do="tree")["fields"] == [{"field": "pin", "text": "●" * 6}]
    assert running.ask(do="press", control="next")["ok"]
    assert running.core.hear() == FrameShown(13)
    entry = running.core.hear()
    assert isinstance(entry, SealedEntry)
    assert open_sealed(private, entry.sealed, b"this order") == b"730195"
    assert running.ask(do="tree")["fields"] == [{"field": "pin", "text": ""}]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"do":"press","control":"nobody"}', "nothing to press called nobody"),
        ('{"do":"wait","screen":"pay","timeout_ms":50}', "not seen in time"),
        ('{"do":"key","key":"Any thing"}', "no key called"),
        ('{"do":"dance"}', "can't do"),
        ('{"do":"press"}', "not a request"),
        ("[]", "not a request"),
        ("nonsense", "not a request"),
    ],
)
def test_the_robot_says_what_is_wrong_with_a_request(running: Running, line: str, told: str) -> None:
    answer = running.ask_line(line)
    assert not answer["ok"]
    assert told in answer["error"]


def test_without_core_there_is_a_calm_screen_and_with_the_next_core_the_old_one(running: Running) -> None:
    running.core.hang_up()
    waiting = running.ask(do="wait", screen="out-of-service", timeout_ms=DEADLINE_S * 1000)
    assert waiting["title"] == "잠시만 기다려 주세요"
    assert running.ask(do="tree")["controls"] == []
    running.core.accept(Hello("core", BUILD))
    running.core.hear()
    running.core.send(encode(snapshot(1)))
    assert running.ask(do="wait", screen="choose")["ok"]


def test_on_sigterm_it_ends_at_once_without_a_word_of_complaint(running: Running) -> None:
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(DEADLINE_S) == 0
    assert running.log() == ""


def test_wrong_settings_are_told_in_a_sentence() -> None:
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as folder:
        (Path(folder) / "kiosk.toml").write_text(SETTINGS)
        done = subprocess.run(
            [sys.executable, "-m", "kiosk.programs.ui", "--run", folder, "--panel", "99-round"],
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
    assert done.returncode == 2
    assert "known panels" in done.stderr
