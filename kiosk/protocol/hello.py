"""The first message each way on every socket."""

from msgspec import Struct

PROTOCOL = 1


class Hello(Struct, frozen=True, tag=True):
    """Who speaks. `program` is ui, core, cash, printer, receipt, card, courier or worker. `version` names the build
    (`0.1.0+6f1c…`): programs of one machine are of one build. Another `protocol` or `version` ends the connection.
    `bundle` is the bundle that core serves from (bundle.py), and the one that a worker got ready with.
    """

    program: str
    version: str
    protocol: int = PROTOCOL
    bundle: str = ""
