"""The verification page: a number or a picture of the code in, one verdict out. Nothing that is entered is kept."""

import asyncio

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from msgspec import Struct
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from central.authority.numbers import DIGITS, clean
from central.authority.picture import MAX_BYTES, PictureError, PictureReader
from central.authority.verification import Judgement, Verifier
from central.fleet.board import Board
from central.http.bodies import READ_S
from central.problems import ProblemError
from central.web.limit import Bucket
from central.web.words import REASONS, TROUBLES, VERDICTS

_FORM_BYTES = MAX_BYTES + 64 * 1024


class Verification(Struct, frozen=True):
    """What the page works with. `root`: the fingerprint of the key that signs the trust list."""

    environment: Environment
    verifier: Verifier
    reader: PictureReader
    bucket: Bucket
    board: Board
    root: str


class TroubleError(Exception):
    """What was entered cannot be checked; `code` names the words, `status` the HTTP answer."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


def add_verification(app: FastAPI, desk: Verification) -> None:
    """Add the page's two routes."""

    @app.get("/verify")
    async def ask() -> HTMLResponse:
        return _page(desk, 200)

    @app.post("/verify")
    async def check(request: Request) -> HTMLResponse:
        address = request.client.host if request.client else ""
        try:
            if not desk.bucket.take(address):
                raise TroubleError("too-many", 429)
            form = await _form(request)
            try:
                judgement = await _judge(desk, form)
            finally:
                await form.close()  # a large picture lies in a file until then
        except TroubleError as trouble:
            return _page(desk, trouble.status, trouble=TROUBLES[trouble.code])
        except PictureError as error:
            return _page(desk, 400, trouble=TROUBLES[error.code])
        desk.board.changed()
        shown = VERDICTS[judgement.verdict]
        return _page(desk, 200, judgement=judgement, shown=shown, reason=REASONS.get(judgement.reason))


async def _judge(desk: Verification, form: FormData) -> Judgement:
    upload = form.get("picture")
    if isinstance(upload, UploadFile) and upload.size:
        if upload.size > MAX_BYTES:
            raise TroubleError("too-large", 413)
        return await desk.verifier.by_seal(await desk.reader.find_seal(await upload.read()))
    number = form.get("number")
    digits = clean(number) if isinstance(number, str) else ""
    if not digits:
        raise TroubleError("nothing")
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        raise TroubleError("number")
    return await desk.verifier.by_number(digits)


async def _form(request: Request) -> FormData:
    """The form, capped before it is read, and within the same time as a machine's body. Raises TroubleError."""
    declared = request.headers.get("content-length", "")
    if not declared.isdigit():
        raise ProblemError(411, "length-required", "send the form with its Content-Length")
    if int(declared) > _FORM_BYTES:
        raise TroubleError("too-large", 413)
    try:
        async with asyncio.timeout(READ_S):
            return await request.form(max_files=1, max_fields=4, max_part_size=64 * 1024)
    except TimeoutError as error:
        raise TroubleError("slow", 408) from error
    except HTTPException as error:
        raise TroubleError("nothing") from error


def _page(desk: Verification, status: int, **facts: object) -> HTMLResponse:
    blank = {"judgement": None, "shown": None, "reason": None, "trouble": None, "root": desk.root}
    text = desk.environment.get_template("verify.html").render(**{**blank, **facts})
    headers = {429: {"retry-after": "60"}, 408: {"connection": "close"}}.get(status)
    return HTMLResponse(text, status, headers)
