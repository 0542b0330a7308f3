"""The UPS with the server that has it on its cable: what upsd answers, and what it does when it is not well.

Twin of Network UPS Tools' upsd 2.8.1 as far as a client that only looks needs it (docs/protocol.md §3.11). The contract
tests hold it against the real one. It runs on its own battery: cutting the machine's power does not touch it.
"""

import asyncio
import shlex
from enum import StrEnum

from simulators.clock import Clock
from simulators.loopback_port import LoopbackPort
from simulators.world import World

NAME = "kiosk"
_MAX_LINE_BYTES = 4_096
_GARBAGE = bytes(range(1, 256)) * 2


class Mains(StrEnum):
    """What the machine runs on."""

    LINE = "line"
    BATTERY = "battery"
    LOW = "low"


class UpsFault(StrEnum):
    """How the server is not well."""

    NONE = "none"
    SILENT = "silent"
    GARBAGE = "garbage"
    HALF = "half"
    STALE = "stale"
    NEITHER = "neither"


_STATUS = {Mains.LINE: "OL CHRG", Mains.BATTERY: "OB DISCHRG", Mains.LOW: "OB DISCHRG LB"}
_FULL = {Mains.LINE: (100, 1_800), Mains.BATTERY: (80, 900), Mains.LOW: (9, 60)}


class Ups:
    """One UPS. `charge` in percent and `runtime` in seconds; None where it tells none. `password`: if it wants one."""

    def __init__(self, clock: Clock, world: World, port: int = 0, password: str = "") -> None:
        self._clock, self._world, self._password = clock, world, password
        self._port = LoopbackPort(self._serve, port)
        self.number = self._port.number
        self.mains = Mains.LINE
        self.charge: int | None
        self.runtime: int | None
        self.charge, self.runtime = _FULL[Mains.LINE]
        self.fault = UpsFault.NONE

    @property
    def plugged(self) -> bool:
        """Whether the server runs."""
        return self._port.open

    async def plug(self, plugged: bool) -> None:
        """Start the server, or let it die."""
        await (self._port.start() if plugged else self._port.stop())

    async def close(self) -> None:
        """Take it away."""
        await self._port.close()

    def turn(self, mains: Mains, charge: int | None = None, runtime: int | None = None) -> None:
        """The mains go or come back, or the battery nears its end. Without figures: usual ones."""
        usual = _FULL[mains]
        self.mains = mains
        self.charge = usual[0] if charge is None else charge
        self.runtime = usual[1] if runtime is None else runtime
        self._world.tell("ups", mains=str(mains))

    def tell_no_figures(self) -> None:
        """A simple UPS: on line, on battery or low, and no more."""
        self.charge = self.runtime = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        known: dict[str, str] = {}
        while line := await reader.readline():
            if len(line) > _MAX_LINE_BYTES:
                return
            if self.fault is UpsFault.SILENT:
                continue
            answer = _GARBAGE if self.fault is UpsFault.GARBAGE else self._answer(line, known)
            writer.write(answer[: len(answer) // 2] if self.fault is UpsFault.HALF else answer)
            await writer.drain()

    def _answer(self, line: bytes, known: dict[str, str]) -> bytes:
        try:
            words = shlex.split(line.decode("utf-8", "replace"))
        except ValueError:
            return b"ERR INVALID-ARGUMENT\n"
        match words:
            case ["VER"]:
                return b"Network UPS Tools upsd 2.8.1 - https://www.networkupstools.org/\n"
            case ["USERNAME" | "PASSWORD" as which, word]:
                again = which in known
                known[which] = word
                return f"ERR ALREADY-SET-{which}\n".encode() if again else b"OK\n"
            case ["LOGIN", str()]:
                good = "USERNAME" in known and known.get("PASSWORD", "") == self._password
                return b"OK\n" if good else b"ERR ACCESS-DENIED\n"
            case ["LIST", "VAR", ups]:
                return self._list(ups)
            case ["GET", "VAR", ups, name]:
                return self._get(ups, name)
            case _:
                return b"ERR UNKNOWN-COMMAND\n"

    def _list(self, ups: str) -> bytes:
        if refusal := self._refusal(ups):
            return refusal
        told = "".join(f'VAR {ups} {name} "{value}"\n' for name, value in sorted(self._variables().items()))
        return f"BEGIN LIST VAR {ups}\n{told}END LIST VAR {ups}\n".encode()

    def _get(self, ups: str, name: str) -> bytes:
        if refusal := self._refusal(ups):
            return refusal
        value = self._variables().get(name)
        return b"ERR VAR-NOT-SUPPORTED\n" if value is None else f'VAR {ups} {name} "{value}"\n'.encode()

    def _refusal(self, ups: str) -> bytes:
        if ups != NAME:
            return b"ERR UNKNOWN-UPS\n"
        return b"ERR DATA-STALE\n" if self.fault is UpsFault.STALE else b""

    def _variables(self) -> dict[str, str]:
        status = "BYPASS" if self.fault is UpsFault.NEITHER else _STATUS[self.mains]
        told = {
            "ups.status": status,
            "device.mfr": "Changgu",
            "device.model": "Desk UPS",
            "device.serial": "U-1",
        }
        figures = {"battery.charge": self.charge, "battery.runtime": self.runtime}
        return told | {name: str(value) for name, value in figures.items() if value is not None}
