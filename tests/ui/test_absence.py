"""Why core is not there stands in the screen's log; on the screen it is a sentence for citizens."""

import logging

import pytest

from kiosk.protocol.screen import ScreenName, Snapshot
from ui.program import Absence

SNAPSHOT = Snapshot(1, 1, ScreenName.ATTRACT, "title")


def test_the_screen_says_in_its_log_once_why_core_is_not_there(caplog: pytest.LogCaptureFixture) -> None:
    shown: list[str] = []
    absence = Absence(lambda _snapshot: None, shown.append)
    with caplog.at_level(logging.INFO):
        for why in ("core closed the line", "[Errno 13] Permission denied", "[Errno 13] Permission denied"):
            absence.lost(why)
        absence.here(SNAPSHOT)
        for why in ("core closed the line", "[Errno 2] No such file or directory"):
            absence.lost(why)
    assert [record.getMessage() for record in caplog.records] == [
        "core is not there: [Errno 13] Permission denied",
        "core is not there: [Errno 2] No such file or directory",
    ]
    assert len(shown) == 5
