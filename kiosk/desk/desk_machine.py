"""A machine's run directory for the desk: settings, keys, where simulators and central are. Made once, used again."""

import json
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

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
WITH_READER = {"card_reader": True, "card_socket": f"{READER}/pcscd/pcscd.comm"}
# The simulated UPS; where it is is known once the simulators run (`ups_of`).
WITH_UPS = {"ups": "the desk's"}
# Where no card service can run: simulators/reader_direct.py.
WITH_DIRECT_READER = {"card_reader": True, "card_service": "direct", "card_socket": f"{READER}/direct.sock"}

# The simulated payment terminal; its address is known when the simulators run.
WITH_TERMINAL = {"terminal": "here"}


def ups_of(run: Path, where: str) -> dict[str, object]:
    """The desk's UPS, at `where`; what turns the machine off is the desk's power switch."""
    return {"ups": where, "halt_command": [sys.executable, "-m", "kiosk.desk.desk_halt", str(run)]}


def with_wires(run: Path, others: Mapping[str, object], found: Mapping[str, str | int]) -> dict[str, object]:
    """The other settings, with where the devices were `found` (ports.json); without those that nobody has found yet."""
    known = {name: value for name, value in others.items() if name not in ("terminal", "ups")}
    if "terminal" in others and "terminal" in found:
        known["terminal"] = found["terminal"]
    if "ups" in others and "ups" in found:
        known |= ups_of(run, str(found["ups"]))
    return known


def make_directories(run: Path, out: Path) -> None:
    """Everything that a program expects to be there. Raises OSError."""
    for name in ("sock", "dev", "pki", "ledger", "central", "sim", "log"):
        (run / name).mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)


def write_settings(
    run: Path, *, central_port: int, printer_uri: str, others: Mapping[str, object] = MappingProxyType({})
) -> None:
    """kiosk.toml of this machine, its wires ending at the simulators. `others`: what differs from every other desk."""
    values: dict[str, object] = {
        **SETTINGS,
        "hopper_fill": SIMULATED_COINS,
        "note_reader": True,
        **others,
    }
    values |= {"central_url": f"https://127.0.0.1:{central_port}", "printer_uri": printer_uri}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    (run / "kiosk.toml").write_text("\n".join(lines) + "\n", "utf-8")


def free_port() -> int:
    """A TCP port of this machine that nobody has at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
