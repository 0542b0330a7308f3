"""Runs both listeners in one process: mutual TLS for machines, plain HTTP on the loopback for people."""

import asyncio
import os
import signal
import socket
import ssl
from asyncio import constants
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import uvicorn

from central.api.app import kiosk_api
from central.api.peer import PeerProtocol
from central.authority.keys import Folder
from central.http.heads import HEAD_S, BoundedProtocol
from central.http.shield import Shield
from central.problems import SetupError
from central.services import Services, open_services
from central.store.database import OnlyServer
from central.web.app import web_pages
from kiosk.protocol import exits

HOST = "127.0.0.1"
_KEEP_ALIVE_S = 75  # longer than the machines' 30 s between heartbeats
_STOP_S = 3
_LAST_S = _STOP_S + 2  # what has not ended by then does not end by itself


class ServeError(SetupError):
    """The server cannot start; the message says why and what to do."""


class Listener(uvicorn.Server):
    """A server that leaves signals to the process and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Both listeners stop together: `serve` handles the signals."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self.listening.set()


async def serve(folder: Folder, api_port: int, web_port: int, ready_file: Path | None = None) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP. Port 0 takes any free one; the ready file names the ports as JSON.

    Raises ServeError, StoreError, PkiError, and what a listener raises.
    """
    if api_port == web_port != 0:
        raise ServeError(
            f"port {api_port} can't be both for machines and for people; choose another for one of them"
        )
    constants.SSL_HANDSHAKE_TIMEOUT = HEAD_S  # uvicorn hands none through
    lock = OnlyServer(folder.data)
    try:
        services = await open_services(folder)
        try:
            with _bound(api_port) as api_socket, _bound(web_port) as web_socket:
                await _listen(services, api_socket, web_socket, ready_file)
        finally:
            await services.close()
    finally:
        lock.release()


async def _listen(
    services: Services, api_socket: socket.socket, web_socket: socket.socket, ready_file: Path | None
) -> None:
    stopping = asyncio.Event()
    api = Listener(_api_config(services))
    web = Listener(_config(Shield(web_pages(services, stopping), "web"), http=BoundedProtocol))
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopping.set()
        services.board.changed()  # wakes the streams
        api.should_exit = web.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            loop.add_signal_handler(number, stop)
    running = [
        asyncio.create_task(api.serve(sockets=[api_socket])),
        asyncio.create_task(web.serve(sockets=[web_socket])),
    ]
    for listener in running:
        listener.add_done_callback(lambda _ended: stop())  # however: one is of no use without the other
    announcing = asyncio.create_task(_announce((api, web), (api_socket, web_socket), ready_file))
    announcing.add_done_callback(lambda done: None if _went_well(done) else stop())
    try:
        await stopping.wait()
    finally:
        stop()
        announcing.cancel()  # of a listener that never came to listen it would wait for ever
        await _end([*running, announcing])


async def _end(running: list[asyncio.Task[None]]) -> None:
    """Until all of them are over, those that don't end by themselves, too. Raises what the first of them raised."""
    _, hanging = await asyncio.wait(running, timeout=_LAST_S)
    for task in hanging:
        task.cancel()
    for result in await asyncio.gather(*running, return_exceptions=True):
        if isinstance(result, Exception):
            raise result


def _went_well(done: asyncio.Task[None]) -> bool:
    return not done.cancelled() and done.exception() is None


async def _announce(
    listeners: tuple[Listener, Listener],
    sockets: tuple[socket.socket, socket.socket],
    ready_file: Path | None,
) -> None:
    for listener in listeners:
        await listener.listening.wait()
    api_port, web_port = (sock.getsockname()[1] for sock in sockets)
    print(f"machines: https://localhost:{api_port}   people: http://{HOST}:{web_port}/", flush=True)
    if ready_file is not None:
        unfinished = ready_file.with_name(ready_file.name + ".new")
        ports = {"api_port": api_port, "web_port": web_port, "pid": os.getpid()}
        unfinished.write_bytes(msgspec.json.encode(ports))
        os.replace(unfinished, ready_file)


def _api_config(services: Services) -> uvicorn.Config:
    key = services.folder.key
    config = _config(
        Shield(kiosk_api(services), "api"),
        http=PeerProtocol,
        ssl_keyfile=str(key("server.key")),
        ssl_certfile=str(key("server.pem")),
        ssl_ca_certs=str(key("ca.pem")),
        ssl_cert_reqs=ssl.CERT_REQUIRED,
    )
    config.load()
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_3
    return config


def _config(app: Shield, **options: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=500,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_STOP_S,
        **options,
    )


@contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    """A socket that listens there: that its port is somebody else's may come out only then. Raises ServeError."""
    # With the protocol named, asyncio switches Nagle's algorithm off on what is accepted; else answers wait 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
            listening.listen()
        except OSError as error:
            sentence = f"port {port} cannot be used ({error.strerror}); choose another, or 0 for any"
            raise ServeError(sentence, exits.MISSING) from None
        yield listening
