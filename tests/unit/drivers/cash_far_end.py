"""An acceptor and a hopper at the far end of a virtual ccTalk line, with every way of being late, wrong or absent."""

from collections.abc import Callable

from tests.unit.drivers.test_credits import VALUES, Acceptor

CHANNELS = {channel: f"KR{value:03d}A".encode() for channel, value in VALUES.items()}
TURNAROUND_S = 0.02


class FarAcceptor(Acceptor):
    """Answers the acceptor's headers. A coin is taken only when master and channel allow it and it is being polled."""

    def __init__(self) -> None:
        super().__init__()
        self.serial = 1204771
        self.model = b"CGS"
        self.mask = 0
        self.master = 0
        self.fault = 0
        self.there = True
        self.now = self.polled_at = 0.0

    def drop(self, channel: int, *, past_the_gate: bool = False) -> bool:
        polled = self.now - self.polled_at <= 1.0
        allowed = polled and self.master and self.mask >> (channel - 1) & 1
        if allowed or past_the_gate:
            self.happen(channel, 1)
        elif self.there and polled:
            self.happen(0, 2)
        return bool(allowed or past_the_gate)

    def power_cut(self) -> None:
        self.reset()
        self.mask = self.master = 0

    def reply(self, header: int, data: bytes, now: float) -> bytes | None:
        answer: bytes | None = None
        match header:
            case 254:
                answer = b""
            case 246 | 244 | 241 | 245:
                answer = self.model if header == 244 else b"CGS"
            case 242:
                answer = self.serial.to_bytes(3, "little")
            case 232:
                answer = bytes([self.fault])
            case 184:
                answer = CHANNELS.get(data[0], b"......")
            case 231:
                self.mask = int.from_bytes(data, "little")
                answer = b""
            case 230:
                answer = self.mask.to_bytes(2, "little")
            case 228:
                self.master = data[0] & 1
                answer = b""
            case 227:
                answer = bytes([self.master])
            case 229:
                self.polled_at = now
                answer = self.answer()
            case 225:
                answer = self.accepted.to_bytes(3, "little")
            case _:
                pass
        return answer


class FarHopper:
    """Pays a coin each 180 ms of virtual time; the lifetime count is the truth."""

    COIN_S = 0.18

    def __init__(self) -> None:
        self.serial = 3309200
        self.model = b"CGS"
        self.there = True
        self.coins = 100
        self.counter = 0
        self.remaining = self.paid = self.unpaid = 0
        self.lifetime = 1000
        self.enabled = False
        self.flags = 0
        self.commands = 0
        self.jam_after: int | None = None
        self.extra = 0
        self._moved_at = 0.0

    def advance(self, now: float) -> None:
        while self.remaining and now - self._moved_at >= self.COIN_S:
            self._moved_at += self.COIN_S
            if not self.coins or self.jam_after == self.paid:
                self.unpaid, self.remaining = self.remaining, 0
                self.flags |= 0x02
                return
            self.coins -= 1
            self.paid += 1
            self.lifetime += 1
            self.remaining -= 1
            if not self.remaining and self.extra:
                self.lifetime += self.extra
                self.extra = 0

    def power_cut(self) -> None:
        self.unpaid += self.remaining
        self.remaining = self.counter = 0
        self.enabled = False

    def reply(self, header: int, data: bytes, now: float) -> bytes | None:
        self.advance(now)
        answer: bytes | None = None
        match header:
            case 254:
                answer = b""
            case 244:
                answer = self.model
            case 246 | 241:
                answer = b"CGS"
            case 242:
                answer = self.serial.to_bytes(3, "little")
            case 163:
                answer = bytes([self.flags])
            case 217:
                answer = bytes([0x10 | (self.coins < 20)])
            case 168:
                answer = self.lifetime.to_bytes(3, "little")
            case 166:
                answer = bytes([self.counter, self.remaining, self.paid, self.unpaid])
            case 164:
                self.enabled = data == b"\xa5"
                answer = b""
            case 172:
                self.unpaid, self.remaining = self.remaining, 0
                answer = bytes([self.unpaid])
            case 167:
                answer = self._dispense(data, now)
            case _:
                pass
        return answer

    def _dispense(self, data: bytes, now: float) -> bytes | None:
        if not self.enabled or data[:3] != self.serial.to_bytes(3, "little") or self.remaining:
            raise PermissionError
        self.commands += 1
        self.flags = 0
        self.counter = self.counter % 255 + 1
        self.remaining, self.paid, self.unpaid = data[3], 0, 0
        self._moved_at = now
        return bytes([self.counter])


Mangle = Callable[[int, int, bytes], bytes | None]


class CashFarEnd:
    """Both devices on one echoing wire. `mangle(dest, header, reply)` may change or drop (None) what the host hears;
    `deaf(dest, header)` drops what a device would hear.
    """

    def __init__(self) -> None:
        self.coin = FarAcceptor()
        self.hopper = FarHopper()
        self.echo = True
        self.mangle: Mangle = lambda _dest, _header, reply: reply
        self.deaf: Callable[[int, int], bool] = lambda _dest, _header: False
        self.late_s = 0.0
        self.heard: list[tuple[float, int, int, bytes]] = []
        self._line: list[tuple[float, bytes]] = []

    def receive(self, data: bytes, now: float) -> None:
        dest, header, body = data[0], data[3], data[4:-1]
        self.heard.append((now, dest, header, body))
        if self.echo:
            self._line.append((now, data))
        devices: dict[int, FarAcceptor | FarHopper] = {2: self.coin, 3: self.hopper}
        device = devices.get(dest)
        if device is None or not device.there or self.deaf(dest, header):
            return
        try:
            answer, kind = device.reply(header, body, now), 0
        except PermissionError:
            answer, kind = b"", 5
        if answer is None:
            return
        frame = bytes([1, len(answer), dest, kind]) + answer
        reply = self.mangle(dest, header, frame + bytes([-sum(frame) & 255]))
        if reply is not None:
            self._line.append((now + TURNAROUND_S + self.late_s, reply))

    def send(self, now: float) -> bytes:
        self.hopper.advance(now)
        self.coin.now = now
        due = [chunk for at, chunk in self._line if at <= now]
        self._line = [(at, chunk) for at, chunk in self._line if at > now]
        return b"".join(due)
