"""The resident register as its office keeps it: a database of its own that the authority reads anew each time.

Another system's data: the server only reads it, a clerk (`central clerk …`) writes it.
"""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, create_engine, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from central.registers import hours
from central.registers.hours import RESIDENT_REGISTER, always_open, asking, closed_by, looking
from central.registers.residents.abstract import Life
from central.registers.residents.copy import HouseholdRecord
from central.registers.residents.record import (
    FIRST_OTHER_CARD,
    CardEntry,
    CardState,
    Household,
    Person,
    Population,
)
from central.store.engine import READ_ONLY, StoreError, open_engine

metadata = MetaData()
people = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("household", Integer, nullable=False, index=True),
    Column("record", LargeBinary, nullable=False),
)
households = Table(
    "household",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record", LargeBinary, nullable=False),
)
cards = Table(
    "card",
    metadata,
    Column("number", String, primary_key=True),
    Column("person", Integer, nullable=False, index=True),
    Column("state", String, nullable=False),
)
_OPEN = looking()
_HOLDER = select(cards.c.person, cards.c.state, people.c.record).join(people, people.c.id == cards.c.person)


class Reading(Struct, frozen=True):
    """What the register says at one moment: why it is closed ("" when it is not); the person; where they live; where
    they have lived, when that was asked for.
    """

    closed: str
    person: Person | None = None
    record: HouseholdRecord | None = None
    life: Life | None = None


class Holder(Struct, frozen=True):
    """Whose card a number is, and whether it counts."""

    state: CardState
    person: Person


class ResidentBook:
    """The register, read only, as the file is now."""

    def __init__(self, file: Path) -> None:
        self._engine = open_engine(file, READ_ONLY, connections=2)

    async def close(self) -> None:
        """Let go of the file."""
        await self._engine.dispose()

    async def read(self, person: int, now: datetime, *, life: bool = False) -> Reading:
        """Whether the register answers now, and the household that somebody lives in, in one consistent view; with
        `life` every household that they have lived in, too.
        """
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_OPEN, asking(RESIDENT_REGISTER, now))).all()
            if closed := closed_by(rows, now):
                return Reading(closed)
            found = (await _people(connection, {person})).get(person)
            if found is None or not found.household:
                return Reading("", found)
            record = await _household(connection, found.household)
            return Reading("", found, record, await _life(connection, found) if life else None)

    async def holder(self, number: str) -> Holder | None:
        """Whose card it is; the card office answers around the clock."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(_HOLDER.where(cards.c.number == number))
            row = rows.one_or_none()
        if row is None:
            return None
        return Holder(CardState(row.state), msgspec.json.decode(row.record, type=Person))


def write_residents(file: Path, content: Population) -> None:
    """Make the register's file with `content`, open around the clock. It is there whole, or not at all."""
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{unfinished}")
    metadata.create_all(engine)
    hours.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(people), [_person_row(one) for one in content.people])
        connection.execute(insert(households), [_row(one) for one in content.households])
        connection.execute(insert(cards), [_card_row(card) for card in content.cards])
        always_open(connection, RESIDENT_REGISTER)
    engine.dispose()
    unfinished.chmod(0o600)
    os.replace(unfinished, file)


def other_cards(file: Path, count: int) -> list[str]:
    """The numbers of `count` valid cards beyond the well-known ones, in order. Raises StoreError without a register."""
    if not file.exists():
        raise StoreError(f"{file} is missing; run `central init` first")
    engine = create_engine(f"sqlite:///{file}")
    query = select(cards.c.number).where(cards.c.number >= f"{FIRST_OTHER_CARD:012d}")
    with engine.connect() as connection:
        found = connection.execute(query.order_by(cards.c.number).limit(count)).scalars().all()
    engine.dispose()
    return list(found)


def names_on_cards(file: Path, numbers: Iterable[str]) -> dict[str, str]:
    """The holder's name by card number, where the register knows the number. Raises StoreError without a register."""
    if not file.exists():
        raise StoreError(f"{file} is missing; run `central init` first")
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        holders = {number: find_holder(connection, number) for number in numbers}
    engine.dispose()
    return {number: holder.person.name for number, holder in holders.items() if holder is not None}


