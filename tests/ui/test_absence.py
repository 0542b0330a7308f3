"""Why core is not there stands in the screen's log; on the screen it is a sentence for citizens."""

import logging

import pytest

from ui.program import Absence


def test_the_screen_says_in_its_log_once_why_core_is_not_there(caplog: pytest.LogCaptureFixture) -> None:
    shown: list[str] = []
    absence = Absence(shown.append)
    with caplog.at_level(logging.INFO):
        for why in ("[Errno 13] Permission denied", "[Errno 13] Permission denied", "core closed the line"):
            absence.lost(why)
    assert [record.getMessage() for record in caplog.records] == [
        "core is not there: [Errno 13] Permission denied",
        "core is not there: core closed the line",
    ]
    assert len(shown) == 3
