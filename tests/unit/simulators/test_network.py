"""The cable between kiosk and central: up, cut, stalled, and losing replies, in clear and under TLS."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from simulators.clock import LoopClock
from simulators.network import Cable, Mode

Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Central:
    """Answers each line with its capitals and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                self.asked.append(line)
                writer.write(line.upper())
                await writer.drain()
        except (ConnectionError, ssl.SSLError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def cable(tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[Cable, Central]]:
    central = Central()
    server = await asyncio.start_server(central.serve, "127.0.0.1", 0, ssl=tls)
    cable = Cable(LoopClock(asyncio.get_running_loop()), server.sockets[0].getsockname()[1])
    await cable.set(Mode.UP)
    try:
        yield cable, central
    finally:
        await cable.close()
        server.close()


async def connect(cable: Cable, tls: ssl.SSLContext | None = None) -> Wire:
    return await asyncio.open_connection(
        "127.0.0.1", cable.number, ssl=tls, server_hostname="central" if tls else None
    )


async def ask(wire: Wire, line: bytes) -> bytes:
    """The reply, or b"" when the connection ends without one."""
    wire[1].write(line + b"\n")
    try:
        return await asyncio.wait_for(wire[0].readline(), 10)
    except (ConnectionError, ssl.SSLError):
        return b""


@pytest.fixture(scope="module", params=["1.2", "1.3"])
def contexts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Server and client contexts with mutual authentication, for one TLS version."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = self_signed(folder)
    version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[request.param]
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for context in (server, client):
        context.minimum_version = context.maximum_version = version
        context.load_cert_chain(certificate, key)
        context.load_verify_locations(certificate)
        context.verify_mode = ssl.CERT_REQUIRED
    return server, client


def self_signed(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "central")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("central")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "cert.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate_file, key_file


def test_a_good_cable_carries_both_ways_and_the_end_of_a_connection() -> None:
    async def scene() -> None:
        async with cable() as (wire, central):
            connection = await connect(wire)
            assert await ask(connection, b"hello") == b"HELLO\n"
            connection[1].write_eof()
            assert await connection[0].read() == b""
            connection[1].close()
            assert central.asked == [b"hello\n"]

    asyncio.run(scene())


def test_a_cut_cable_ends_connections_and_refuses_new_ones_until_it_is_back() -> None:
    async def scene() -> None:
        async with cable() as (wire, _):
            connection = await connect(wire)
            await ask(connection, b"one")
            await wire.set(Mode.REFUSE)
            assert await ask(connection, b"two") == b""
            connection[1].close()
            with pytest.raises(ConnectionRefusedError):
                await connect(wire)
            number = wire.number
            await wire.set(Mode.UP)
            assert wire.number == number
            connection = await connect(wire)
            assert await ask(connection, b"three") == b"THREE\n"
            connection[1].close()

    asyncio.run(scene())


def test_a_hanging_cable_takes_connections_and_carries_nothing_until_it_is_back() -> None:
    async def scene() -> None:
        async with cable() as (wire, central):
            old = await connect(wire)
            await ask(old, b"one")
            await wire.set(Mode.HANG)
            fresh = await connect(wire)
            asked = [asyncio.create_task(ask(old, b"two")), asyncio.create_task(ask(fresh, b"three"))]
            done, _ = await asyncio.wait(asked, timeout=0.1)
            assert not done
            assert central.asked == [b"one\n"]
            await wire.set(Mode.UP)
            assert await asyncio.gather(*asked) == [b"TWO\n", b"THREE\n"]
            old[1].close()
            fresh[1].close()

    asyncio.run(scene())


def test_a_request_whose_reply_gets_lost_was_carried_out_once() -> None:
    async def scene() -> None:
        async with cable() as (wire, central):
            await wire.set(Mode.LOSE_REPLY, lose=1)
            connection = await connect(wire)
            assert await ask(connection, b"pay") == b""
            connection[1].close()
            assert central.asked == [b"pay\n"]
            assert wire.mode is Mode.UP
            connection = await connect(wire)
            assert await ask(connection, b"pay") == b"PAY\n"
            connection[1].close()

    asyncio.run(scene())


def test_under_tls_the_handshake_works_and_only_the_reply_gets_lost(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    async def scene() -> None:
        async with cable(contexts[0]) as (wire, central):
            await wire.set(Mode.LOSE_REPLY)
            connection = await connect(wire, contexts[1])
            assert await ask(connection, b"issue") == b""
            connection[1].transport.abort()
            assert central.asked == [b"issue\n"]

    asyncio.run(scene())


def test_under_tls_a_reply_on_a_connection_kept_open_gets_lost_too(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    async def scene() -> None:
        async with cable(contexts[0]) as (wire, central):
            connection = await connect(wire, contexts[1])
            assert await ask(connection, b"draft") == b"DRAFT\n"
            await wire.set(Mode.LOSE_REPLY)
            assert await ask(connection, b"issue") == b""
            connection[1].transport.abort()
            assert central.asked == [b"draft\n", b"issue\n"]

    asyncio.run(scene())


def test_without_central_at_its_end_a_connection_is_cut() -> None:
    async def scene() -> None:
        async with cable() as (wire, _):
            wire.target = None
            connection = await connect(wire)
            assert await ask(connection, b"hello") == b""
            connection[1].close()

    asyncio.run(scene())
