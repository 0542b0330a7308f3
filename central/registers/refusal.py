"""What a register says instead of a certificate. The codes are the kiosk's message keys."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from kiosk.protocol.central import Offered

T = TypeVar("T")


class RefusedError(Exception):
    """There is no certificate; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WhichError(Exception):
    """There are several things that it could be about: the citizen says which. `what` as in protocol.central.Choice.

    `person`: whose things they are, None where anybody may ask.
    """

    def __init__(self, what: str, offered: Sequence[Offered], person: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.offered = tuple(offered)
        self.person = person


def pick(
    things: Sequence[T], which: str, what: str, offer: Callable[[T], Offered], person: int | None = None
) -> T:
    """The thing that `which` names, or the only one there is. Raises RefusedError (`no-record` where there is none,
    `choice-unknown` for a key that names none of them: it may be gone since it was offered) or WhichError.
    """
    if not things:
        raise RefusedError("no-record")
    if which:
        found = next((thing for thing in things if offer(thing).key == which), None)
        if found is None:
            raise RefusedError("choice-unknown")
        return found
    if len(things) > 1:
        raise WhichError(what, [offer(thing) for thing in things], person)
    return things[0]
