"""The twins of cash devices: each speaks a protocol that there is a driver for, and may have a port of its own."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.cash.protocols import PROTOCOLS
from simulators.bench import Bench, BenchOptions
from simulators.cash_devices import ACCEPTORS, HOPPERS, VALIDATORS, Twin
from simulators.coin import CoinAcceptor
from simulators.hopper import Hopper
from simulators.station import OwnLine


class Echo:
    """A line on which the far end says again what it heard."""

    def __init__(self) -> None:
        self.to_host: Callable[[bytes], None] = lambda _data: None

    def received(self, chunk: bytes) -> None:
        self.to_host(chunk)


class OwnAcceptor(CoinAcceptor):
    """On a port of its own."""

    @property
    def own_line(self) -> OwnLine:
        return Echo()


class OwnHopper(Hopper):
    """On a port of its own."""

    @property
    def own_line(self) -> OwnLine:
        return Echo()


def ports(options: BenchOptions) -> set[str]:
    """What is in RUN/dev of a machine that is built so."""

    async def made() -> set[str]:
        bench = Bench(options)
        await bench.start()
        found = {port.name for port in (options.run / "dev").iterdir()}
        await bench.stop()
        return found

    return asyncio.run(made())


def test_each_protocol_has_a_twin_and_each_twin_a_protocol() -> None:
    assert {*ACCEPTORS, *HOPPERS, *VALIDATORS} == set(PROTOCOLS)


def test_all_on_the_bus_share_its_port(tmp_path: Path) -> None:
    assert ports(BenchOptions(tmp_path, second_hopper=10)) == {"cash", "presenter", "receipt"}


def test_each_twin_with_a_line_of_its_own_has_its_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ACCEPTORS, "own", Twin(OwnAcceptor, ACCEPTORS["cctalk"].memory))
    monkeypatch.setitem(HOPPERS, "own", Twin(OwnHopper, HOPPERS["cctalk"].memory))
    found = ports(BenchOptions(tmp_path, second_hopper=10, acceptor="own", hopper="own", validator="ict104"))
    assert found == {"cash", "presenter", "receipt", "coin", "hopper", "hopper-2", "note"}
