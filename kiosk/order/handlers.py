"""Which handler hears an event, and in which stage: each is entered with both types, and no pair twice."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct

from kiosk.order.events import OrderEvent
from kiosk.order.saga import Move, Saga, Stage

E = TypeVar("E", bound=OrderEvent)
Handler = Callable[[Saga, Any, int], Move | None]
"""The move that an event makes at a time (monotonic ms); None: it means nothing here, ask who hears it anywhere."""
Table = dict[tuple[Stage | None, type[Struct]], Handler]
"""By stage and event; without a stage: in any but OVER, where nothing is heard."""


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
    """In this stage, or each of these, the event is `handler`'s. Its type is the handler's own: mypy compares them."""
    return Entry((stages,) if isinstance(stages, Stage) else tuple(stages), event, handler)


def anywhere(event: type[E], handler: Callable[[Saga, E, int], Move | None]) -> Entry:
    """In every stage the event is `handler`'s, unless the stage has one of its own that answers."""
    return Entry((None,), event, handler)


def table(*entries: Entry) -> Table:
    """The entries by stage and event. Raises HeardTwiceError, when the module is imported."""
    return merged(*({(stage, entry.event): entry.handler} for entry in entries for stage in entry.stages))


def merged(*tables: Mapping[tuple[Stage | None, type[Struct]], Handler]) -> Table:
    """All of them as one. Raises HeardTwiceError."""
    all_of_them: Table = {}
    for one in tables:
        for key in one.keys() & all_of_them.keys():
            raise HeardTwiceError(f"{key[1].__name__} has two handlers in stage {key[0] or 'any'}")
        all_of_them.update(one)
    return all_of_them
