"""Whatever core does (dies, resumes anew, books late), each note that is in the stacker is told to be booked once."""

from collections import deque
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import (
    BookNote,
    CashReading,
    Collect,
    Completed,
    NoteHeld,
    NotePosition,
    NotesLost,
    NoteStacked,
    Resume,
    ReturnNote,
    StackNote,
)
from tests.unit.drivers.note_far_end import NOTES, NoteBench

ACTS = (
    "note",
    "note",
    "note",
    *["flow"] * 8,
    "read",
    "send",
    "deaf",
    "deaf",
    "resume",
    "die",
    "die",
    "driver",
)


class Core:
    """Stacks each note that it hears of, and books it once by its count; its words are on the wire for a while."""

    def __init__(self) -> None:
        self.bench = NoteBench()
        self.booked: NotePosition | None = None
        self.notes = self.given = 0
        self._out: deque[partial[str]] = deque()
        self._read = 0
        self.comes_up()

    def comes_up(self) -> None:
        """A new process at a new connection: what was on the wire to or from the old one is gone."""
        self._out.clear()
        self._read = len(self.bench.told)
        self.resume()

    def resume(self) -> None:
        booked = self.booked or NotePosition(str(self.bench.far.bill.memory.number("serial")), 0, 0)
        self._out.append(partial(self.bench.start, Resume, notes=booked, deadline_ms=8_000))

    def die(self) -> None:
        assert self.bench.bus is not None
        self.bench.bus.core_gone()
        self.comes_up()

    def driver(self) -> None:
        """The devices process is killed, and another one comes."""
        self.bench.start_driver()
        self.comes_up()

    def note(self) -> None:
        self.bench.far.bill.insert(1_000, lambda _fate: None)

    def deaf(self) -> None:
        """A second in which core reads nothing."""
        while self.send():
            pass
        self.bench.pass_time(1.0)

    def flow(self) -> None:
        """A second in which everything arrives."""
        for _ in range(10):
            while self.send() or self.read():
                pass
            self.bench.pass_time(0.1)

    def send(self) -> bool:
        """The next command arrives."""
        if self._out:
            self._out.popleft()()
            return True
        return False

    def read(self) -> bool:
        """The next event arrives."""
        if self._read == len(self.bench.told):
            return False
        event = self.bench.told[self._read]
        self._read += 1
        match event:
            case Completed(result=CashReading()):  # resumed: take notes
                self._out.append(partial(self.bench.start, Collect, denominations=(100, 500), notes=NOTES))
            case NoteHeld(position=at):
                self.given += 1
                act = StackNote if self.given % 3 else ReturnNote
                key = {"key": f"n{self.given}"} if act is StackNote else {}
                self._out.append(partial(self.bench.start, act, held=at.events, **key))
            case NoteStacked(position=at):
                self._book(at, 1)
            case NotesLost(position=at, count=count):
                self._book(at, count)
            case _:
                pass
        return True

    def _book(self, at: NotePosition, count: int) -> None:
        known = self.booked.stacked if self.booked is not None else 0
        if (at.stacked or 0) > (known or 0):
            self.notes += count
            self.booked = at
        self._out.append(partial(self.bench.start, BookNote, position=at))

    def at_rest(self) -> None:
        """Until nothing is on the wire any more, and no note is on its way."""
        for _ in range(6):
            self.bench.pass_time(2.5)
            while self.send() or self.read():
                pass


@settings(max_examples=60)
@given(st.lists(st.sampled_from(ACTS), max_size=60))
def test_each_note_is_booked_once(acts: list[str]) -> None:
    core = Core()
    for act in acts:
        getattr(core, act)()
    core.at_rest()
    assert core.notes == len(core.bench.in_the_stacker())
