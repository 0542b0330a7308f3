"""GET /v1/bundles/…: the signed repository as files, for enrolled machines. What they believe is in the signatures."""

import re
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from central.api.peer import machine_of
from central.bundles.repository import Repository
from central.problems import ProblemError
from central.services import Services

_METADATA = re.compile(r"(?:[1-9][0-9]{0,8}\.(?:root|targets|snapshot)|timestamp)\.json")
_TARGET = re.compile(r"[0-9a-f]{64}\.[a-z]{1,20}")


def serve_bundles(app: FastAPI, services: Services) -> None:
    """Add the two paths to the machines' interface."""

    @app.get("/v1/bundles/metadata/{name}")
    async def metadata(request: Request, name: str) -> Response:
        machine_of(request, services.folder)
        found = await run_in_threadpool(_metadata, services.repository, name, services.clock())
        return Response(found, media_type="application/json")

    @app.get("/v1/bundles/targets/{name}")
    async def targets(request: Request, name: str) -> Response:
        machine_of(request, services.folder)
        found = await run_in_threadpool(_read, services.repository.folder / "targets", name, _TARGET)
        return Response(found, media_type="application/octet-stream")


def _metadata(repository: Repository, name: str, now: datetime) -> bytes:
    if name == "timestamp.json" and repository.exists:
        repository.refresh(now)
    return _read(repository.folder / "metadata", name, _METADATA)


def _read(folder: Path, name: str, shape: re.Pattern[str]) -> bytes:
    if not shape.fullmatch(name):
        raise ProblemError(404, "not-found", "no such file is published")
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        raise ProblemError(404, "not-found", "no such file is published") from None
