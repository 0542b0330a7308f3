"""A TCP connection that looks like an open port: it never waits, and fails in one way, OSError."""

import contextlib
import errno
import os
import select
import socket

_READ_BYTES = 4096
# Whoever has sent more than this while nobody asked is no terminal: 256 KiB.
_DISCARD_READS = 64
_ON_THE_WAY = frozenset({errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN})


class TcpPort:
    """A connection to "host:port", which may still be on its way there. Raises OSError, also for an odd address."""

    def __init__(self, address: str, _speed: int) -> None:
        host, colon, port = address.rpartition(":")
        if not colon or not port.isascii() or not port.isdecimal() or int(port) > 0xFFFF:
            raise OSError(errno.EINVAL, "no host:port")
        self._there = False
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        try:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            # Numbers only: looking up a name would wait.
            socket.inet_pton(family, host.strip("[]"))
            failed = self._socket.connect_ex((host.strip("[]"), int(port)))
            if failed and failed not in _ON_THE_WAY:
                raise OSError(failed, os.strerror(failed))
        except OSError:
            self._socket.close()
            raise

    def read(self) -> bytes:
        """What has arrived, perhaps nothing. The far end's goodbye is an OSError as well."""
        if not self._arrived():
            return b""
        try:
            data = self._socket.recv(_READ_BYTES)
        except BlockingIOError:
            return b""
        if not data:
            raise ConnectionResetError(errno.ECONNRESET, "closed by the terminal")
        return data

    def write(self, data: bytes) -> int:
        """How many bytes were taken, perhaps none."""
        if not self._arrived():
            return 0
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0

    def discard(self) -> None:
        """Forget what has arrived. More than can be read at once is an OSError: it may go on for ever."""
        for _ in range(_DISCARD_READS):
            if not self.read():
                return
        raise OSError(errno.EPROTO, "words without an end")

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(OSError):
            self._socket.close()

    def _arrived(self) -> bool:
        if self._there:
            return True
        poll = select.poll()
        poll.register(self._socket, select.POLLOUT)
        if not poll.poll(0):
            return False
        failed = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if failed:
            raise OSError(failed, os.strerror(failed))
        self._there = True
        return True
