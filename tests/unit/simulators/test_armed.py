"""What is set is told by the twins themselves: each fault as long as it is to come, and none once it is gone."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from simulators.armed import armed
from simulators.bench import Bench, BenchOptions
from simulators.dock.armed_words import FAULTS
from simulators.faults import DONE_AT_ONCE, known_faults, set_fault
from simulators.seen import seen
from simulators.station import Silent

# What a fault has to be told besides its name.
WITH: dict[str, object] = {
    "ms": 100,
    "bytes": 3,
    "sw": 0x6F00,
    "header": 229,
    "after": 2,
    "act": "book",
    "rate": 0.1,
    "operation": "create-job",
    "value": 500,
}


@pytest.fixture
def place() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    yield made
    shutil.rmtree(made)


@asynccontextmanager
async def bench_at(place: Path) -> AsyncIterator[Bench]:
    bench = Bench(BenchOptions(place, card_reader="1"))
    await bench.start()
    try:
        yield bench
    finally:
        await bench.stop()


def on_a_bench(place: Path, act: Callable[[Bench], Awaitable[None]]) -> None:
    async def run() -> None:
        async with bench_at(place) as bench:
            await act(bench)

    asyncio.run(run())


def test_every_fault_is_told_while_it_is_set_and_no_longer(place: Path) -> None:
    async def each(bench: Bench) -> None:
        for device, faults in known_faults(bench).items():
            for fault in faults:
                if fault == "none" or fault in DONE_AT_ONCE:
                    continue
                await set_fault(bench, device, fault, WITH)
                assert list(armed(bench)) == [(device, fault)], (device, fault)
                await set_fault(bench, device, "none", {})
                assert list(armed(bench)) == [], (device, fault)

    on_a_bench(place, each)


def test_a_jam_that_is_set_is_told_until_it_is_taken_away(place: Path) -> None:
    async def jam(bench: Bench) -> None:
        bench.printer.jam_sheet = 1
        assert seen(bench)["armed"] == [{"device": "printer", "fault": "jam"}]
        await set_fault(bench, "printer", "none", {})
        assert seen(bench)["armed"] == []

    on_a_bench(place, jam)


def test_what_was_used_up_is_not_set_any_more(place: Path) -> None:
    async def used_up(bench: Bench) -> None:
        await set_fault(bench, "hopper", "lose-reply", {})
        assert list(armed(bench)) == [("hopper", "lose-reply")]
        bench.hopper.handlers[167] = lambda _data: b""
        with pytest.raises(Silent):
            bench.hopper.answer(167, b"")
        assert list(armed(bench)) == []

    on_a_bench(place, used_up)


def test_every_fault_that_can_be_set_has_words_on_the_dock(place: Path) -> None:
    async def each(bench: Bench) -> None:
        named = {(device, fault) for device, faults in FAULTS.items() for fault in faults}
        known = {
            (device, fault)
            for device, faults in known_faults(bench).items()
            for fault in faults
            if fault != "none" and fault not in DONE_AT_ONCE
        }
        assert named == known | {("printer", "jam")}

    on_a_bench(place, each)
