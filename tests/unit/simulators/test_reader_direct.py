"""The hatch of a reader without a card service goes on, whoever calls there and is gone again."""

import asyncio
import contextlib
import socket
import tempfile
from pathlib import Path

from simulators.reader_direct import HATCH, _hand_out
from simulators.reader_slot import DirectReader

PATIENCE_S = 5.0


def test_who_calls_and_is_gone_again_takes_nothing_from_the_next() -> None:
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as folder:
        asyncio.run(asyncio.wait_for(_calls(Path(folder) / HATCH), PATIENCE_S))


async def _calls(path: Path) -> None:
    handing = asyncio.ensure_future(_hand_out(path, DirectReader()))
    await asyncio.sleep(0)
    for _ in range(3):
        with socket.socket(socket.AF_UNIX) as gone:
            gone.connect(str(path))
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(path))
        card = await asyncio.to_thread(_handed, caller)
    handing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await handing
    card.close()


def _handed(caller: socket.socket) -> socket.socket:
    caller.settimeout(PATIENCE_S)
    _done, handed, _flags, _address = socket.recv_fds(caller, 16, 1)
    return socket.socket(fileno=handed[0])
