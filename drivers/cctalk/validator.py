"""The questions one can ask a ccTalk bill validator, typed. Source: ccTalk Generic Specification 4.7, part 2."""

from drivers.cctalk.frames import printable
from drivers.cctalk.master import Master
from drivers.cctalk.payin import PayIn
from drivers.contract import DeviceError, ErrorCode
from drivers.scheduler import Task

ADDRESS = 40
RETURN, STACK = 0, 1
_COUNTRY = b"KR"
_STACKER_AND_ESCROW = 0b11
_ID_LETTERS = 7


class Validator(PayIn):
    """A bill validator with escrow and stacker at one address of the bus. All methods raise DeviceError."""

    def __init__(self, master: Master, address: int = ADDRESS) -> None:
        super().__init__(master, address)

    def note_values(self) -> Task[dict[int, int]]:
        """Each type's note (157, scaled by 156) in KRW; unused types and other currencies are left out."""
        scaling = yield from self._ask(156, _COUNTRY, size=3)
        return (yield from self._values(157, lambda name: note_value(name, scaling)))

    def events(self) -> Task[bytes]:
        """The event buffer (159), 11 bytes."""
        return self._ask(159, size=11)

    def stacked(self) -> Task[int | None]:
        """Notes stacked for life (225); None when this device does not count them."""
        try:
            answer = yield from self._ask(225, size=3)
        except DeviceError as error:
            if error.code is ErrorCode.REFUSED:
                return None
            raise
        return int.from_bytes(answer, "little")

    def hold_notes(self) -> Task[None]:
        """Operating mode with stacker and escrow (153), read back (152). Raises DeviceError when it has no escrow."""
        yield from self._ask(153, bytes((_STACKER_AND_ESCROW,)), size=0)
        mode = yield from self._ask(152, size=1)
        if mode[0] & _STACKER_AND_ESCROW != _STACKER_AND_ESCROW:
            raise DeviceError(ErrorCode.PROTOCOL, "the validator has no escrow or no stacker")

    def route(self, where: int) -> Task[None]:
        """Send the held note on its way (154, RETURN or STACK), tried once. The answer decides nothing: events do."""
        yield from self._ask(154, bytes((where,)), attempts=1)


def note_value(note_id: bytes, scaling: bytes) -> int | None:
    """The value in KRW of a note id such as `KR0010A` (country, four digits, issue) under its country's scaling."""
    text = printable(note_id)
    if len(note_id) != _ID_LETTERS or len(text) != _ID_LETTERS or not note_id.startswith(_COUNTRY):
        return None
    digits = text[2:6]
    factor, decimals = int.from_bytes(scaling[:2], "little"), scaling[2]
    if not (digits.isascii() and digits.isdigit()) or decimals > 4:
        return None
    value, rest = divmod(int(digits) * factor, 10**decimals)
    return value if value and not rest else None
