"""The family of errors that the world around a program causes; kiosk/faults.py says how they are told from mistakes."""

from kiosk.protocol import exits


class EnvironmentFault(Exception):
    """The world around the program is not as it has to be. The message says what is the matter, and what to do.

    Raised on purpose, at the border that knows it. `exit_code`: how a program ends that can't go on with it (exits.py).
    `code`: one word for it, where there is one.
    """

    code: str = ""

    exit_code: int = exits.MISSING


class RefusalError(EnvironmentFault):
    """A command can't do what it was asked for; the message says why and what to do."""

    def __init__(self, message: str, exit_code: int = exits.USAGE) -> None:
        super().__init__(message)
        self.exit_code = exit_code
