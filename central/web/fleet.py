"""What the fleet page shows: the table of machines, what stands above it, and the words below it."""

from collections.abc import Callable, Mapping
from typing import Any

from central.authority.keys import all_enrolled
from central.authority.types import IssuedType
from central.claims.cases import open_cases
from central.clock import to_ms
from central.fleet.beat import Beat
from central.fleet.overview import MachineLine, overview
from central.services import Services
from central.vocabulary.reasons import FAULTS
from central.vocabulary.words import unknown

MOST_TROUBLES = 6  # of one machine; a table's row with more is no help to anybody


async def board_facts(services: Services) -> dict[str, Any]:
    """All that the template asks for, of one moment."""
    now = services.clock()
    async with services.database.reading() as connection:
        lines = await overview(connection, all_enrolled(services.folder), now)
        cases = await open_cases(connection, to_ms(now))
    return {
        "now": now,
        "lines": lines,
        "cases": cases,
        "raised": raised(lines),
        "faults": faults(lines),
        "totals": {**totals(lines), "seal_days": services.keys.lists.days_left(now), "cases": len(cases)},
        "kind_name": _namer(services.types),
        "newest": services.required.now.newest,
        "edition_of": edition_of,
        "MOST_TROUBLES": MOST_TROUBLES,
    }


def totals(lines: list[MachineLine]) -> dict[str, int]:
    """What stands above the table."""
    return {
        "machines": len(lines),
        "alive": sum(line.silence == "alive" for line in lines),
        "orders": sum(line.sums.orders_today for line in lines),
        "documents": sum(line.sums.documents_today for line in lines),
        "fee": sum(line.sums.fee_today for line in lines),
        "claims": sum(line.sums.claim_sum for line in lines),
        "alarms": sum(len(line.alarms) for line in lines),
    }


def raised(lines: list[MachineLine]) -> list[str]:
    """The codes of the alarms that the table shows, each once, in its order."""
    return list(dict.fromkeys(alarm.code for line in lines for alarm in line.alarms[:3]))


def faults(lines: list[MachineLine]) -> list[str]:
    """The reasons that the table shows and somebody can do something about, each once, in its order."""
    shown = (
        reason
        for line in lines
        for reason in (
            *(trouble.reason for trouble in line.troubles[:MOST_TROUBLES]),
            *(kind.reason for kind in line.unsellable),
        )
    )
    return [reason for reason in dict.fromkeys(shown) if reason in FAULTS]


def edition_of(beat: Beat) -> int | None:
    """The bundle that a machine works from, 0 for what it was shipped with; None: it says something else."""
    text = beat.catalogue or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _namer(types: Mapping[str, IssuedType]) -> Callable[[str], str]:
    def named(code: str) -> str:
        kind = types.get(code)
        return unknown(code).ko if kind is None else kind.file.name.ko

    return named
