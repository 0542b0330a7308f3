"""The questions one can ask a ccTalk bill validator, typed. Source: ccTalk Generic Specification 4.7, part 2."""

from drivers.cash.frames import printable
from drivers.cash.master import Master
from drivers.contract import DeviceError, ErrorCode, Identity
from drivers.turns import Work

ADDRESS = 40
TYPES = 16
RETURN, STACK = 0, 1
_COUNTRY = b"KR"
_STACKER_AND_ESCROW = 0b11
_ID_LETTERS = 7


class Validator:
    """A bill validator with escrow and stacker at one address of the bus. All methods raise DeviceError."""

    def __init__(self, master: Master, address: int = ADDRESS) -> None:
        self._master = master
        self.address = address

    def _ask(self, header: int, data: bytes = b"", size: int | None = None, attempts: int = 3) -> Work[bytes]:
        return self._master.ask(self.address, header, data, size=size, attempts=attempts)

    def is_there(self) -> Work[None]:
        """One simple poll (254); raises at once when nobody answers."""
        yield from self._ask(254, size=0, attempts=1)

    def identity(self) -> Work[Identity]:
        """Manufacturer (246), product (244), serial (242), software revision (241)."""
        maker = yield from self._ask(246)
        model = yield from self._ask(244)
        serial = yield from self.serial()
        firmware = yield from self._ask(241)
        return Identity(printable(maker), printable(model), serial, printable(firmware))

    def serial(self) -> Work[str]:
        """The serial number (242), decimal."""
        answer = yield from self._ask(242, size=3)
        return str(int.from_bytes(answer, "little"))

    def self_check(self) -> Work[int]:
        """Fault code (232); 0 is none."""
        answer = yield from self._ask(232)
        return answer[0] if answer else 0

    def note_values(self) -> Work[dict[int, int]]:
        """Each type's note (157, scaled by 156) in KRW; unused types and other currencies are left out."""
        scaling = yield from self._ask(156, _COUNTRY, size=3)
        values: dict[int, int] = {}
        for kind in range(1, TYPES + 1):
            try:
                answer = yield from self._ask(157, bytes((kind,)))
            except DeviceError as error:
                if error.code is ErrorCode.REFUSED:
                    continue
                raise
            value = note_value(answer, scaling)
            if value:
                values[kind] = value
        return values

    def events(self) -> Work[bytes]:
        """The event buffer (159), 11 bytes."""
        return self._ask(159, size=11)

    def stacked(self) -> Work[int | None]:
        """Notes stacked for life (225); None when this device does not count them."""
        try:
            answer = yield from self._ask(225, size=3)
        except DeviceError as error:
            if error.code is ErrorCode.REFUSED:
                return None
            raise
        return int.from_bytes(answer, "little")

    def type_mask(self) -> Work[int]:
        """Which types may be taken (230); bit 0 is type 1. All zero after a reset."""
        answer = yield from self._ask(230, size=2)
        return int.from_bytes(answer, "little")

    def set_type_mask(self, mask: int) -> Work[None]:
        """Set which types may be taken (231)."""
        yield from self._ask(231, mask.to_bytes(2, "little"), size=0)

    def set_accepting(self, accepting: bool) -> Work[None]:
        """Set the master inhibit (228)."""
        yield from self._ask(228, bytes((int(accepting),)), size=0)

    def hold_notes(self) -> Work[None]:
        """Operating mode with stacker and escrow (153), read back (152). Raises DeviceError when it has no escrow."""
        yield from self._ask(153, bytes((_STACKER_AND_ESCROW,)), size=0)
        mode = yield from self._ask(152, size=1)
        if mode[0] & _STACKER_AND_ESCROW != _STACKER_AND_ESCROW:
            raise DeviceError(ErrorCode.PROTOCOL, "the validator has no escrow or no stacker")

    def route(self, where: int) -> Work[None]:
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
