"""Where somebody looks, the screen says that the machine is getting ready before anything else of it is there."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.desk.desk_machine import DeskMachine
from kiosk.desk.machine_folder import WITH_TERMINAL, WITH_UPS
from kiosk.desk.toml_text import over
from ui.own_words import in_language


@pytest.fixture
def rig() -> Iterator[DeskMachine]:
    run = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    # A display as far as the rig knows; the platform of the tests draws it into memory.
    rig = DeskMachine(run, run / "paper", screen={}, others=over(WITH_UPS, WITH_TERMINAL))
    yield rig
    rig.stop()
    shutil.rmtree(run)


def test_the_screen_is_the_first_thing_that_is_brought_up(rig: DeskMachine) -> None:
    what, bring_up = rig.parts()[0]
    assert what == "the screen"
    bring_up()
    rig.until(lambda: rig.shows("out-of-service"), 40.0, "the screen")
    assert set(rig.pids()) == {"ui"}
    assert not (rig.run / "central" / "ready.json").exists()
    assert rig.robot(do="tree")["title"] == in_language("ko").waiting
