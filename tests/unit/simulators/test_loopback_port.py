"""A pulled plug is pulled for whoever was just being let in, too."""

import asyncio
import socket

import pytest

from simulators.loopback_port import LoopbackPort


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        writer.write(line)


async def heard_after_the_plug(turns: int) -> bytes:
    """What a caller hears who was let in `turns` rounds of the loop before the plug was pulled, and asks after it."""
    port = LoopbackPort(echo)
    await port.start()
    with socket.create_connection(("127.0.0.1", port.number)) as caller:
        for _ in range(turns):
            await asyncio.sleep(0)
        await port.stop()
        try:
            caller.sendall(b"anybody?\n")
            caller.setblocking(False)
            async with asyncio.timeout(2):
                return await asyncio.get_running_loop().sock_recv(caller, 100)
        except ConnectionError:
            return b""
        finally:
            await port.close()


@pytest.mark.parametrize("turns", range(8))
def test_a_call_that_was_being_let_in_when_the_plug_was_pulled_is_cut_like_all_others(turns: int) -> None:
    assert asyncio.run(heard_after_the_plug(turns)) == b""
