"""Two machines of one municipality, each whole, at one central server: who is owed money here comes back there."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kiosk.desk.desk_machine import DeskMachine
from kiosk.desk.machine_folder import KIOSK_ID
from kiosk.desk.toml_text import Tables, over
from tests.rig import town
from tests.rig.scene import Scene

NEXT_DOOR = "YDP-0064"
_OF_A_MACHINE = ("issues", "orders", "alarms")


class OneOfTwo(DeskMachine):
    """A machine whose books are compared with its own part of central's."""

    kiosk = KIOSK_ID

    def __init__(self, run: Path, out: Path, others: Tables) -> None:
        named = over(others, {"kiosk_id": self.kiosk})
        super().__init__(run, out, screen=None, others=named, card_reader=True, direct_cards=True)

    def central_export(self) -> dict[str, Any]:
        """What central has of this machine."""
        return part_of(super().central_export(), self.kiosk)


class Neighbour(OneOfTwo):
    """The second machine: enrolled at the first one's central server, whose cards fit here too."""

    kiosk = NEXT_DOOR

    def __init__(self, first: DeskMachine, run: Path, out: Path, others: Tables) -> None:
        super().__init__(run, out, others)
        self._first = first

    def _start_central(self) -> None:
        home = str(self._first.run / "central")
        self._central("enrol", self.kiosk, "--data", home, "--out", str(self.run / "pki"))
        shutil.copytree(self._first.run / "sim" / "cards", self.run / "sim" / "cards")
        self.central_port, self.web_port = self._first.central_port, self._first.web_port

    def central_export(self) -> dict[str, Any]:
        """What central has of this machine."""
        return part_of(DeskMachine.central_export(self._first), self.kiosk)


def office(scene: Scene, *words: str) -> str:
    """What one of central's commands says, to a clerk of the first machine's server."""
    return scene.rig._central(*words, "--data", str(scene.rig.run / "central")).decode()


def part_of(export: dict[str, Any], kiosk: str) -> dict[str, Any]:
    """One machine's part of central's books."""
    rows = {name: [row for row in export[name] if row["kiosk"] == kiosk] for name in _OF_A_MACHINE}
    return {**export, **rows, "events_head": {kiosk: export["events_head"][kiosk]}}


@contextmanager
def street(others: Tables) -> Iterator[tuple[Scene, Scene]]:
    """Both machines up. `others`: what their settings have other than usual."""
    with (
        tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as here,
        tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as there,
        tempfile.TemporaryDirectory() as out,
    ):
        first = OneOfTwo(Path(here), Path(out) / "1", others)
        second = Neighbour(first, Path(there), Path(out) / "2", others)
        town.enrol(first.run, cards=True)
        try:
            first.start()
            second.start()
            yield Scene(first), Scene(second)
        finally:
            second.stop()
            first.stop()
