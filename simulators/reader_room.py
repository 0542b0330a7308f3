"""A card service (pcscd) in a room of its own: run by reader_daemon.py as `unshare -Urmn … -m simulators.reader_room`.

Private user, mount and network namespaces: the service finds its fixed places in /run free, and the virtual reader,
which listens on every address, is reached from in here only. The hatch hands connections to it out (card_dial.py).
The room ends when its standard input does, so it never outlives who started it.
"""

import fcntl
import os
import select
import shutil
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

from simulators.card_dial import DONE, call

READER_PORT = 0x9001
READY = "reader room ready"
HATCH = "card.sock"
_RUN = Path("/run")
_START_SECONDS = 5.0
_STOP_SECONDS = 2.0
_HAND_SECONDS = 1.0
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 0x1
_LISTENING = "0A"


def main(folder: str, pcscd: str, driver: str, name: str) -> int:
    """Set the room up, serve the hatch until standard input ends; 1 when the card service died before."""
    _loopback_up()
    # What is in `folder` is /run in here, so that both sides see the service's socket and the hatch.
    subprocess.run(("mount", "--bind", folder, str(_RUN)), check=True)
    os.chdir("/")
    service = _start_service(pcscd, driver, name)
    try:
        if not _listens(service):
            return _tell(f"the card service did not start (exit {service.poll()})")
        with socket.socket(socket.AF_UNIX) as hatch:
            (_RUN / HATCH).unlink(missing_ok=True)
            hatch.bind(str(_RUN / HATCH))
            hatch.listen()
            print(READY, flush=True)
            return _serve(hatch, service)
    finally:
        _end(service)


def reader_configuration(driver: str, name: str) -> str:
    """The reader as pcscd's reader.conf(5) has it. vpcd takes its port from the channel."""
    port = f"0x{READER_PORT:04X}"
    return f'FRIENDLYNAME "{name}"\nDEVICENAME /dev/null:{port}\nLIBPATH {driver}\nCHANNELID {port}\n'


def _start_service(pcscd: str, driver: str, name: str) -> subprocess.Popen[bytes]:
    shutil.rmtree(
        _RUN / "pcscd", ignore_errors=True
    )  # of one that was killed; it would be taken for a running one
    readers = _RUN / "reader.conf.d"
    readers.mkdir(exist_ok=True)
    (readers / "changgu").write_text(reader_configuration(driver, name))
    # The service dies with this process, even when that is killed; nothing else would find it in here.
    tether = ("setpriv", "--pdeathsig", "KILL", "--")
    # --critical: below that it writes two lines a connection about features that vpcd does not have.
    service = (pcscd, "--foreground", "--disable-polkit", "--critical", "--config", str(readers))
    return subprocess.Popen((*tether, *service), stdin=subprocess.DEVNULL, stdout=sys.stderr)


def _serve(hatch: socket.socket, service: subprocess.Popen[bytes]) -> int:
    gone = os.pidfd_open(service.pid)
    try:
        while True:
            ready, _, _ = select.select((sys.stdin, gone, hatch), (), ())
            if gone in ready:
                return _tell(f"the card service ended (exit {service.wait()})")
            if sys.stdin in ready and not os.read(sys.stdin.fileno(), 1):
                return 0
            if hatch in ready:
                _hand_out(hatch)
    finally:
        os.close(gone)


def _hand_out(hatch: socket.socket) -> None:
    """One caller gets one connection to the reader, or the end of the line when the reader takes none."""
    caller, _ = hatch.accept()
    with caller:
        caller.settimeout(_HAND_SECONDS)
        try:
            with call(READER_PORT) as connected:
                socket.send_fds(caller, [DONE], [connected.fileno()])
        except OSError:
            return


def _listens(service: subprocess.Popen[bytes]) -> bool:
    """Wait until clients and cards can connect. Looked up, not tried: a connection would be a card."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and service.poll() is None:
        if (_RUN / "pcscd" / "pcscd.comm").is_socket() and _reader_listens():
            return True
        time.sleep(0.005)
    return False


def _reader_listens() -> bool:
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(f":{READER_PORT:04X}") and fields[3] == _LISTENING:
                return True
    return False


def _loopback_up() -> None:
    """`ip link set lo up`, without the program (netdevice(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def _end(service: subprocess.Popen[bytes]) -> None:
    service.terminate()
    try:
        service.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        service.kill()
        service.wait()


def _tell(what: str) -> int:
    print(f"reader room: {what}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
