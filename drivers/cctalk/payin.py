"""What a coin acceptor and a bill validator are asked in the same words. Source: ccTalk Generic Specification 4.7."""

from collections.abc import Callable

from drivers.cctalk.frames import printable
from drivers.cctalk.master import Master
from drivers.contract import DeviceError, ErrorCode, Identity
from drivers.scheduler import Task

KINDS = 16
"""How many channels (of coins) or types (of notes) a device has."""


class PayIn:
    """A device that takes money, at one address of the bus. All methods raise DeviceError."""

    def __init__(self, master: Master, address: int) -> None:
        self._master = master
        self.address = address

    def _ask(self, header: int, data: bytes = b"", size: int | None = None, attempts: int = 3) -> Task[bytes]:
        return self._master.ask(self.address, header, data, size=size, attempts=attempts)

    def is_there(self) -> Task[None]:
        """One simple poll (254); raises at once when nobody answers."""
        yield from self._ask(254, size=0, attempts=1)

    def identity(self) -> Task[Identity]:
        """Manufacturer (246), product (244), serial (242), software revision (241)."""
        maker = yield from self._ask(246)
        model = yield from self._ask(244)
        serial = yield from self.serial()
        firmware = yield from self._ask(241)
        return Identity(printable(maker), printable(model), serial, printable(firmware))

    def serial(self) -> Task[str]:
        """The serial number (242), decimal."""
        answer = yield from self._ask(242, size=3)
        return str(int.from_bytes(answer, "little"))

    def self_check(self) -> Task[int]:
        """Fault code (232); 0 is none."""
        answer = yield from self._ask(232)
        return answer[0] if answer else 0

    def mask(self) -> Task[int]:
        """Which channels or types may be taken (230); bit 0 is the first. All zero after a reset."""
        answer = yield from self._ask(230, size=2)
        return int.from_bytes(answer, "little")

    def set_mask(self, mask: int) -> Task[None]:
        """Set which channels or types may be taken (231)."""
        yield from self._ask(231, mask.to_bytes(2, "little"), size=0)

    def set_accepting(self, accepting: bool) -> Task[None]:
        """Set the master inhibit (228)."""
        yield from self._ask(228, bytes((int(accepting),)), size=0)

    def _values(self, header: int, value: Callable[[bytes], int | None]) -> Task[dict[int, int]]:
        """What `value` (KRW) makes of each channel's or type's name; a device may refuse those that it doesn't use."""
        values: dict[int, int] = {}
        for kind in range(1, KINDS + 1):
            try:
                answer = yield from self._ask(header, bytes((kind,)))
            except DeviceError as error:
                if error.code is ErrorCode.REFUSED:
                    continue
                raise
            krw = value(answer)
            if krw:
                values[kind] = krw
        return values
