"""One desk machine and one visitor, and all places in which something of the visitor could be left."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.rig.canary import Find, Mark, Search
from tests.rig.desk import desk
from tests.rig.memory import may_look_into_hardened_ones, pieces
from tests.rig.scene import Scene
from tests.rig.traces import held_open, loose_files, lying_about, written
from tests.rig.visitor import PIN, Person, Visitor

PROGRAMS = {"ui", "core", "courier", "cash", "printer", "receipt", "card"}
NAME, NUMBER, ADDRESS, MASKED, PINS = "name", "number", "address", "masked name", "PIN"
MACHINES = "machines"


def marks(person: Person) -> tuple[Mark, ...]:
    """What must not be found. The number's front half is a date, which anything may hold: only the whole, and the back.

    Of the address the road and the house: the town is this machine's own.
    """
    front, _, back = person.number.partition("-")
    road = " ".join(word for word in person.address.split(" ")[2:4])
    return (
        Mark(NAME, (person.name,)),
        Mark(NUMBER, (person.number, front + back, back), number=True),
        Mark(ADDRESS, (road,)),
        Mark(MASKED, (person.masked_name,)),
        Mark(PINS, (PIN,), number=True),
        Mark(MACHINES, person.machines),
    )


class Remains:
    """The machine under `scene`, visited by one person with a card. `temporary`: where its programs put such files."""

    def __init__(self, scene: Scene, temporary: Path, before: frozenset[Path]) -> None:
        self.scene, self.rig = scene, scene.rig
        self.visitor = Visitor(scene.rig, "citizen-2")
        self._temporary, self._before = temporary, before
        self._hurried = False
        self._search = Search(marks(self.visitor.person))

    def programs(self) -> dict[str, int]:
        """The programs that outlive a visit. All of them have to be there to be looked into."""

        def there() -> dict[str, int] | None:
            found = self.rig.pids()
            return found if found.keys() == PROGRAMS else None

        return self.scene.until(there, "all programs")

    def serving(self) -> int | None:
        """The worker that knows the visitor. Raises Unreadable.

        Who may not look into workers gets the oldest: the others wait for their visits.
        """
        if not may_look_into_hardened_ones():
            return next(iter(self.rig.worker_pids()), None)
        knows = {NAME, NUMBER, ADDRESS}
        return next((pid for pid in self.rig.worker_pids() if self.known_to(pid) >= knows), None)

    def in_memory(self, pid: int, name: str) -> list[Find]:
        """What is found in one process. Raises Unreadable."""
        parts = pieces(pid, self._search.longest)
        return [find for what, data in parts for find in self._search.look(data, f"memory of {name}, {what}")]

    def known_to(self, pid: int) -> set[str]:
        """The marks that this process holds. Raises Unreadable."""
        return {find.mark for find in self.in_memory(pid, str(pid))}

    def left(self) -> list[Find]:
        """All that is found of the visitor. Raises Unreadable or OSError: then nothing is proved."""
        programs = self.programs()
        found = [find for name, pid in programs.items() for find in self.in_memory(pid, name)]
        files = [written(self.rig.run, self._temporary), lying_about(self._before)]
        for contents in (*files, *(held_open(pid) for pid in programs.values())):
            found += [find for place, data in contents for find in self._search.look(data, place)]
        return found

    def at_rest(self) -> None:
        """Until the screen invites the next one, and a worker serves and another waits."""
        if self._hurried:
            self._hurried = False
            self.new_core()
        self.visitor.take_card()
        self.scene.until(lambda: self.rig.shows("attract"), "the first screen")
        self.scene.until(lambda: len(self.rig.worker_pids()) == 2, "two workers")

    def gone(self, within_s: float) -> list[Find]:
        """What is still left of the visitor when it should be gone."""
        found: list[Find] = []

        def clean() -> bool:
            found[:] = self.left()
            return not found

        with suppress(AssertionError):
            self.scene.until(clean, "nothing", within_s)
        return found

    @contextmanager
    def hasty(self) -> Iterator[None]:
        """Meanwhile core waits for a person for seconds only; when it is to be at rest again, another one comes."""
        before = self.rig.recast("core", [sys.executable, "-m", "tests.rig.hasty_core", str(self.rig.run)])
        try:
            self.new_core()
            yield
        finally:
            self.rig.recast("core", before)
            self._hurried = True

    def new_core(self) -> None:
        """Kill core; until the next one shows the first screen."""
        old = self.rig.kill("core")
        self.scene.until(lambda: self.rig.pids().get("core", old) != old, "another core")
        self.at_rest()


def group_of(leader: int) -> list[int]:
    """A program and the children that it started, as far as they live. One that nobody has buried has no memory."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(ValueError, OSError):
            pid = int(entry.name)
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            if os.getpgid(pid) == leader and state not in "ZX":
                found.append(pid)
    return found


@contextmanager
def visited_desk() -> Iterator[Remains]:
    """A machine with a screen and a card reader, its programs' temporary files in a place of their own."""
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as temporary:
        usual, before = os.environ.get("TMPDIR"), loose_files()
        os.environ["TMPDIR"] = temporary
        try:
            with desk(ui=True, card_reader=True) as scene:
                scene.rig.wait_ready(60)
                yield Remains(scene, Path(temporary), before)
        finally:
            os.environ.pop("TMPDIR") if usual is None else os.environ.update(TMPDIR=usual)
