"""The table of handlers by stage and event. Each pair of stage and event type has at most one handler."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct

from kiosk.order.events import OrderEvent
from kiosk.order.saga import Move, Saga, Stage

E = TypeVar("E", bound=OrderEvent)
Handler = Callable[[Saga, Any, int], Move | None]
"""Returns the move for an event at a time (monotonic ms). None: try the handler for any stage."""
Table = dict[tuple[Stage | None, type[Struct]], Handler]
"""By stage and event type. Stage None stands for any stage but OVER, in which no event is heard."""


class Entry(NamedTuple):
    """One handler of one event in these stages."""

    stages: tuple[Stage | None, ...]
    event: type[Struct]
    handler: Handler


class HeardTwiceError(Exception):
    """Two handlers for one event in one stage."""


def on(
    stages: Stage | Iterable[Stage], event: type[E], handler: Callable[[Saga, E, int], Move | None]
) -> Entry:
    """`handler` hears the event in this stage, or in each of these. mypy compares the two event types."""
    return Entry((stages,) if isinstance(stages, Stage) else tuple(stages), event, handler)


def anywhere(event: type[E], handler: Callable[[Saga, E, int], Move | None]) -> Entry:
    """`handler` hears the event in every stage, unless the stage has its own handler that returns a move."""
    return Entry((None,), event, handler)


def table(*entries: Entry) -> Table:
    """The entries by stage and event. Raises HeardTwiceError, which shows when the module is imported."""
    return merged(*({(stage, entry.event): entry.handler} for entry in entries for stage in entry.stages))


def merged(*tables: Mapping[tuple[Stage | None, type[Struct]], Handler]) -> Table:
    """All tables as one table. Raises HeardTwiceError."""
    all_of_them: Table = {}
    for one in tables:
        for key in one.keys() & all_of_them.keys():
            raise HeardTwiceError(f"{key[1].__name__} has two handlers in stage {key[0] or 'any'}")
        all_of_them.update(one)
    return all_of_them
