"""GET /v1/journal: a machine's own journal back, for one that has lost its disk. Nobody else's, whoever asks."""

import msgspec
from fastapi import FastAPI, Request, Response

from central.api.peer import machine_of
from central.fleet.journal_reading import read_journal
from central.problems import ProblemError
from central.services import Services


def serve_journal(app: FastAPI, services: Services) -> None:
    """Add the path to the machines' interface."""

    @app.get("/v1/journal")
    async def journal(request: Request) -> Response:
        machine = machine_of(request, services.folder)
        after = _after(request.query_params.get("after", "0"))
        async with services.database.reading() as connection:
            reply = await read_journal(connection, machine, after)
        return Response(msgspec.json.encode(reply), media_type="application/json")


def _after(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ProblemError(400, "after-invalid", "after is the last seq that you have: digits, 0 for none")
    return int(text)