def find_holder(connection: Connection, number: str) -> Holder | None:
    """A clerk's view of a card and its holder."""
    row = connection.execute(_HOLDER.where(cards.c.number == number)).one_or_none()
    return None if row is None else Holder(CardState(row.state), msgspec.json.decode(row.record, type=Person))


def ids_by_number(connection: Connection) -> dict[str, int]:
    """Everybody by their resident number."""
    everybody = connection.execute(select(people.c.record)).scalars()
    return {one.number: one.id for one in (msgspec.json.decode(record, type=Person) for record in everybody)}


def find_household(connection: Connection, number: int) -> Household:
    """A clerk's view of a household."""
    record = connection.execute(select(households.c.record).where(households.c.id == number)).scalar_one()
    return msgspec.json.decode(record, type=Household)


def members_of(connection: Connection, number: int) -> list[Person]:
    """A clerk's view of who lives in a household."""
    records = connection.execute(select(people.c.record).where(people.c.household == number)).scalars()
    return [msgspec.json.decode(record, type=Person) for record in records]


def rewrite_person(connection: Connection, one: Person) -> None:
    """Put a person's new record in the place of the old one."""
    row = _person_row(one)
    connection.execute(people.update().where(people.c.id == one.id).values(**row))


def rewrite_household(connection: Connection, home: Household) -> None:
    """Put a household's new record in the place of the old one."""
    connection.execute(households.update().where(households.c.id == home.id).values(**_row(home)))


def set_card(connection: Connection, number: str, state: CardState) -> None:
    """A card is reported lost, replaced, or found."""
    connection.execute(cards.update().where(cards.c.number == number).values(state=state.value))


async def _household(connection: AsyncConnection, number: int) -> HouseholdRecord:
    query = select(people.c.record).where(people.c.household == number)
    rows = (await connection.execute(query)).scalars().all()
    members = tuple(msgspec.json.decode(row, type=Person) for row in rows)
    links = {kin for one in members for kin in (one.father, one.mother, one.spouse)}
    known = {one.id: one for one in members}
    kin = {**known, **await _people(connection, links - set(known) - {0})}
    home = (await _homes(connection, {number}))[number]
    homes = await _homes(connection, {stay.household for stay in known[home.head].stays})
    return HouseholdRecord(home, members, kin, homes)


async def _life(connection: AsyncConnection, one: Person) -> Life:
    homes = await _homes(connection, {stay.household for stay in one.stays})
    heads = await _people(connection, {head for home in homes.values() for _, head in home.heads})
    links = {kin for each in (one, *heads.values()) for kin in (each.father, each.mother, each.spouse)}
    known = {**heads, one.id: one}
    kin = {**known, **await _people(connection, links - set(known) - {0})}
    rows = await connection.execute(select(people.c.record).where(people.c.household.in_(homes)))
    living = (msgspec.json.decode(row, type=Person) for row in rows.scalars())
    return Life(one, homes, kin, guarded=any(each.protected for each in living))


async def _people(connection: AsyncConnection, ids: Iterable[int]) -> dict[int, Person]:
    rows = await connection.execute(select(people.c.record).where(people.c.id.in_(ids)))
    found = (msgspec.json.decode(row, type=Person) for row in rows.scalars())
    return {one.id: one for one in found}


async def _homes(connection: AsyncConnection, ids: Iterable[int]) -> dict[int, Household]:
    rows = await connection.execute(select(households.c.record).where(households.c.id.in_(ids)))
    found = (msgspec.json.decode(row, type=Household) for row in rows.scalars())
    return {one.id: one for one in found}


def _person_row(one: Person) -> dict[str, object]:
    return {**_row(one), "household": one.household}


def _row(one: Person | Household) -> dict[str, object]:
    return {"id": one.id, "record": msgspec.json.encode(one)}


def _card_row(card: CardEntry) -> dict[str, object]:
    return {"number": card.number, "person": card.person, "state": card.state.value}
