"""How a card reaches its reader: a port of this machine, or the hatch of a reader in a room of its own.

A reader in a private network (reader_room.py) can be reached from inside only. Its hatch, a Unix socket, makes the
connection there and hands it out as a file descriptor, so that bytes pass without anybody in between.
"""

import socket

DONE = b"+"
_HATCH_SECONDS = 2.0
# A reader takes one caller at each of its looks (0.4 s) and lets one more wait; the next one's call is lost, and TCP
# itself would repeat it only after a second.
_CALL_SECONDS = 0.1
_CALLS = 10


def dial(reader: str) -> socket.socket:
    """A connection to the reader: `reader` is a port number on 127.0.0.1, or the path of a hatch. Raises OSError."""
    is_port = reader.isascii() and reader.isdigit()
    connected = call(int(reader)) if is_port else _through_hatch(reader)
    connected.setblocking(False)
    return connected


def call(port: int) -> socket.socket:
    """A connection to a reader on this side. Raises OSError: at once when nothing listens, else after a second."""
    for _ in range(_CALLS - 1):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=_CALL_SECONDS)
        except TimeoutError:
            continue
    return socket.create_connection(("127.0.0.1", port), timeout=_CALL_SECONDS)


def _through_hatch(path: str) -> socket.socket:
    with socket.socket(socket.AF_UNIX) as hatch:
        hatch.settimeout(_HATCH_SECONDS)
        hatch.connect(path)
        _, handed, _, _ = socket.recv_fds(hatch, len(DONE), 1)
    if not handed:
        raise ConnectionRefusedError(f"nothing listens behind {path}")
    return socket.socket(fileno=handed[0])
