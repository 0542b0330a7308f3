"""How a command becomes exactly one `Completed`: its deadline, what it has proved, the socket that it hands over."""

import socket
from collections.abc import Callable

from msgspec import Struct

from drivers.contract import Command, Completed, DeviceError, ErrorCode, Event, Outcome, Result
from drivers.scheduler import Scheduler, Task, within

Reply = Callable[[Event, socket.socket | None], None]


class Act(Struct):
    """A command under way.

    `begun` is set just before the first byte that can change the world; until then a failure is NOT_DONE whatever
    went wrong. `result` goes out also when the command fails. `code` and `detail` may qualify a DONE (fewer coins paid
    than asked).
    """

    begun: bool = False
    result: Result | None = None
    handing: socket.socket | None = None
    code: ErrorCode | None = None
    detail: str = ""


def fulfil(scheduler: Scheduler, command: Command, act: Act, work: Task[None], reply: Reply) -> Task[None]:
    """Run the command's work up to its deadline and reply once. Our copy of a handed socket is closed by the reply."""
    outcome, code, detail = Outcome.DONE, act.code, act.detail
    try:
        yield from within(scheduler, work, scheduler.now + command.deadline_ms / 1000)
        code, detail = act.code, act.detail
    except DeviceError as error:
        outcome = error.outcome if act.begun else Outcome.NOT_DONE
        code, detail = error.code, error.detail
    reply(Completed(command.request, outcome, code, detail, act.result), act.handing)


def refuse(command: Command, reply: Reply, detail: str) -> None:
    """A command that this bus cannot take: nothing was done."""
    reply(Completed(command.request, Outcome.NOT_DONE, ErrorCode.REFUSED, detail), None)
