"""Many small jobs taking turns on one thread: the loop under every bus, with the clock handed in.

A job is a generator (`Work`). It yields a number of seconds to pause, or an `Exchange`: one request on one wire and the
wait for its answer. Exchanges on the same wire wait for each other; nothing here ever blocks, so a coin poll goes on
while a payout is followed, and a test runs hours of a bus in no time.
"""

from collections import deque
from collections.abc import Generator
from typing import Protocol, TypeVar

from drivers.contract import DeviceError, ErrorCode, Outcome

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class DeadlinePassed(DeviceError):
    """The command's time is over; raised inside its work."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.TIMEOUT, "deadline passed", outcome=Outcome.UNKNOWN)


class Exchange(Protocol[T_co]):
    """One request on a wire and the wait for its answer. `wire` is what must not be shared meanwhile."""

    @property
    def wire(self) -> object:
        """The wire it needs for itself."""

    def begin(self, now: float) -> None:
        """The wire is free: send."""

    def step(self, now: float) -> float | None:
        """Do what can be done without waiting. When to look again (monotonic s), or None when it is over."""

    def interest(self) -> tuple[int, int] | None:
        """A file descriptor and the poll(2) events that should wake the loop early, if any."""

    def result(self) -> T_co:
        """The answer. Raises DeviceError."""

    def abandon(self) -> None:
        """Over, and nobody will ask for the result: give back what it holds."""


class Urgent:
    """Mixed into an exchange that goes before others that wait for its wire, though not twice in a row."""


Step = float | Exchange[object]
Task = Generator[Step, None, T]


class _Job:
    """A running piece of work: asleep until `wake`, or waiting for `exchange`."""

    def __init__(self, work: Task[None]) -> None:
        self.work = work
        self.wake = float("-inf")
        self.exchange: Exchange[object] | None = None


class _Wire:
    """The jobs that want one wire, first come first served; an urgent one goes first, but not twice in a row."""

    def __init__(self, wire: object) -> None:
        self.wire = wire
        self.queue: deque[_Job] = deque()
        self.begun = False
        self.due = float("-inf")
        self._hurried = False

    def choose(self) -> None:
        """Bring the job whose turn it is to the head of the queue; the wire is free."""
        # Whoever asks again the moment it has been answered must not keep the wire for itself.
        wanted = not self._hurried
        chosen = next((job for job in self.queue if _urgent(job) is wanted), self.queue[0])
        self._hurried = _urgent(chosen)
        self.queue.remove(chosen)
        self.queue.appendleft(chosen)


def _urgent(job: _Job) -> bool:
    return isinstance(job.exchange, Urgent)


class Scheduler:
    """All jobs of one bus. `now` is the time of the present tick (monotonic s)."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self._jobs: list[_Job] = []
        self._wires: list[_Wire] = []

    def start(self, work: Task[None]) -> None:
        """Let `work` take part from the next tick on. An exception that leaves it ends the bus: it is a bug."""
        self._jobs.append(_Job(work))

    def tick(self, now: float) -> float:
        """Advance all that can be advanced. When to tick again (monotonic s)."""
        self.now = now
        moving = True
        while moving:
            moving = self._advance_jobs()
            for wire in self._wires:
                moving = self._advance_wire(wire) or moving
        dues = [job.wake for job in self._jobs if job.exchange is None]
        dues += [wire.due for wire in self._wires if wire.queue]
        return min(dues, default=now + 60.0)

    def interests(self) -> list[tuple[int, int]]:
        """File descriptors (and poll events) that should wake the loop before the next tick is due."""
        found = []
        for wire in self._wires:
            exchange = wire.queue[0].exchange if wire.queue and wire.begun else None
            interest = exchange.interest() if exchange is not None else None
            if interest is not None:
                found.append(interest)
        return found

    def _advance_jobs(self) -> bool:
        moved = False
        for job in list(self._jobs):
            if job.exchange is None and job.wake <= self.now:
                self._resume(job)
                moved = True
        return moved

    def _resume(self, job: _Job) -> None:
        try:
            step = next(job.work)
        except StopIteration:
            self._jobs.remove(job)
            return
        if isinstance(step, float | int):
            # A pause of nothing would let a job spin inside one tick.
            job.wake = self.now + max(step, 0.000_1)
        else:
            job.exchange = step
            self._wire(step.wire).queue.append(job)

    def _wire(self, key: object) -> _Wire:
        for wire in self._wires:
            if wire.wire is key:
                return wire
        self._wires.append(_Wire(key))
        return self._wires[-1]

    def _advance_wire(self, wire: _Wire) -> bool:
        if not wire.queue:
            return False
        if not wire.begun:
            wire.choose()
        job = wire.queue[0]
        exchange = job.exchange
        if exchange is None:
            raise AssertionError("a job left its exchange while it was on the wire")
        if not wire.begun:
            exchange.begin(self.now)
            wire.begun = True
        elif self.now < wire.due and exchange.interest() is None:
            return False
        due = exchange.step(self.now)
        if due is not None:
            wire.due = due
            return False
        wire.queue.popleft()
        wire.begun = False
        job.exchange = None
        job.wake = self.now
        return True


def ask(exchange: Exchange[T]) -> Task[T]:
    """Run one exchange and return its answer. Raises DeviceError."""
    try:
        yield exchange
    except DeadlinePassed:
        exchange.abandon()
        raise
    return exchange.result()


def within(scheduler: Scheduler, work: Task[T], deadline: float) -> Task[T]:
    """Run `work`; at `deadline` (monotonic s) DeadlinePassed is raised inside it, where it waits, once.

    What it does in its own clean-up after that is no longer bounded: keep that short.
    """
    passed = False
    try:
        step = next(work)
        while True:
            if isinstance(step, float | int) and not passed:
                step = min(step, max(deadline - scheduler.now, 0.0))
            yield step
            if not passed and scheduler.now >= deadline:
                passed = True
                step = work.throw(DeadlinePassed())
            else:
                step = next(work)
    except StopIteration as end:
        value: T = end.value
        return value
