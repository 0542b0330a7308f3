"""A printer's SNMP agent that is the real snmpd: it serves two objects of the Printer-MIB from a file of the test's.

The file is the printer twin's memory, or one like it: `"sides": 17` in it is the life count.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers.page_printer.snmp import LIFE_COUNT, UNIT

WITHIN_S = 10.0
COMMUNITY = "a word"
IMPRESSIONS = 7
_SNMPD = shutil.which("snmpd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
WHY_NOT = "" if _SNMPD else "snmpd is not installed (apt package snmpd)"
# prtMarkerEntry: what both objects are columns of.
_MARKERS = LIFE_COUNT[:-3]
_SCRIPT = """[ "$1" = -g ] || exit 0
case "$2" in
  {unit_oid}) kind=integer value={unit} ;;
  {count_oid}) kind=counter value=$(sed -n 's/.*"sides": *\\([0-9]*\\).*/\\1/p' {file} 2>/dev/null) ;;
  *) exit 0 ;;
esac
printf '%s\\n%s\\n%s\\n' "$2" "$kind" "${{value:-0}}"
"""


class Agent:
    """The running agent. `close` ends it; `stop` and `go_on` make it silent for a while."""

    def __init__(self, folder: Path, file: Path, unit: int) -> None:
        script = folder / "count.sh"
        oids = {"unit_oid": _dotted(UNIT), "count_oid": _dotted(LIFE_COUNT)}
        script.write_text(_SCRIPT.format(unit=unit, file=file, **oids))
        self.port = _free_port()
        (folder / "snmpd.conf").write_text(
            f"agentaddress udp:127.0.0.1:{self.port}\n"
            f'rocommunity "{COMMUNITY}" 127.0.0.1\n'
            f"pass {_dotted(_MARKERS)} /bin/sh {script}\n"
        )
        arguments = [str(_SNMPD), "-f", "-Lo", "-C", "-c", str(folder / "snmpd.conf"), "-I", "-smux,agentx"]
        log = (folder / "snmpd.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                arguments, env={**os.environ, "SNMP_PERSISTENT_DIR": str(folder)}, stdout=log, stderr=log
            )
        self._await(folder / "snmpd.log")

    def _await(self, log: Path) -> None:
        end = time.monotonic() + WITHIN_S
        while b"NET-SNMP version" not in log.read_bytes():
            assert self._process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.02)  # a foreign program: it tells nobody but its log when it is ready

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def _dotted(oid: tuple[int, ...]) -> str:
    return "." + ".".join(str(part) for part in oid)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def agent(file: Path, unit: int = IMPRESSIONS) -> Iterator[Agent]:
    """An agent that tells what stands in `file`, wiped afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="cgsnmp", dir="/tmp"))
    try:
        served = Agent(folder, file, unit)
        try:
            yield served
        finally:
            served.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
