"""P, how many sheets a printer has printed for life: which of its counts that is, and whether it can be one for life.

P is the first of these that the printer tells a number of: its sheets, its impressions (on one-sided paper the same),
its life count by SNMP. Which of them it is belongs to the serial that goes with P: one is not comparable with another.
So the first that was told is the one from then on: while it is not told (a printer that warms up says "unknown", an
agent is silent) there is no P. A job that was begun with another one, before a restart, says so by its serial.
"""

from typing import TypeVar

from drivers.contract import printer_of
from drivers.page_printer.ipp import Group
from drivers.page_printer.job import Snapshot
from drivers.page_printer.operations import UNSUPPORTED
from drivers.page_printer.snmp import LifeCount
from drivers.scheduler import Scheduler, Task

_COUNTERS = {"": "printer-media-sheets-completed", " impressions": "printer-impressions-completed"}
_LIFE = " life-count"
# A URN of a UUID has 45 signs. A printer that says more has a name like any other, which fits where core writes it.
_MAX_UUID = 128
# A printer that calls itself otherwise at each look fills no memory.
MOST_NAMES = 16

Kept = TypeVar("Kept")


class SheetCount:
    """The counts of whichever printer answers; each printer is known by its uuid."""

    def __init__(self, scheduler: Scheduler, life: LifeCount | None) -> None:
        self._scheduler, self._life = scheduler, life
        self._sources: dict[str, str] = {}
        self._named: dict[str, str] = {}
        self._highest: dict[str, int] = {}

    def named(self, serial: str) -> None:
        """A job was begun with this printer and this count: that is the one that is asked for now."""
        if uuid := printer_of(serial):
            _keep(self._named, uuid, serial.removeprefix(uuid))

    def read(self, printer: Group, *, patiently: bool) -> Task[Snapshot]:
        """The printer as its attributes, and what they and its life count come to, say."""
        uuid = "".join(printer.text("printer-uuid").split())[
            :_MAX_UUID
        ]  # a serial is the uuid, a space, and which count
        count, which = yield from self._count(uuid, printer, patiently=patiently)
        serial = uuid + which
        if count is not None and count < self._highest.get(serial, 0):
            count = None  # one that went back is none for life: lost with the current, or not read yet. It may recover
        if count is not None:
            _keep(self._highest, serial, count)
        return Snapshot(uuid, printer.integer("printer-up-time"), count, serial)

    def _count(self, uuid: str, printer: Group, *, patiently: bool) -> Task[tuple[int | None, str]]:
        named = self._named.pop(uuid, None)
        if named is not None and self._has(printer, named):
            _keep(self._sources, uuid, named)
        known = self._sources.get(uuid)
        for which in (*_COUNTERS, _LIFE) if known is None else (known,):
            count = yield from self._told(printer, which, patiently=patiently)
            if count is not None:
                _keep(self._sources, uuid, which)
                return count, which
        return None, known or ""

    def _told(self, printer: Group, which: str, *, patiently: bool) -> Task[int | None]:
        if which != _LIFE:
            return printer.count(_COUNTERS[which])
        if self._life is None:
            return None
        return (yield from self._life.read(self._scheduler.now, patiently=patiently))

    def _has(self, printer: Group, which: str) -> bool:
        """Whether the printer has this count at all, if only one that is not known yet."""
        if which == _LIFE:
            return self._life is not None
        return any(value.tag != UNSUPPORTED for value in printer.values(_COUNTERS.get(which, "")))


def _keep(known: dict[str, Kept], name: str, value: Kept) -> None:
    """The newest names stay."""
    known.pop(name, None)
    known[name] = value
    while len(known) > MOST_NAMES:
        del known[next(iter(known))]
