"""One machine in its world: core, its processes, the things on its wires, central, the people; and the blows."""

import random
import sqlite3
from collections.abc import Iterator, Sequence

from drivers.contract import Supply
from kiosk.ledger.problems import LedgerError
from kiosk.order.model import Order
from kiosk.protocol import journal
from kiosk.protocol.journal import kind_of
from tests.crash import vfs
from tests.crash.disk import Disk, Image
from tests.crash.lives.centre import Centre
from tests.crash.lives.chance import Chance
from tests.crash.lives.comes_back import Beside
from tests.crash.lives.core import TERMS, Core, is_open
from tests.crash.lives.glass import Glass
from tests.crash.lives.mains import TURNED_OFF
from tests.crash.lives.outages import Outages
from tests.crash.lives.owed import Owed
from tests.crash.lives.person import Person
from tests.crash.lives.plan import Plan
from tests.crash.lives.post import Network
from tests.crash.lives.power import Blow, Place, Power, PowerCut
from tests.crash.lives.staff import UP_MS, Staff
from tests.crash.lives.things import Things
from tests.crash.lives.timeline import Of, Timeline
from tests.crash.lives.truth import Truth

QUIET_LOOKS = 4
# Where less than this (KRW) can be paid back nothing of 500 KRW can be sold: at 400 KRW another 100 is taken only while
# one more may follow, and all of it has to be able to come back (M8).
LEAST = 600


# What is not begun, and not taken, any more once the supply fails.
NOTHING_NEW = ("order-opened", "credit", "redeem-intent")


