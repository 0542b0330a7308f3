"""A TLS connection that a clock can cut at any moment: in the name look-up, the handshake, the header or the body.

The time-outs of `requests` bound each read, not the call: a server that drips one byte a second holds a caller for
hours. Here the socket itself is shut down when the call's time is over, whoever is blocked on it.
"""

import contextlib
import queue
import socket
import threading
import time
from ipaddress import ip_address
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError


class Cutter:
    """Holds the present socket's twin and shuts it down when the time is over. One a line, one call at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._twin: socket.socket | None = None
        self._expires = 0.0
        self.established = False
        self.fired = False

    def begin(self, expires: float) -> threading.Timer:
        """A call begins that ends at `expires` (monotonic seconds). Cancel the timer returned when it is over."""
        with self._lock:
            self._expires, self.fired = expires, False
        timer = threading.Timer(max(0.0, expires - time.monotonic()), self.cut)
        timer.daemon = True
        timer.start()
        return timer

    def remaining_s(self) -> float:
        """Seconds left, at least a millisecond (0 would mean "don't block" to a socket)."""
        return max(0.001, self._expires - time.monotonic())

    def watch(self, sock: socket.socket) -> None:
        """`sock` is what the call stands on from here. A duplicate is kept, because TLS takes the object's place."""
        twin = sock.dup()
        with self._lock:
            self._drop()
            self._twin = twin
            if self.fired:
                _shut(twin)

    def cut(self) -> None:
        """The time is over."""
        with self._lock:
            self.fired = True
            if self._twin is not None:
                _shut(self._twin)

    def alive(self) -> bool:
        """Whether the connection is open and quiet; bytes nobody asked for, or the peer's farewell, end it."""
        with self._lock:
            if self._twin is None or not self.established:
                return False
            self._twin.setblocking(False)
            try:
                self._twin.recv(1, socket.MSG_PEEK)
            except BlockingIOError:
                return True
            except OSError:
                return False
            return False

    def close(self) -> None:
        """Forget the connection."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        self.established = False
        if self._twin is not None:
            self._twin.close()
            self._twin = None


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


class CutConnection(HTTPSConnection):
    """urllib3's connection, with its socket made under the cutter's eyes."""

    def __init__(self, *args: Any, cutter: Cutter, **options: Any) -> None:
        super().__init__(*args, **options)
        self._cutter = cutter

    def _new_conn(self) -> socket.socket:
        failure: OSError = OSError("the name has no address")
        for family, address in resolve(self, self._cutter.remaining_s()):
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(self._cutter.remaining_s())
                self._cutter.watch(sock)
                sock.connect(address)
                return sock
            except OSError as error:
                sock.close()
                failure = error
        raise NewConnectionError(self, str(failure)) from failure

    def connect(self) -> None:
        """TCP, then TLS. From its end on a request may reach central."""
        self._cutter.close()
        super().connect()
        self._cutter.established = True


def resolve(connection: HTTPSConnection, wait_s: float) -> list[tuple[socket.AddressFamily, Any]]:
    """The addresses of the connection's host. The resolver knows no deadline, so a thread left to itself asks it."""
    host, port = connection.host, connection.port or 443
    with contextlib.suppress(ValueError):
        version = ip_address(host.strip("[]")).version
        return [(socket.AF_INET6 if version == 6 else socket.AF_INET, (host.strip("[]"), port))]
    answers: queue.SimpleQueue[list[tuple[socket.AddressFamily, Any]] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(family, address) for family, _, _, _, address in found])
        except OSError as error:
            answers.put(error)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=wait_s)
    except queue.Empty:
        answer = socket.gaierror(socket.EAI_AGAIN, "no answer in time")
    if isinstance(answer, OSError):
        gai = answer if isinstance(answer, socket.gaierror) else socket.gaierror(str(answer))
        raise NameResolutionError(host, connection, gai) from answer
    return answer


def _pool_cut_by(cutter: Cutter) -> type[HTTPSConnectionPool]:
    """A pool whose connections know their cutter: what a pool doesn't know itself it gives to each connection."""

    class CutPool(HTTPSConnectionPool):
        ConnectionCls = CutConnection

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, cutter=cutter, **options)

    return CutPool


class CutAdapter(HTTPAdapter):
    """The requests adapter of one line: one connection, no retries of its own, cut by `cutter`."""

    def __init__(self, cutter: Cutter) -> None:
        self._cutter = cutter
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        """The hook that requests has for another pool manager."""
        manager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        manager.pool_classes_by_scheme = {"https": _pool_cut_by(self._cutter)}
        self.poolmanager = manager
