"""The validator: the mechanics of simulators/bill.py, told of in single bytes.

It counts nothing that anybody could ask for.
"""

from simulators.bill import BillValidator, Stage
from simulators.clock import Clock
from simulators.ict104.line import Line
from simulators.memory import Memory
from simulators.world import World

ESCROW_SECONDS = 5.0
_ACCEPT, _REJECT, _HOLD, _ENABLE, _INHIBIT = 0x02, 0x0F, 0x18, 0x3E, 0x5E
_HELD = 1
# What header 159 of ccTalk would say, as this one says it; the others it does not tell of.
_EVENTS = {1: 0x11, 8: 0x28, 6: 0x23, 7: 0x23, 11: 0x24, 14: 0x29}
_MENDED = (10, 12)
_ALL = 0xFFFF
_STACKER_AND_ESCROW = 0b11


class Ict104Validator(BillValidator):
    """On `line`. At power-up it says so, and takes nothing before the host has answered."""

    escrow_seconds = ESCROW_SECONDS

    def __init__(self, clock: Clock, memory: Memory, world: World, *, paced: bool = True) -> None:
        self.line = Line(clock, self._hear, paced=paced)
        super().__init__(clock, memory, world)

    def restart(self) -> None:
        """Power-up: inhibited, and a word of two bytes to the host."""
        super().restart()
        self._mode, self._mask, self._trouble = _STACKER_AND_ESCROW, _ALL, 0
        self._begun = False
        if self.alive:
            self.line.say(0x80, 0x8F)

    @property
    def own_line(self) -> Line:
        """Its port."""
        return self.line

    @property
    def polled(self) -> bool:
        """It takes notes as long as it is enabled, whoever listens."""
        return True

    def _event(self, first: int, second: int) -> None:
        super()._event(first, second)
        if not self.alive or self.hung:
            return
        if first:
            self.line.say(*((0x81, 0x40 + first - 1) if second == _HELD else (0x10,)))
        elif second in _EVENTS:
            self._trouble = _EVENTS[second] if _EVENTS[second] >= 0x20 else self._trouble
            self.line.say(_EVENTS[second])
        elif second in _MENDED:
            self._trouble = 0

    def _hear(self, byte: int) -> None:
        if not self.alive or self.hung:
            return
        match byte:
            case 0x02 if not self._begun:
                self._begun = True
            case 0x02 | 0x0F | 0x18 if self.stage is Stage.ESCROW:
                self._route({_ACCEPT: b"\1", _REJECT: b"\0", _HOLD: b"\xff"}[byte])
            case 0x3E | 0x5E:
                self._begun = True
                self._set_master(bytes((byte == _ENABLE,)))
            case 0x0C:
                self.line.say(self._trouble or (_ENABLE if self._master else _INHIBIT))
            case 0x30:
                self._reset(b"")
            case _:
                pass
