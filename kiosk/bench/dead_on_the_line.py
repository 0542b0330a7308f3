"""From a coin's event to its credit on a real pty, by the clock on the wall, while no neighbour answers."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers.cash.bus import FULL, CashBus
from drivers.contract import Collect, Completed, Credited, Event, Outcome, Resume
from drivers.runner import Runner
from kiosk.bench.bar import Bar, percentile
from kiosk.bench.dead_neighbours import BETWEEN_COINS_S, COIN_VALUE, LIMIT_MS
from kiosk.ipc.json_lines import ask

COINS = 60
GIVE_UP_S = 10.0
# The simulated acceptor says that a coin is accepted when it is at the gate; its event comes so much later.
GATE_TO_EVENT_S = 0.060


def measure() -> Bar:
    """Two hoppers and a validator are in the settings, and none of them is there."""
    with _simulators() as run, _driver(run / "dev" / "cash") as driver:
        for device in ("hopper", "note"):  # there is no second hopper anyway
            ask(run / "sock" / "sim.sock", GIVE_UP_S, do="unplug", device=device)
        driver.give(Resume(request="resume", deadline_ms=8_000))
        driver.give(Collect(request="collect", denominations=(COIN_VALUE,), notes=(1_000,)))
        took = [_coin(run / "sock" / "sim.sock", driver) for _ in range(COINS)]
    detail = f"{COINS} coins on a pty, median {percentile(took, 0.5):.0f}, worst {max(took):.0f}"
    what = "coin → credit on a real line, no neighbour answers, p95"
    return Bar(what, percentile(took, 0.95), LIMIT_MS, "ms", detail)


def _coin(control: Path, driver: "_Driver") -> float:
    began, before = time.monotonic(), len(driver.credited)
    landed = ask(control, GIVE_UP_S, do="coin", value=COIN_VALUE)["coin"]
    event_at = time.monotonic() + GATE_TO_EVENT_S
    if landed != "accepted":
        raise ValueError(f"the acceptor gave a coin back ({landed})")
    driver.wait(lambda: len(driver.credited) > before)
    time.sleep(max(0.0, began + BETWEEN_COINS_S - time.monotonic()))
    return (driver.credited[-1] - event_at) * 1000


class _Driver:
    """The cash bus on a thread of its own, and when it credited coins."""

    def __init__(self, port: Path) -> None:
        self.credited: list[float] = []
        self._ends: dict[str, Completed] = {}
        self._news = threading.Condition()
        self._runner = Runner(CashBus(str(port), self._hear, None, FULL))
        self._thread = threading.Thread(target=self._runner.run, name="cash", daemon=True)
        self._thread.start()

    def _hear(self, event: Event, _handed: object = None) -> None:
        with self._news:
            if isinstance(event, Credited):
                self.credited.append(time.monotonic())
            elif isinstance(event, Completed):
                self._ends[event.request] = event
            self._news.notify_all()

    def wait(self, over: Callable[[], bool]) -> None:
        """Until `over()`. Raises ValueError when it takes too long."""
        with self._news:
            if not self._news.wait_for(over, GIVE_UP_S):
                raise ValueError(f"the cash bus said nothing for {GIVE_UP_S:.0f} s")

    def give(self, command: Resume | Collect) -> None:
        """Give a command and wait for its end. Raises ValueError when it fails."""
        self._runner.call(lambda: self._runner.bus.submit(command, self._hear))
        self.wait(lambda: command.request in self._ends)
        end = self._ends[command.request]
        if end.outcome is not Outcome.DONE:
            raise ValueError(f"{command.request}: {end.outcome} {end.detail}")

    def stop(self) -> None:
        """End the bus and its thread."""
        self._runner.stop()
        self._thread.join(GIVE_UP_S)


@contextmanager
def _driver(port: Path) -> Iterator[_Driver]:
    driver = _Driver(port)
    try:
        yield driver
    finally:
        driver.stop()


@contextmanager
def _simulators() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as run:
        command = [sys.executable, "-m", "simulators", "--run", run]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            if process.stdout is None or "ready" not in process.stdout.readline():
                raise ValueError("the simulators did not start")
            yield Path(run)
        finally:
            process.terminate()
            process.wait(GIVE_UP_S)
            if process.stdout is not None:
                process.stdout.close()
