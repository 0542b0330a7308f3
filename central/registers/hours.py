"""When a register answers: opening hours and outages, kept as rows of the register's own database.

Minutes of the day in Seoul; a register without a row is closed. Monday is 1.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Select, String, Table, bindparam, insert, select
from sqlalchemy.engine import Connection

from central.clock import SEOUL

LAND_REGISTER = "land"
RESIDENT_REGISTER = "resident"
WELFARE_REGISTER = "welfare"
LOCAL_TAX_REGISTER = "local-tax"
MILITARY_REGISTER = "military"
FARMLAND_REGISTER = "farmland"
BUILDING_REGISTER = "building"
VEHICLE_REGISTER = "vehicle"
MACHINERY_REGISTER = "machinery"
FAMILY_REGISTER = "family-relation"
NATIONAL_TAX_REGISTER = "national-tax"
FACTORY_REGISTER = "factory"
REAL_ESTATE_REGISTRY = "real-estate"
REGISTERS = (
    LAND_REGISTER,
    RESIDENT_REGISTER,
    WELFARE_REGISTER,
    LOCAL_TAX_REGISTER,
    MILITARY_REGISTER,
    FARMLAND_REGISTER,
    BUILDING_REGISTER,
    VEHICLE_REGISTER,
    MACHINERY_REGISTER,
    FAMILY_REGISTER,
    NATIONAL_TAX_REGISTER,
    FACTORY_REGISTER,
    REAL_ESTATE_REGISTRY,
)
_MINUTES_A_DAY = 24 * 60

metadata = MetaData()
hours = Table(
    "hours",
    metadata,
    Column("register", String, primary_key=True),
    Column("weekday", Integer, primary_key=True),
    Column("opens", Integer, nullable=False),
    Column("closes", Integer, nullable=False),
)
outages = Table(
    "outage",
    metadata,
    Column("register", String, primary_key=True),
    Column("since", String, primary_key=True),
    Column("until", String, nullable=False),
)


def looking(*columns: Column[Any], **joined: tuple[Table, Any]) -> Select[Any]:
    """Hours, outages and `columns` of the tables `joined` on their conditions, in one look.

    A row for each outage (or one without), or none at all when the register is closed all day.
    """
    source = hours.outerjoin(outages, outages.c.register == hours.c.register)
    for table, condition in joined.values():
        source = source.outerjoin(table, condition)
    query = select(hours.c.opens, hours.c.closes, outages.c.since, outages.c.until, *columns)
    today = (hours.c.register == bindparam("register"), hours.c.weekday == bindparam("weekday"))
    return query.select_from(source).where(*today)


def asking(register: str, now: datetime) -> dict[str, Any]:
    """What `looking` is asked with."""
    return {"register": register, "weekday": now.astimezone(SEOUL).isoweekday()}


def closed_by(rows: Sequence[Any], now: datetime) -> str:
    """Why the register does not answer now: register-down, register-closed, or "" when it does."""
    local = now.astimezone(SEOUL)
    if any(_moment(row.since) <= now < _moment(row.until) for row in rows if row.since):
        return "register-down"
    minute = local.hour * 60 + local.minute
    return "" if rows and rows[0].opens <= minute < rows[0].closes else "register-closed"


def always_open(connection: Connection, register: str) -> None:
    """The register answers around the clock."""
    set_hours(connection, register, 0, _MINUTES_A_DAY)


def set_hours(connection: Connection, register: str, opens: int, closes: int) -> None:
    """The register answers from minute `opens` of each day until before minute `closes`."""
    connection.execute(hours.delete().where(hours.c.register == register))
    week = [{"register": register, "weekday": day, "opens": opens, "closes": closes} for day in range(1, 8)]
    connection.execute(insert(hours), week)


def add_outage(connection: Connection, register: str, since: datetime, until: datetime) -> None:
    """The register does not answer in [since, until)."""
    row = {"register": register, "since": since.isoformat(), "until": until.isoformat()}
    connection.execute(insert(outages), [row])


def end_outages(connection: Connection, register: str) -> None:
    """The register answers again."""
    connection.execute(outages.delete().where(outages.c.register == register))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
