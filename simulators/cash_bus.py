"""The single data wire between the host and the cash devices: 9600 baud, echo, 3 ms before a device answers.

The host hears its own bytes, because everybody is on one wire. Bytes take their true time; they are handed over in
lots of eight, as the buffer of a serial chip does. A frame with 50 ms of silence inside it is dropped.
"""

from collections.abc import Callable
from functools import partial

from simulators.cctalk import HOST, NAK, REPLY, Frame, Splitter, encode, encode_with_crc
from simulators.clock import Clock
from simulators.line_faults import LineFaults
from simulators.station import Silent, Station

BYTE_SECONDS = 10 / 9600
TURNAROUND_SECONDS = 0.003
SILENCE_SECONDS = 0.05
_LOT_BYTES = 8


class CashBus:
    """Carries frames between the host and the stations. With `paced` off everything takes no time."""

    def __init__(self, clock: Clock, stations: tuple[Station, ...], *, paced: bool = True) -> None:
        self._clock = clock
        self._stations = {station.address: station for station in stations}
        self._byte = BYTE_SECONDS if paced else 0.0
        self._turnaround = TURNAROUND_SECONDS if paced else 0.0
        self._splitter = Splitter(self.speaks_crc)
        self._free_at = 0.0
        self._heard_at = 0.0
        self.to_host: Callable[[bytes], None] = lambda data: None
        self.faults = LineFaults()
        self.echo = True
        self.crc_addresses = {
            station.address for station in stations if station.category == b"Bill Validator"
        }

    def speaks_crc(self, address: int) -> bool:
        """Whether the device at `address` is set to CRC mode, as bill validators usually are."""
        return address in self.crc_addresses

    def received(self, chunk: bytes) -> None:
        """The host wrote `chunk`; it is on the wire as soon as the wire is free."""
        start = max(self._clock.monotonic(), self._free_at)
        self._free_at = start + len(chunk) * self._byte
        self._at(self._free_at, lambda: self._heard(chunk, start))

    def _at(self, moment: float, act: Callable[[], None]) -> None:
        wait = moment - self._clock.monotonic()
        if self._byte:
            self._clock.later(wait, act)
        else:
            act()

    def _heard(self, chunk: bytes, start: float) -> None:
        chunk = self.faults.damage(chunk)
        if self.echo:
            self._to_host(chunk)
        if start - self._heard_at > SILENCE_SECONDS:
            self._splitter.reset()
        self._heard_at = self._clock.monotonic()
        for frame in self._splitter.feed(chunk):
            self._dispatch(frame)

    def _dispatch(self, frame: Frame) -> None:
        station = self._stations.get(frame.to)
        if station is None or frame.sender != HOST:
            return
        try:
            data = station.answer(frame.header, frame.data)
        except Silent:
            return
        header = NAK if data is None else REPLY
        form = encode_with_crc if self.speaks_crc(frame.to) else encode
        self._reply(form(Frame(HOST, frame.to, header, data or b"")))

    def _reply(self, raw: bytes) -> None:
        raw = self.faults.damage(raw)
        moment = max(self._clock.monotonic(), self._free_at) + self._turnaround
        for first in range(0, len(raw), _LOT_BYTES):
            lot = raw[first : first + _LOT_BYTES]
            moment += len(lot) * self._byte
            self._at(moment, partial(self._to_host, lot))
        self._free_at = moment

    def _to_host(self, data: bytes) -> None:
        if data:
            self.to_host(data)
