"""Turning the machine off: the configured command, followed without waiting for it."""

import subprocess
from collections.abc import Sequence

from drivers.acts import Act
from drivers.contract import DeviceError, ErrorCode, Outcome
from drivers.scheduler import DeadlinePassed, Task

_LOOK_S = 0.05


def halt(command: Sequence[str], act: Act) -> Task[None]:
    """Run it in a session of its own: it may end us. DONE when it ended with 0; without a command NOT_DONE.

    Past its deadline it is killed, and nothing is proved: what it has asked for may still turn the machine off.
    """
    if not command:
        raise DeviceError(ErrorCode.REFUSED, "no halt_command is set")
    try:
        running = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
        )
    except OSError as error:
        raise DeviceError(ErrorCode.REFUSED, f"{command[0]}: {error.strerror}") from error
    act.begun = True
    try:
        while (code := running.poll()) is None:
            yield _LOOK_S
    except DeadlinePassed:
        running.kill()
        running.wait()
        raise DeviceError(
            ErrorCode.TIMEOUT, "the halt command did not end", outcome=Outcome.UNKNOWN
        ) from None
    if code:
        raise DeviceError(ErrorCode.REFUSED, f"the halt command ended with {code}", outcome=Outcome.NOT_DONE)
