"""The kiosks' HTTPS interface: identification, drafts, issues, journal, heartbeat.

Bodies are kiosk.protocol.central's and kiosk.protocol.identity's.
"""

import msgspec
import structlog
from fastapi import FastAPI, Request, Response

from central.api.bundles import serve_bundles
from central.api.journal import serve_journal
from central.api.peer import machine_of
from central.authority.envelope import open_claims, open_draft, seal_answer, seal_claims
from central.clock import to_ms
from central.fleet.beat import Beat, known_numbers
from central.http.bodies import EVENTS_BYTES, idempotency_key, named_key, read_body
from central.http.shield import answer_problems
from central.registers.refusal import RefusedError
from central.services import Services
from kiosk.protocol.central import (
    DraftAnswer,
    DraftCall,
    EventsCall,
    EventsReply,
    HeartbeatReply,
    IssueCall,
    Refusal,
    SealedAnswer,
)
from kiosk.protocol.claims import ClaimsCall
from kiosk.protocol.identity import ChallengeCall, IdentityCall

log = structlog.get_logger("central.api")


def kiosk_api(services: Services) -> FastAPI:
    """The application of the API listener."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    answer_problems(app)
    serve_bundles(app, services)
    serve_journal(app, services)

    @app.post("/v1/challenges")
    async def challenges(request: Request) -> Response:
        call = await read_body(request, ChallengeCall, machine_of(request, services.folder))
        return _json(await services.identities.challenge(call))

    @app.post("/v1/identities")
    async def identities(request: Request) -> Response:
        call = await read_body(request, IdentityCall, machine_of(request, services.folder))
        key = named_key(request)
        reply = await services.identities.identify(call, key)
        log.info("identity", kiosk=call.kiosk, key=key)
        return Response(reply, media_type="application/json")

    @app.post("/v1/drafts")
    async def drafts(request: Request) -> Response:
        call = await read_body(request, DraftCall, machine_of(request, services.folder))
        return _json(await _draft(services, call))

    @app.post("/v1/issues")
    async def issues(request: Request) -> Response:
        call = await read_body(request, IssueCall, machine_of(request, services.folder))
        idempotency_key(request, call.key)
        reply = await services.issuer.issue(call)
        log.info("issue", kiosk=call.kiosk, key=call.key, type=call.type_code)
        services.board.changed()
        return Response(reply, media_type="application/json")

    @app.post("/v1/claims")
    async def claims(request: Request) -> Response:
        call = await read_body(request, ClaimsCall, machine_of(request, services.folder))
        named_key(request)
        asked = open_claims(services.keys.sealing, call)
        answer = await services.claims.hold(asked)
        held = sum(owed.amount for owed in answer.held)
        log.info("claims", kiosk=call.kiosk, order=call.order, held=held, code=answer.code)
        services.board.changed()
        return _json(SealedAnswer(seal_claims(asked.worker_key, answer, call)))

    @app.post("/v1/events")
    async def events(request: Request) -> Response:
        machine = machine_of(request, services.folder)
        call = await read_body(request, EventsCall, machine, cap=EVENTS_BYTES)
        try:
            return _json(EventsReply(await services.journals.take(machine, call.rows)))
        finally:
            services.board.changed()

    @app.post("/v1/heartbeat")
    async def heartbeat(request: Request) -> Response:
        beat = await read_body(request, Beat, machine_of(request, services.folder), mend=known_numbers)
        reply = await services.heartbeats.take(beat)
        services.board.changed()
        return _json(reply)

    @app.get("/v1/time")
    async def time(request: Request) -> Response:
        """Whether central is there: what a machine asks while it is offline, and to open a connection ahead."""
        machine_of(request, services.folder)
        return _json(HeartbeatReply(server_time_ms=to_ms(services.clock())))

    return app


async def _draft(services: Services, call: DraftCall) -> SealedAnswer:
    request = open_draft(services.keys.sealing, call)
    answer: DraftAnswer
    try:
        answer = await services.desk.answer(request, services.clock())
        log.info("draft", kiosk=call.kiosk, order=call.order, type=call.type_code)
    except RefusedError as error:
        answer = Refusal(request.line, error.code)
        log.info("draft refused", kiosk=call.kiosk, order=call.order, type=call.type_code, code=error.code)
    return SealedAnswer(seal_answer(request.worker_key, answer, call, "draft"))


def _json(value: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
