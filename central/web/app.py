"""The web listener: the fleet, the verification of a document, and a sign of life. Loopback only, plain HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles

from central.authority.picture import PictureReader
from central.authority.verification import Verifier
from central.http.shield import answer_problems
from central.services import Services
from central.web.fleet import board_facts
from central.web.headers import SecureHeaders
from central.web.limit import Bucket
from central.web.pages import make_environment
from central.web.trust_list import add_trust_list
from central.web.verify import Verification, add_verification
from kiosk.protocol.signed_list import fingerprint, load_root

REFRESH_S = 10
_GATHER_S = 0.2  # changes that come together are shown together


def web_pages(services: Services, stopping: asyncio.Event) -> FastAPI:
    """The application of the web listener. Streams end when `stopping` is set."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.add_middleware(SecureHeaders)
    answer_problems(app)
    environment = make_environment()
    static = Path(__file__).with_name("static")
    app.mount("/static", StaticFiles(directory=static), name="static")

    async def board() -> str:
        return environment.get_template("board.html").render(**await board_facts(services))

    @app.get("/")
    async def fleet() -> HTMLResponse:
        facts = await board_facts(services)
        return HTMLResponse(environment.get_template("fleet.html").render(**facts))

    @app.get("/fleet/stream")
    async def stream() -> StreamingResponse:
        return StreamingResponse(_frames(services, board, stopping), media_type="text/event-stream")

    @app.get("/healthz")
    async def healthz() -> PlainTextResponse:
        async with services.database.reading() as connection:
            await connection.exec_driver_sql("SELECT 1")
        return PlainTextResponse("ok\n")

    add_trust_list(app, services.folder)
    verifier = Verifier(services.database, services.keys.lists, services.clock, services.repertoire)
    root = fingerprint(load_root(services.folder.trust_root))
    desk = Verification(environment, verifier, PictureReader(), Bucket(time.monotonic), services.board, root)
    add_verification(app, desk)
    return app


async def _frames(services: Services, board: Any, stopping: asyncio.Event) -> AsyncIterator[bytes]:
    """The table again at each change, and every `REFRESH_S` seconds because ages grow."""
    yield b"retry: 3000\n\n"
    while not stopping.is_set():
        seen = services.board.version
        text = msgspec.json.encode(await board())
        yield b"data: " + text + b"\n\n"
        await asyncio.sleep(_GATHER_S)
        await services.board.wait(seen, REFRESH_S)
