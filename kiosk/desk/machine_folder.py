"""A machine's run directory for the desk: settings, keys, where simulators and central are. Made once, used again."""

import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from kiosk.desk.toml_text import Tables, over, toml
from kiosk.health.start import START_MS

KIOSK_ID = "YDP-0063"
SETTINGS = {
    "kiosk_id": KIOSK_ID,
    "site": "63시티 지하 1층 로비",
    "machine": "63-1",
    "municipality": "영등포구",
    "help_phone": "02-2670-3114",
}


# The machine's own start, and what its programs need to come up on a computer that does much besides.
READY_WITHIN_S = START_MS / 1_000 + 15.0
# What the simulated hopper is filled with.
SIMULATED_COINS = 120
# The desk's card service lives here, below the run directory (simulators/reader_daemon.py).
READER = "reader"
WITH_READER = {"card": {"reader": True, "socket": f"{READER}/pcscd/pcscd.comm"}}
# The simulated UPS; where it is is known once the simulators run (`ups_of`).
WITH_UPS = {"ups": {"address": "the desk's"}}
# Where no card service can run: simulators/reader_direct.py.
WITH_DIRECT_READER = {"card": {"reader": True, "service": "direct", "socket": f"{READER}/direct.sock"}}

# The simulated payment terminal; its address is known when the simulators run.
WITH_TERMINAL = {"terminal": {"address": "here"}}


def hoppers(first: int = SIMULATED_COINS, second: int | None = None) -> Tables:
    """The settings of one that pays 100 KRW and holds so many coins, and of another one that pays 500."""
    held = ((100, first), *(((500, second),) if second is not None else ()))
    return {"cash": {"hoppers": [{"coin": coin, "fill": fill, "low": 20} for coin, fill in held]}}


def fitted(others: Tables, part: str) -> bool:
    """Whether these settings name the part (`terminal`, `ups`)."""
    return bool(others.get(part, {}).get("address"))


def ups_of(run: Path, where: str) -> Tables:
    """The desk's UPS, at `where`; what turns the machine off is the desk's power switch."""
    return {"address": where, "halt_command": [sys.executable, "-m", "kiosk.desk.desk_halt", str(run)]}


def with_wires(run: Path, others: Tables, found: Mapping[str, str | int]) -> Tables:
    """The other settings, with where the devices were `found` (ports.json); nobody has found them yet: nowhere."""
    wires: dict[str, Tables] = {}
    if fitted(others, "terminal"):
        wires["terminal"] = {"address": found.get("terminal", "")}
    if fitted(others, "ups"):
        wires["ups"] = ups_of(run, str(found.get("ups", "")))
    return over(others, wires)


def make_directories(run: Path, out: Path) -> None:
    """Everything that a program expects to be there. Raises OSError."""
    for name in ("sock", "dev", "pki", "ledger", "central", "sim", "log"):
        (run / name).mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)


def write_settings(
    run: Path, *, central_port: int, printer_uri: str, others: Tables = MappingProxyType({})
) -> None:
    """kiosk.toml of this machine, its wires ending at the simulators. `others`: what differs from every other desk."""
    built = over(SETTINGS, hoppers(), {"cash": {"notes": {}}}, others)
    wires = {"central_url": f"https://127.0.0.1:{central_port}", "printer": {"uri": printer_uri}}
    (run / "kiosk.toml").write_text(toml(over(built, wires)), "utf-8")


def free_port() -> int:
    """A TCP port of this machine that nobody has at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
