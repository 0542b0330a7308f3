"""The questions one can ask a ccTalk coin acceptor, typed. Source: ccTalk Generic Specification 4.7, part 2."""

from drivers.cctalk.frames import printable
from drivers.cctalk.master import Master
from drivers.cctalk.payin import PayIn
from drivers.scheduler import Task

ADDRESS = 2
_COUNTRY = "KR"


class Acceptor(PayIn):
    """A coin acceptor at one address of the bus. All methods raise DeviceError."""

    def __init__(self, master: Master, address: int = ADDRESS) -> None:
        super().__init__(master, address)

    def coin_values(self) -> Task[dict[int, int]]:
        """The channel's coins (184) in KRW; unused channels and other currencies are left out."""
        return self._values(184, coin_value)

    def events(self) -> Task[bytes]:
        """The credit buffer (229), 11 bytes."""
        return self._ask(229, size=11)

    def accepted(self) -> Task[int]:
        """Coins accepted for life (225)."""
        answer = yield from self._ask(225, size=3)
        return int.from_bytes(answer, "little")

    def accepting(self) -> Task[bool]:
        """The master inhibit (227): True when coins are taken."""
        answer = yield from self._ask(227, size=1)
        return bool(answer[0] & 1)


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
