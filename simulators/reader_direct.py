"""`python -m simulators.reader_direct FOLDER`: a reader without a card service, for where pcscd can't run.

The card comes through the same hatch (FOLDER/card.sock), clients through FOLDER/direct.sock (docs/protocol.md §3.9).
It counts cards as PC/SC does, and sees one the moment it is there.
"""

import argparse
import asyncio
import signal
import socket
import sys
from pathlib import Path

from simulators.card_dial import DONE
from simulators.reader_door import Client
from simulators.reader_slot import DirectReader

HATCH, DOOR = "card.sock", "direct.sock"


async def serve(folder: Path) -> None:
    """Run until SIGTERM or SIGINT."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    reader = DirectReader()
    (folder / DOOR).unlink(missing_ok=True)
    door = await asyncio.start_unix_server(lambda *ends: Client(reader).serve(*ends), folder / DOOR)
    handing = asyncio.ensure_future(_hand_out(folder / HATCH, reader))
    print(f"reader ready: {folder / DOOR}", flush=True)
    await over.wait()
    handing.cancel()
    door.close()


async def _hand_out(path: Path, reader: DirectReader) -> None:
    """Each caller at the hatch gets one end of a connection, the reader holds the other."""
    loop = asyncio.get_running_loop()
    cards: set[asyncio.Task[None]] = set()
    with socket.socket(socket.AF_UNIX) as hatch:
        path.unlink(missing_ok=True)
        hatch.bind(str(path))
        hatch.listen()
        hatch.setblocking(False)
        while True:
            caller, _ = await loop.sock_accept(hatch)
            ours, theirs = socket.socketpair()
            try:
                with caller, theirs:
                    socket.send_fds(caller, [DONE], [theirs.fileno()])
            except OSError:  # it has gone again: no card of anybody's
                ours.close()
                continue
            card = asyncio.ensure_future(reader.hold(ours))
            cards.add(card)
            card.add_done_callback(cards.discard)


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m simulators.reader_direct", description=__doc__)
    parser.add_argument("folder", type=Path, help="its own folder; made when missing")
    asyncio.run(serve(parser.parse_args().folder.resolve()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