class World:
    """`files`: what is on the disk before the first boot. `cuts`: steps at which the blow falls."""

    def __init__(
        self, plan: Plan, seed: int, cuts: Sequence[int], files: dict[str, bytes], *, lies: float = 0.0
    ) -> None:
        self.plan, self._rng = plan, random.Random(seed)
        self._lies = lies
        self.number = seed + sum(cuts)
        self.truth = Truth()
        self.beside = Beside(self.number)
        self.timeline = Timeline(1_000)
        self.power = Power(cuts, plan.blow, self.tell)
        self.things = Things(plan, self.timeline, self.power, self.truth, self.open_order, self._off)
        self.centre = Centre(self.truth, Owed() if plan.reader else None)
        self.centre.refusals = {(line, copy): code for line, copy, code in plan.refusals}
        chance = Chance(plan, self._rng)
        self.network = Network(
            self.timeline,
            self.power,
            self.centre,
            chance.way,
            chance.late_ms,
            lambda: chance.down(self.timeline.now_ms),
        )
        self.staff = Staff(self.timeline, self.power, self.things, self.network, chance, lambda: self.core)
        self.opened = False
        self.things.presenter.somebody_waits = lambda: self.opened
        for hopper in self.things.hoppers:
            hopper.somebody_waits = lambda: self.opened
        self.things.presenter.at_mouth = lambda: self.person.paper() if self.person else None
        self.outages = Outages(self.timeline, self.power, self.things, self.staff, plan)
        self.people = list(plan.citizens)
        self.person: Person | None = None
        self.last: Order | None = None
        self.head: tuple[int, str] = (0, "0" * 64)
        self.boots = 0
        self.quiet = 0
        self.core: Core | None = None
        self.glass: Glass | None = None
        self._active_ms = 0
        self._counting: Core | None = None
        self.mounted = ""
        self._insert(Disk(files, self._disk_step, self._rng, lies))

    # --- the run --------------------------------------------------------------------------------------------------

    def live(self) -> None:
        """From the first boot until all is quiet. What must never happen is in `truth.wrongs` then."""
        for _ in self.steps():
            pass

    def steps(self) -> Iterator[None]:
        """The same, act by act."""
        self.timeline.later(0, Of.CORE, self._boot)
        while self.quiet < QUIET_LOOKS and not self.truth.wrongs:
            if not self._one():
                self.truth.wrong("nothing will ever happen again")
            if self.timeline.now_ms > self.plan.longest_ms:
                self.truth.wrong(f"M7: no end in {self.plan.longest_ms // 60_000} min: {self._where()}")
            yield

    def _one(self) -> bool:
        due = self.timeline.next()
        if due is None:
            return False
        whose, act = due
        try:
            act()
            if whose is Of.CORE and self.core is not None:
                self.core.machine.settle_screen()
            if vfs.broken or self.power.due:
                raise PowerCut
        except PowerCut:
            self._blow()
        except (sqlite3.Error, LedgerError) as error:
            if self.power.on:
                self.truth.wrong(f"the ledger: {error}")
            self._blow()
        return True

    def _disk_step(self, what: str) -> None:
        self.power.step(what, Place.DISK)

    # --- the blow, and after it -----------------------------------------------------------------------------------

    def _blow(self) -> None:
        """What dies, dies; what moves by itself goes on."""
        self.power.on = self.power.due = False
        again = self.disk.again() if self.power.blow is Blow.CORE else None
        self.disk.leave()
        if self.core is not None:
            self.core.ledger.let_go()
        self.core, self.glass, self.opened, self.quiet = None, None, False, 0
        vfs.broken.clear()
        if self.power.blow is Blow.POWER:
            self._dark()
        elif again is not None:
            self._insert(again)
            self._core_dies()
        if self.person is not None:
            self.person.darkness()
        dark_ms = self.plan.dark_ms if self.power.blow is Blow.POWER else 900
        self.timeline.later(dark_ms, Of.WORLD, self._light)

    def _off(self, why: str) -> None:
        """All current goes by what the UPS has or does; not in the middle of an order, as long as it lasts."""
        ups = self.things.ups
        drained = ups is not None and ups.reading.supply is Supply.LOW
        if why == TURNED_OFF and self.open_order() and not drained:
            self.truth.wrong(
                "the machine turns itself off in the middle of an order, with a battery that lasts"
            )
        if why == TURNED_OFF and ups is not None and ups.long_said_otherwise:
            self.truth.wrong("the machine turns itself off, and nobody says that the mains are away")
        self.power.fails(why)

    def _dark(self) -> None:
        self.staff.die()
        self.timeline.dies(Of.MACHINE)
        self.things.die()
        image = self.disk.cut(self.plan.image)
        self._insert(Disk(image, self._disk_step, self._rng, self._lies))

    def _core_dies(self) -> None:
        """What it had written is with the operating system; its peers hear that it is gone."""
        self.timeline.dies(Of.CORE)
        self.power.core_died()
        self.staff.core_gone()

    def _light(self) -> None:
        self.power.back()
        if self.power.blow is Blow.POWER:
            self.things.wake()
        self.timeline.later(0, Of.CORE, self._boot)

    def _insert(self, disk: Disk) -> None:
        if self.mounted:
            vfs.unmount(self.mounted)
        self.disk, self.mounted = disk, vfs.mount(disk)

    @property
    def went_dark(self) -> bool:
        """Whether things have been without current."""
        return self.power.fallen > 0 and self.power.blow is Blow.POWER

    @property
    def lit(self) -> bool:
        """Whether there is current."""
        return self.power.on

    # --- boot -----------------------------------------------------------------------------------------------------

    def _boot(self) -> None:
        self.boots += 1
        self.tell(f"boot {self.boots}")
        self.glass = Glass(self.truth, self._durable_credit, self._seen)
        core = Core(
            self.timeline,
            self.boots,
            lambda: self._rng.getrandbits(80),
            vfs.uri(self.mounted),
            self.glass,
            self.plan,
        )
        self.core = core
        core.ledger.acknowledged = self._acknowledged
        self._check_acknowledged(core)
        self.last = (
            core.ledger.last_order() or self.last
        )  # what was on the disk before the blow let anybody be told
        self.beside.booted(core.ledger)
        core.machine.begin()
        self.staff.connect(core)
        self._tick(core)
        self.timeline.later(UP_MS, Of.WORLD, self._next_person)

    def _check_acknowledged(self, core: Core) -> None:
        seq, hashed = self.head
        if seq == 0:
            self.head = core.ledger.head
            return
        row = core.ledger._db.execute("SELECT hash FROM journal WHERE seq = ?", (seq,)).fetchone()
        if row != (hashed,):
            self.truth.wrong(f"row {seq} was acknowledged and is not on the disk any more")

    def _tick(self, core: Core) -> None:
        """Core's own tick; further apart where nobody has been here for long."""

        def tick() -> None:
            core.machine.tick()
            self._look_around(core)
            if core.machine.visit.state.serving or not core.resting:
                self._active_ms = self.timeline.now_ms
            idle_ms = self.timeline.now_ms - self._active_ms
            self.timeline.later(
                max(self.plan.tick_ms, min(idle_ms // 4, self.plan.idle_tick_ms)), Of.CORE, tick
            )

        self.timeline.later(self.plan.tick_ms, Of.CORE, tick)

    # --- what is seen ---------------------------------------------------------------------------------------------

    def _acknowledged(
        self, records: Sequence[journal.Row], order: Order | None, head: tuple[int, str]
    ) -> None:
        self.head = head
        if self.core is not None:
            lost = self.beside.entered(self.core.ledger, TERMS)
            if lost:
                self.truth.wrong(f"rows do not tell where things stand: {lost}")
        if order is not None and self.core is not None:
            lost = self.beside.committed(records, order, TERMS)
            if lost:
                self.truth.wrong(f"rows do not tell all of {order.id[-6:]}: {lost}")
        if order is not None and (is_open(order) or self.last is None or order.id == self.last.id):
            self.last = order
        for record in records:
            self.tell(f"durable: {kind_of(record)}")
            self._check_supply(kind_of(record))
            if isinstance(record, journal.OrderOpened | journal.RedeemHeld):
                self.opened = True

    def _check_supply(self, kind: str) -> None:
        """What begins although the UPS has said for long that the mains are away; if its process could tell."""
        ups = self.things.ups
        if ups is not None and kind in NOTHING_NEW and ups.plainly_failing and not self.plan.fates:
            self.truth.wrong(f"M8: {kind} on a battery that has long been failing")

    def open_order(self) -> str:
        """The order that the disk knows to be open."""
        return self.last.id if self.last is not None and is_open(self.last) else ""

    def _durable_credit(self) -> int:
        return self.last.credit if self.last is not None else 0

    def _seen(self) -> None:
        if self.person is not None:
            self.person.look_soon()

    def _next_person(self) -> None:
        if self.person is not None and not self.person.gone:
            self.person.look_soon()
            return
        self.person = None
        if self.people:
            citizen = self.people.pop(0)
            for line, want in enumerate(citizen.wants, 1):
                self.centre.quotes[line] = (want.sheets, want.fee)
            terminal = self.things.terminal
            if terminal is not None:
                terminal.presented_ms, terminal.declines = citizen.card_ms, citizen.declined
            self.person = Person(self, citizen)
            self.person.look_soon(citizen.comes_after_ms)

    def _look_around(self, core: Core) -> None:
        """Is it over? And does the next one come?"""
        if self.person is not None and self.person.gone and self.people and core.resting:
            self._next_person()
        someone = self.people or (self.person is not None and not self.person.gone)
        over = (
            core.resting
            and not someone
            and not self.things.moving
            and not self.outages.to_come
            and not self.network.under_way
        )
        if over and core.sells == "no-change":
            self._technician(core)
            return
        self.quiet = self.quiet + 1 if over and not core.sells else 0

    def _technician(self, core: Core) -> None:
        """There is no change, and that has to be so. Other hoppers are put in while it is off, then counted."""
        keeper = core.machine.cash
        uncounted = [at for at in range(len(self.things.hoppers)) if keeper.hoppers.uncounted(at)]
        if uncounted:
            if self._counting is not core:
                self._counting = core
                for at in uncounted:
                    keeper.counted(at, self.things.hoppers[at].coins, self._counted)
            return
        left = self.things.surely_payable(self.plan)
        if self.things.hopper.serial != "H1" or left >= LEAST:
            self.truth.wrong(f"M7: it sells nothing for want of change, and {left} KRW in coins are there")
        self.tell(f"a technician puts in full hoppers; {left} KRW were left")
        self.things.refilled(self.plan)
        raise PowerCut

    def _counted(self, taken: bool) -> None:
        self.tell("a technician counts the coins" if taken else "nobody answers the technician who counts")
        if not taken:
            self._counting = None

    # --- the story ------------------------------------------------------------------------------------------------

    def tell(self, what: str) -> None:
        """One line of the story."""
        self.truth.story.append(f"{self.timeline.now_ms / 1000:8.2f} s  {what}")

    def _where(self) -> str:
        core = self.core
        if core is None:
            return "no core"
        saga = core.machine.order.saga
        stage = saga.stage if saga is not None and core.machine.order.open else "no order"
        person = "nobody" if self.person is None or self.person.gone else "somebody"
        shown = self.glass.snapshot.screen if self.glass and self.glass.snapshot else "dark"
        waits = core.ledger.outbox_depth()[0]
        things = self.things
        others = (
            things.hopper.paying,
            things.presenter.moving,
            things.printer.stuck,
            things.presenter.jammed,
        )
        wires = (self.network.under_way, core.machine.sweeping, len(self.people))
        return f"{others} {wires} {stage}, {person} there, screen {shown}, outbox {waits}, sells: {core.sells or 'yes'}"

    def end(self) -> None:
        """Let go of the disk."""
        self.power.on = False
        self.disk.leave()
        if self.core is not None:
            self.core.ledger.let_go()
        vfs.broken.clear()
        vfs.unmount(self.mounted)


def provisioned() -> dict[str, bytes]:
    """The disk of a machine that was set up and switched off in order."""
    disk = Disk({}, lambda _what: None, random.Random(0))
    mounted = vfs.mount(disk)
    core = Core(Timeline(), 0, lambda: 0, vfs.uri(mounted), Glass(Truth(), lambda: 0, lambda: None), Plan())
    core.ledger.close()
    vfs.unmount(mounted)
    return disk.cut(Image.ALL)
