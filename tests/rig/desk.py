"""A whole machine on the desk for a test module: simulators, central and the five programs."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from kiosk.desk.desk_machine import HEADLESS_SCREEN, DeskMachine
from kiosk.desk.machine_folder import WITH_TERMINAL, WITH_UPS
from kiosk.desk.toml_text import Tables, over
from tests.rig import town
from tests.rig.scene import Scene

# A machine that waits no longer than a test has to.
HASTY: Tables = {"printer": {"take_s": 6, "stall_s": 3}, "evidence_s": 6}


@contextmanager
def desk(
    *,
    ui: bool = False,
    card_reader: bool = False,
    direct_cards: bool = False,
    terminal: bool = False,
    ups: bool = False,
    lacks: Sequence[str] = (),
    printer: str = "",
    settings: Tables = MappingProxyType({}),
) -> Iterator[Scene]:
    """Everything up; stopped and wiped afterwards. Without `ui` the test's own hand is the screen.

    `lacks`: what its devices lack; `printer`: a bought one in the place of ours. `settings`: what else stands in
    kiosk.toml (HASTY, …).
    """
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as run, tempfile.TemporaryDirectory() as out:
        screen = HEADLESS_SCREEN if ui else None
        rig = DeskMachine(
            Path(run),
            Path(out),
            screen=screen,
            others=over(WITH_TERMINAL if terminal else {}, WITH_UPS if ups else {}, settings),
            card_reader=card_reader,
            direct_cards=direct_cards,
        )
        rig.lacks, rig.printer = lacks, printer
        town.enrol(rig.run, cards=card_reader)
        rig.start()
        try:
            yield Scene(rig)
        finally:
            rig.stop()
