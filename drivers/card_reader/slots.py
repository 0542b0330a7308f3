"""What a look at the readers shows, and what has happened between two looks."""

from collections.abc import Iterator

from msgspec import Struct

from drivers.contract import CardInserted, CardRemoved


class Slot(Struct, frozen=True):
    """One reader. `counter` counts each card put in and each pulled out, by the service itself (16 bits).

    `mute`: what is in it does not answer to reset.
    """

    reader: str
    counter: int
    present: bool
    mute: bool = False


class Slots(Struct, frozen=True):
    """The service answers: all readers that it has, perhaps none."""

    slots: tuple[Slot, ...]


class Away(Struct, frozen=True):
    """The service does not answer, and why."""

    detail: str


Look = Slots | Away


def slots_of(look: Look) -> tuple[Slot, ...]:
    """The readers that are known to be there."""
    return look.slots if isinstance(look, Slots) else ()


def happened(before: Look, now: Look) -> Iterator[CardInserted | CardRemoved]:
    """What to tell of cards. A counter that has moved on under a card that is still there is another card, or the same
    one put in again: both are told as out and in.
    """
    had = {slot.reader: slot for slot in slots_of(before) if slot.present}
    has = {slot.reader: slot for slot in slots_of(now) if slot.present}
    for reader, slot in had.items():
        if has.get(reader) != slot:
            yield CardRemoved(reader)
    for reader, slot in has.items():
        if had.get(reader) != slot:
            yield CardInserted(reader, slot.counter, slot.mute)
