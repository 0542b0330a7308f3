"""Whose seals count, for whoever checks papers on their own machine: the signed list, and its root."""

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from central.authority.folder import Folder
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE


def add_trust_list(app: FastAPI, folder: Folder) -> None:
    """Add the two files. The list is as good from here as from anywhere; the root is worth comparing by telephone."""

    @app.get(f"/{LIST_FILE}")
    async def newest_list() -> Response:
        content = await run_in_threadpool(folder.trust_list.read_bytes)
        return Response(content, media_type="application/cose", headers=_named(LIST_FILE))

    @app.get(f"/{ROOT_FILE}")
    async def root() -> Response:
        content = await run_in_threadpool(folder.trust_root.read_bytes)
        return Response(content, media_type="application/x-pem-file", headers=_named(ROOT_FILE))


def _named(file: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{file}"'}
