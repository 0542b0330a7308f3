"""The pictures show every screen there is, in every language."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.commands.screens import every_screen
from kiosk.protocol.screen import ScreenName
from kiosk.words.words import LANGUAGES


def test_every_screen_is_shown_in_every_language_under_a_name_of_its_own() -> None:
    shown = list(every_screen())
    names = [name for name, _ in shown]
    assert len(set(names)) == len(names)
    for lang in LANGUAGES:
        mine = [snapshot for name, snapshot in shown if name.startswith(f"{lang}/")]
        assert {snapshot.screen for snapshot in mine} == set(ScreenName)
        assert {snapshot.display.lang for snapshot in mine} == {lang}
        assert {snapshot.overlay.name for snapshot in mine if snapshot.overlay} == {
            "help",
            "language",
            "display",
            "more-time",
            "leave",
            "remove",
            "reason",
        }


@pytest.mark.parametrize("platform", ["", "xcb"], ids=["left open", "asked for"])
def test_pictures_need_no_display(tmp_path: Path, platform: str) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "kiosk.cli",
            "screens",
            "--only",
            "attract",
            "--lang",
            "ko",
            "--mode",
            "default",
            "--out",
            str(tmp_path / "out"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
        env={**os.environ, "DISPLAY": ":7531", "QT_QPA_PLATFORM": platform},
    )
    assert done.returncode == 0, done.stderr
    assert [file.name for file in tmp_path.glob("out/ko/*")] == ["attract.default.png"]
