"""The questions one can ask a ccTalk coin acceptor, typed. Source: ccTalk Generic Specification 4.7, part 2."""

from drivers.cash.frames import printable
from drivers.cash.master import Master
from drivers.contract import DeviceError, ErrorCode, Identity
from drivers.turns import Work

ADDRESS = 2
CHANNELS = 16
_COUNTRY = "KR"


class Acceptor:
    """A coin acceptor at one address of the bus. All methods raise DeviceError."""

    def __init__(self, master: Master, address: int = ADDRESS) -> None:
        self._master = master
        self._address = address

    def _ask(self, header: int, data: bytes = b"", size: int | None = None, attempts: int = 3) -> Work[bytes]:
        return self._master.ask(self._address, header, data, size=size, attempts=attempts)

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

    def coin_values(self) -> Work[dict[int, int]]:
        """The channel's coins (184) in KRW; unused channels and other currencies are left out."""
        values: dict[int, int] = {}
        for channel in range(1, CHANNELS + 1):
            try:
                answer = yield from self._ask(184, bytes((channel,)))
            except DeviceError as error:
                if error.code is ErrorCode.REFUSED:
                    continue
                raise
            value = coin_value(answer)
            if value:
                values[channel] = value
        return values

    def events(self) -> Work[bytes]:
        """The credit buffer (229), 11 bytes."""
        return self._ask(229, size=11)

    def accepted(self) -> Work[int]:
        """Coins accepted for life (225)."""
        answer = yield from self._ask(225, size=3)
        return int.from_bytes(answer, "little")

    def channel_mask(self) -> Work[int]:
        """Which channels may accept (230); bit 0 is channel 1. All zero after a reset."""
        answer = yield from self._ask(230, size=2)
        return int.from_bytes(answer, "little")

    def set_channel_mask(self, mask: int) -> Work[None]:
        """Set which channels may accept (231)."""
        yield from self._ask(231, mask.to_bytes(2, "little"), size=0)

    def accepting(self) -> Work[bool]:
        """The master inhibit (227): True when coins are taken."""
        answer = yield from self._ask(227, size=1)
        return bool(answer[0] & 1)

    def set_accepting(self, accepting: bool) -> Work[None]:
        """Set the master inhibit (228)."""
        yield from self._ask(228, bytes((int(accepting),)), size=0)


def coin_value(coin_id: bytes) -> int | None:
    """The value in KRW of a coin id such as `KR100A` (country, three digits or digits with K, issue)."""
    text = printable(coin_id)
    if len(text) != 6 or not text.startswith(_COUNTRY):
        return None
    digits = text[2:5]
    if digits.isascii() and digits.isdigit():
        return int(digits) or None
    thousands = digits.replace("K", "")
    if digits.endswith("K") and thousands.isascii() and thousands.isdigit():
        return int(thousands) * 1000 or None
    return None
