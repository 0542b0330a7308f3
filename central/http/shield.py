"""The outermost layer of both listeners: no traceback leaves, every failure is a problem with a code, and is logged."""

import time

import msgspec
import structlog
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central.logs import where
from central.problems import ProblemError

log = structlog.get_logger("central.requests")

_SLOW = 408  # what is still to come belongs to a request that is over
_CODES = {404: "not-found", 405: "method-not-allowed"}


class Shield:
    """Wraps an application: logs each request's path, status and time, and swallows what it raises."""

    def __init__(self, app: ASGIApp, name: str) -> None:
        self._app = app
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:  # whatever it is, the caller gets an answer and the server serves on
            log.error("request failed", listener=self._name, error=type(error).__name__, where=where(error))
            if status == 0:
                await problem_response(_internal())(scope, receive, watch)
        took = round((time.perf_counter() - began) * 1000, 1)
        log.info("request", listener=self._name, path=_known_path(scope), status=status, ms=took)


def answer_problems(app: FastAPI) -> None:
    """Make `app` answer ProblemErrors, unknown paths and its own failures as problems. Who hangs up is no failure."""

    async def on_problem(_request: Request, error: Exception) -> Response:
        assert isinstance(error, ProblemError)
        return problem_response(error)

    async def on_http(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = _CODES.get(error.status_code, "refused")
        return problem_response(ProblemError(error.status_code, code, "see docs/protocol.md for what exists"))

    async def on_hanging_up(_request: Request, _error: Exception) -> Response:
        """Nobody reads the answer; it is there for the log."""
        return problem_response(ProblemError(400, "body-cut", "the connection ended inside the body"))

    async def on_failure(_request: Request, _error: Exception) -> Response:
        return problem_response(_internal())

    app.add_exception_handler(ProblemError, on_problem)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(ClientDisconnect, on_hanging_up)
    app.add_exception_handler(Exception, on_failure)


def problem_response(problem: ProblemError) -> Response:
    """The answer as problem+json."""
    body = msgspec.json.encode(problem.document())
    headers = {"retry-after": str(problem.more["retry_after_s"])} if "retry_after_s" in problem.more else {}
    if problem.status == _SLOW:
        headers["connection"] = "close"
    return Response(body, problem.status, headers, media_type="application/problem+json")


def _internal() -> ProblemError:
    return ProblemError(500, "internal", "central failed; ask again with the same key")


def _known_path(scope: Scope) -> str:
    """The route's own path; what somebody typed may hold anything."""
    return str(getattr(scope.get("route"), "path", "-"))
