"""`central specimens`: papers of every type as they would be drafted for whom and what the town is known for.

Of each type: as it is chosen at first, each other choice once, and what a citizen picks where there are several things.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from central.authority.keys import Folder
from central.authority.types import IssuedType
from central.clock import Clock, system_clock
from central.problems import SetupError
from central.registers import lots
from central.registers.farms import FIELD, PADDY
from central.registers.offices import Offices
from central.registers.parcel import Lot
from central.registers.refusal import RefusedError, WhichError
from central.registers.resident import Certificate
from central.registers.residents import known
from central.services import Services, open_services

_LOTS = (lots.APARTMENTS, lots.ONE_SHEET, FIELD, PADDY, lots.TWO_SHEETS, lots.CLOSED_INTO, lots.FOREST)
AS_AT_FIRST = "default"


class SpecimenError(SetupError):
    """There is no paper of a type, whoever asks."""


class Subject(Struct, frozen=True):
    """Whom or what a paper could be about."""

    lot: Lot | None = None
    person: int = 0


class Choices(Struct, frozen=True):
    """What is chosen, and its name: `default`, or the option and the choice that differs from it."""

    name: str
    options: dict[str, str]


# The questions that a citizen answered (`picked-vehicle`), and the paper.
Asked = tuple[tuple[str, ...], Certificate]


class Specimen(Struct, frozen=True):
    """One paper's data, by the code of its type and a name that says what was chosen and picked."""

    code: str
    name: str
    data: dict[str, Any]


class OfficeClerk(Struct, frozen=True):
    """Asks the offices at one moment."""

    offices: Offices
    now: datetime

    async def papers(self, kind: IssuedType, subjects: Sequence[Subject]) -> AsyncIterator[Specimen]:
        """All specimens of a type. Raises SpecimenError when there is none of what is chosen at first."""
        first, *others = all_choices(kind)
        found = await self._first_of(kind, subjects, first)
        if not found:
            raise SpecimenError(
                f"nobody and no lot that the town is known for has a paper of {kind.file.code}"
            )
        asked = any(steps for steps, _ in found)
        found += (await self._first_of(kind, subjects, first, asked=not asked))[:1]
        for steps, paper in found:
            yield Specimen(kind.file.code, "-".join([first.name, *steps[-1:]]), paper.data)
        for choices in others:
            # The last one is the innermost of what was picked: a flat, and not the summary of its building.
            for _, paper in (await self._first_of(kind, subjects, choices))[-1:]:
                yield Specimen(kind.file.code, choices.name, paper.data)

    async def _first_of(
        self, kind: IssuedType, subjects: Sequence[Subject], choices: Choices, *, asked: bool | None = None
    ) -> list[Asked]:
        """What the first subject gets that gets anything; with `asked`, only somebody who is asked which, or is not."""
        for subject in subjects:
            found = [one async for one in self._of(kind, subject, choices)]
            if found and asked in (None, any(steps for steps, _ in found)):
                return found
        return []

    async def _of(
        self,
        kind: IssuedType,
        subject: Subject,
        choices: Choices,
        which: str = "",
        steps: tuple[str, ...] = (),
    ) -> AsyncIterator[Asked]:
        """The paper, with the questions that led to it. Of what is offered: the first that is a paper, and the first
        that leads on to another question.
        """
        try:
            paper = await self._ask(kind, subject, choices.options, which)
        except RefusedError:
            return
        except WhichError as several:
            seen: set[bool] = set()
            for offered in several.offered:
                asked = f"picked-{several.what}"
                below = [one async for one in self._of(kind, subject, choices, offered.key, (*steps, asked))]
                leads_on = any(len(path) > len(steps) + 1 for path, _ in below)
                if below and leads_on not in seen:
                    seen.add(leads_on)
                    for one in below:
                        yield one
                if len(seen) == 2:
                    break
            return
        yield steps, paper

    async def _ask(
        self, kind: IssuedType, subject: Subject, options: Mapping[str, str], which: str
    ) -> Certificate:
        if subject.lot is not None:
            place = _named(subject.lot)
            return await self.offices.of_lot(kind.file, kind.source, place, options, self.now, which)
        return await self.offices.of_person(kind.file, kind.source, subject.person, options, self.now, which)


def all_choices(kind: IssuedType) -> Iterator[Choices]:
    """What is chosen at first; then each other choice, with what it needs of other options and the rest as at first."""
    first = {option.code: option.default for option in kind.file.option}
    yield Choices(AS_AT_FIRST, first)
    for option in kind.file.option:
        for choice in option.choices:
            needed = {other: codes[0] for other, codes in choice.needs.items() if first[other] not in codes}
            if choice.code != option.default:
                name = f"{option.code}-{choice.code}"
                yield Choices(name, {**first, **needed, option.code: choice.code})


async def subjects(services: Services) -> tuple[list[Subject], list[Subject]]:
    """The people and the lots that the town is known for."""
    holders = [await services.residents.holder(card) for card in known.ALL]
    people = [Subject(person=holder.person.id) for holder in holders if holder is not None]
    return people, [Subject(lot=lot) for lot in _LOTS]


async def draft(services: Services, now: datetime) -> AsyncIterator[Specimen]:
    """Every type's specimens, from the registers as they are. Raises SpecimenError."""
    offices = Offices(services.book, services.residents, services.personal, services.on_lots)
    desk = OfficeClerk(offices, now)
    people, places = await subjects(services)
    for kind in services.types.values():
        async for specimen in desk.papers(kind, people if kind.file.personal else places):
            yield specimen


async def write(
    folder: Folder,
    place: Callable[[str], Path],
    clock: Clock = system_clock,
    told: Callable[[Specimen, int], None] = lambda _specimen, _count: None,
) -> int:
    """Write CODE/NAME.json for each specimen; how many. `place`: where a file of this name goes. `told` of each.

    Raises SetupError, OSError.
    """
    services = await open_services(folder, clock)
    count = 0
    try:
        async for specimen in draft(services, clock()):
            file = place(f"{specimen.code}/{specimen.name}.json")
            file.write_bytes(msgspec.json.format(msgspec.json.encode(specimen.data), indent=1))
            count += 1
            told(specimen, count)
    finally:
        await services.close()
    return count


def _named(lot: Lot) -> dict[str, str]:
    """A lot as a machine names it."""
    return {
        "dong": lot.dong,
        "mountain": "1" if lot.mountain else "0",
        "main": str(lot.main),
        "sub": str(lot.sub),
    }
