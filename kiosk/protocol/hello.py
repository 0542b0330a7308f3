"""The first message each way on every socket."""

from msgspec import Struct

PROTOCOL = 1


class Hello(Struct, frozen=True, tag=True):
    """Who speaks. `program` is ui, core, cash, printer, receipt, courier or worker; another `protocol` ends the
    connection.
    """

    program: str
    version: str
    protocol: int = PROTOCOL
