"""What the cash bus asks of each device on it, whatever its protocol. A driver of a new one has these methods.

Each device lives by its own `run`, which never ends. Commands are generators that the bus runs up to their deadline.
All of them raise DeviceError; what it proves is its `outcome` (drivers.contract).
"""

from typing import Protocol

from drivers.acts import Act
from drivers.contract import (
    BookCredit,
    BookNote,
    CoinPosition,
    Collect,
    Dispense,
    HopperCount,
    NotePosition,
    Resume,
    ReturnNote,
    StackNote,
)
from drivers.scheduler import Task
from drivers.status_reporter import StatusReporter


class CashDevice(Protocol):
    """Any of them."""

    reporter: StatusReporter

    def run(self) -> Task[None]:
        """Connect, watch, and start over whenever the device is lost; never ends."""


class Acceptor(CashDevice, Protocol):
    """It takes coins. None is taken before `resume`, nor once core is gone."""

    def resume(self, command: Resume) -> Task[None]:
        """Acceptance off; report what is past core's position; from now on report coins as they fall.

        IDENTITY: it is not the acceptor that core's position is of.
        """

    def collect(self, command: Collect, act: Act) -> Task[None]:
        """Take these coins and no others."""

    def stop_collect(self, act: Act, meanwhile: Task[None]) -> Task[CoinPosition | None]:
        """Take no more, let a coin that is past the gate arrive, count. `meanwhile` may fill the wait.

        Where it stands, behind which every coin has been reported; None: core has not resumed.
        """

    def reading(self) -> Task[CoinPosition]:
        """Where it stands now. Every coin behind it has been reported."""

    def book(self, command: BookCredit) -> None:
        """Core has the coins up to this position on disk."""

    def core_gone(self) -> Task[None]:
        """Core's connection is lost: no coin may be taken any more."""


class CoinDispenser(CashDevice, Protocol):
    """A hopper: it pays coins out."""

    def resumed(self) -> None:
        """Core knows this hopper now; what an earlier payout met is to be seen anew."""

    def dispense(self, command: Dispense, act: Act) -> Task[None]:
        """Pay out. `act.result` is a PaidOut whenever the counters could be read to the end."""

    def reading(self) -> Task[HopperCount]:
        """Its counters now."""


class Validator(CashDevice, Protocol):
    """It takes notes: holds each until core has stored what it is, then stacks it or gives it back."""

    def resume(self, position: NotePosition | None) -> Task[None]:
        """Acceptance off; report what is past core's position, and what nobody can tell. A silent validator does so as
        soon as it is there.
        """

    def collect(self, notes: tuple[int, ...]) -> Task[None]:
        """Take these notes and no others; none at all for ()."""

    def stop(self) -> Task[None]:
        """Take no more, and send a held note back."""

    def stack(self, command: StackNote, act: Act) -> Task[None]:
        """Send the held note into the stacker and follow it to its end."""

    def give_back(self, command: ReturnNote, act: Act) -> Task[None]:
        """Send the held note back to whoever put it in."""

    def reading(self) -> Task[tuple[NotePosition, bool]]:
        """Where it stands, and whether no note is held, moving or stuck. Every note behind it has been reported."""

    def book(self, command: BookNote) -> None:
        """Core has the notes up to this position on disk."""

    def core_gone(self) -> Task[None]:
        """Core's connection is lost: no note may be taken any more; a held one goes back."""
