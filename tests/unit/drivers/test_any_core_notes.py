"""Whatever core does (dies, resumes anew, books late), each note that is in the stacker is told to be booked once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import (
    BookNote,
    CashReading,
    Collect,
    Completed,
    Event,
    NoteHeld,
    NotePosition,
    NotesLost,
    NoteStacked,
    Resume,
    ReturnNote,
    StackNote,
)
from tests.unit.drivers.note_far_end import NOTES, NoteBench
from tests.unit.drivers.slow_core import SlowCore

# Mostly all goes its way: a note needs a second to be held, and another to get into the stacker.
ACTS = (*["note"] * 3, *["flow"] * 5, *["killed"] * 3, "deaf", "read", "send", "resume", "die", "driver")


class Core(SlowCore):
    """Stacks two of three notes that it hears of and returns the third; books one once, by its count."""

    def __init__(self) -> None:
        self.bench = NoteBench()
        super().__init__(self.bench)
        self.booked = NotePosition(str(self.bench.far.bill.memory.number("serial")), 0, 0)
        self.notes = self.held = 0
        self.comes_up()

    def resume(self) -> None:
        self.say(Resume, notes=self.booked, deadline_ms=8_000)

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

    def killed(self) -> None:
        """What is told in the last second of a core is told to nobody."""
        self.deaf()
        self.die()

    def flow(self) -> None:
        """A second in which everything arrives."""
        for _ in range(10):
            self.all_arrives()
            self.bench.pass_time(0.1)

    def hear(self, event: Event) -> None:
        match event:
            case Completed(result=CashReading()):  # resumed: take notes
                self.say(Collect, denominations=(100, 500), notes=NOTES)
            case NoteHeld(position=at):
                self.held += 1
                if self.held % 3:
                    self.say(StackNote, key=f"n{self.held}", held=at.events)
                else:
                    self.say(ReturnNote, held=at.events)
            case NoteStacked(position=at):
                self._book(at, 1)
            case NotesLost(position=at, count=count):
                self._book(at, count)
            case _:
                pass

    def _book(self, at: NotePosition, count: int) -> None:
        if (at.stacked or 0) > (self.booked.stacked or 0):
            self.notes += count
            self.booked = at
        self.say(BookNote, position=at)

    def at_rest(self) -> None:
        for _ in range(6):
            self.bench.pass_time(2.5)
            self.all_arrives()


@settings(max_examples=60)
@given(st.lists(st.sampled_from(ACTS), min_size=10, max_size=60))
def test_each_note_is_booked_once(acts: list[str]) -> None:
    core = Core()
    core.live(acts)
    assert core.notes == len(core.bench.in_the_stacker())
