"""The calls to central as this machine makes them: path, body, key; and what core hears of their ends. Pure."""

import hashlib

import msgspec

from kiosk.courier.line import Call
from kiosk.courier.results import Done, Refused, Result, Unknown, read
from kiosk.protocol.central import DraftCall, EventsCall, IssueCall, IssueReply, SealedAnswer
from kiosk.protocol.claims import ClaimsCall
from kiosk.protocol.courier import (
    CentralAnswer,
    JournalRow,
    Reply,
    SendChallenge,
    SendClaims,
    SendDraft,
    SendIdentity,
    SendIssue,
)
from kiosk.protocol.identity import NONCE_BYTES, ChallengeCall, ChallengeReply, IdentityCall

Ask = SendDraft | SendIssue | SendChallenge | SendIdentity | SendClaims

# What core reads in `code` of an UNKNOWN answer: whether central may have had the request.
UNREACHABLE = "unreachable"
NO_ANSWER = "no-answer"


def draft_call(kiosk: str, ask: SendDraft) -> Call:
    """POST /v1/drafts. The key names order, line and these very bytes: another draft of the line gets another key."""
    body = DraftCall(kiosk, ask.order, ask.line, ask.type_code, ask.sealed)
    mark = hashlib.sha256(ask.sealed).hexdigest()[:16]
    return Call("/v1/drafts", msgspec.json.encode(body), f"{ask.order}-{ask.line}-draft-{mark}")


def challenge_call(kiosk: str, ask: SendChallenge) -> Call:
    """POST /v1/challenges. No key: a second nonce does no harm, and the one that is not signed is never good."""
    return Call("/v1/challenges", msgspec.json.encode(ChallengeCall(kiosk, ask.order)))


def identity_call(kiosk: str, ask: SendIdentity) -> Call:
    """POST /v1/identities. The key names the order and these very bytes: another attempt gets another key."""
    mark = hashlib.sha256(ask.sealed).hexdigest()[:16]
    body = IdentityCall(kiosk, ask.order, ask.sealed)
    return Call("/v1/identities", msgspec.json.encode(body), f"{ask.order}-identity-{mark}")


def claims_call(kiosk: str, ask: SendClaims) -> Call:
    """POST /v1/claims. The key names the redemption and these very bytes."""
    mark = hashlib.sha256(ask.sealed).hexdigest()[:16]
    body = ClaimsCall(kiosk, ask.order, ask.sealed)
    return Call("/v1/claims", msgspec.json.encode(body), f"{ask.order}-claims-{mark}")


def issue_call(kiosk: str, ask: SendIssue) -> Call:
    """POST /v1/issues under the issue's own key, which is the document's tombstone too."""
    body = IssueCall(kiosk, ask.order, ask.line, ask.copy, ask.key, ask.type_code, ask.sealed)
    return Call("/v1/issues", msgspec.json.encode(body), ask.key)


def events_call(kiosk: str, rows: tuple[JournalRow, ...]) -> Call:
    """POST /v1/events. The key names the batch by its ends and the last row's hash."""
    key = f"{kiosk}-events-{rows[0].seq}-{rows[-1].seq}-{rows[-1].hash[:16]}"
    return Call("/v1/events", msgspec.json.encode(EventsCall(kiosk, rows)), key)


def heartbeat_call(body: bytes) -> Call:
    """POST /v1/heartbeat. No key: it acts on nothing, the latest wins."""
    return Call("/v1/heartbeat", body)


def call_of(kiosk: str, ask: Ask) -> Call:
    """The call that an ask of core's becomes."""
    match ask:
        case SendDraft():
            return draft_call(kiosk, ask)
        case SendIssue():
            return issue_call(kiosk, ask)
        case SendChallenge():
            return challenge_call(kiosk, ask)
        case SendIdentity():
            return identity_call(kiosk, ask)
        case SendClaims():
            return claims_call(kiosk, ask)


def answer_of(ask: Ask, result: Result) -> CentralAnswer:
    """What core hears of the ask's end."""
    match ask:
        case SendIssue():
            return answer_issue(ask, result)
        case SendChallenge():
            return answer_challenge(ask, result)
        case SendDraft() | SendIdentity() | SendClaims():
            return answer_sealed(ask, result)


def answer_challenge(ask: SendChallenge, result: Result) -> CentralAnswer:
    """What core hears of a nonce. One of another length is none."""
    reply = read(result, ChallengeReply)
    if not isinstance(reply, ChallengeReply):
        return _no_luck(ask.request, reply)
    if len(reply.nonce) != NONCE_BYTES:
        return CentralAnswer(ask.request, Reply.UNKNOWN, code=NO_ANSWER)
    return CentralAnswer(ask.request, Reply.DONE, nonce=reply.nonce)


def answer_sealed(ask: SendDraft | SendIdentity | SendClaims, result: Result) -> CentralAnswer:
    """What core hears of a draft, an identification or claims: bytes that the worker alone can read."""
    reply = read(result, SealedAnswer)
    if isinstance(reply, SealedAnswer):
        return CentralAnswer(ask.request, Reply.DONE, sealed=reply.sealed)
    return _no_luck(ask.request, reply)


def answer_issue(ask: SendIssue, result: Result) -> CentralAnswer:
    """What core hears of an issue. A register that says something else than the draft refuses with code `changed`."""
    reply = read(result, IssueReply)
    if not isinstance(reply, IssueReply):
        return _no_luck(ask.request, reply)
    match reply.status:
        case "issued" if reply.number and reply.sealed:
            return CentralAnswer(ask.request, Reply.DONE, number=reply.number, sealed=reply.sealed)
        case "changed" | "refused":
            return CentralAnswer(ask.request, Reply.REFUSED, code=reply.code or reply.status)
        case _:
            return CentralAnswer(ask.request, Reply.UNKNOWN, code=NO_ANSWER)


def _no_luck(request: str, result: Done | Refused | Unknown) -> CentralAnswer:
    match result:
        case Refused():
            return CentralAnswer(request, Reply.REFUSED, code=result.code)
        case Unknown(sent=False):
            return CentralAnswer(request, Reply.UNKNOWN, code=UNREACHABLE)
        case _:
            return CentralAnswer(request, Reply.UNKNOWN, code=NO_ANSWER)
