"""Central, as the authority and the fleet's memory: numbers once a key, tombstones, the journal's chain. Truth of its
own: every number that was ever given, and how it ended.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import msgspec

from kiosk.protocol import courier as courier_messages
from tests.crash.lives.clerk import Asked, Document, Draft
from tests.crash.lives.owed import Owed
from tests.crash.lives.truth import Truth
from tests.crash.lives.whose import AskedClaims, Known, Signed

GENESIS = "0" * 64
FINALS = {"issue-delivered": "delivered", "issue-void": "void"}


@dataclass
class Entry:
    """What central knows of a key: its number, if it ever got one, and the final word."""

    order: str
    line: int
    copy: int
    number: str = ""
    asked: bytes = b""
    final: str = ""


class Centre:
    """`quotes`: (sheets, fee) of a draft, by line. `refuses`: what becomes of a key, "" for a document."""

    remembers_tombstones = True

    def __init__(self, truth: Truth, owed: Owed | None = None) -> None:
        self._truth, self.owed = truth, owed
        self.holders: dict[str, str] = {}
        self.quotes: dict[int, tuple[int, int]] = {}
        self.refusals: dict[tuple[int, int], str] = {}
        self.entries: dict[str, Entry] = {}
        self.closed: dict[str, dict[str, Any]] = {}
        self.head: tuple[int, str] = (0, GENESIS)
        self._hashes: list[str] = []
        self.cases: list[str] = []
        self._numbers = 0

    # --- what a kiosk asks ------------------------------------------------------------------------------------------

    def draft(self, sealed: bytes) -> courier_messages.CentralAnswer:
        """A quote."""
        asked = msgspec.json.decode(sealed, type=Asked)
        sheets, fee = self.quotes.get(asked.line, (1, 500))
        drafted = Draft(asked.line, sheets, fee, f"{asked.order}-{asked.line}-{sheets}-{fee}")
        return courier_messages.CentralAnswer(
            "", courier_messages.Reply.DONE, sealed=msgspec.json.encode(drafted)
        )

    def issue(self, call: courier_messages.SendIssue) -> courier_messages.CentralAnswer:
        """A number for a key, the same one for ever; none for a key that was declared void."""
        asked = msgspec.json.decode(call.sealed, type=Asked)
        entry = self.entries.get(call.key)
        if entry is not None and entry.final == "void" and self.remembers_tombstones:
            return _refused("voided")
        if entry is not None and entry.asked not in (b"", call.sealed):
            return _refused("key-reused")
        refusal = self.refusals.get((call.line, call.copy), "")
        if refusal and entry is None:
            return _refused(refusal)
        if entry is None or not entry.number:
            if any(one for one in self._living(call) if one is not entry):
                return _refused("already-issued")
            self._numbers += 1
            number = f"{self._numbers:016}"
            entry = self.entries[call.key] = Entry(
                call.order, call.line, call.copy, number, asked=call.sealed
            )
        sheets = self.quotes.get(asked.line, (1, 500))[0]
        document = Document(call.key, entry.number, sheets)
        sealed = msgspec.json.encode(document)
        return courier_messages.CentralAnswer(
            "", courier_messages.Reply.DONE, number=entry.number, sealed=sealed
        )

    def _living(self, call: courier_messages.SendIssue) -> list[Entry]:
        """Documents of this very copy that were not declared void."""
        copy = (call.order, call.line, call.copy)
        found = self.entries.values()
        return [one for one in found if (one.order, one.line, one.copy) == copy and one.final != "void"]

    # --- who somebody is, and what is owed to them --------------------------------------------------------------------

    def challenge(self) -> courier_messages.CentralAnswer:
        """Something for a card to sign."""
        return courier_messages.CentralAnswer("", courier_messages.Reply.DONE, nonce=bytes(32))

    def identify(self, sealed: bytes) -> courier_messages.CentralAnswer:
        """Whose card it is; the token is good for this order alone."""
        signed = msgspec.json.decode(sealed, type=Signed)
        token = f"{signed.order} {signed.owner}"
        self.holders[token] = f"pseudonym of {signed.owner}"
        known = Known(self.holders[token], token.encode())
        return courier_messages.CentralAnswer(
            "", courier_messages.Reply.DONE, sealed=msgspec.json.encode(known)
        )

    def claims(self, sealed: bytes, now_ms: int) -> courier_messages.CentralAnswer:
        """Hold what is owed for a redemption of whom a card has identified for it."""
        asked = msgspec.json.decode(sealed, type=AskedClaims)
        token = asked.token.decode()
        if self.owed is None or not token.startswith(asked.order) or token not in self.holders:
            return _refused("not-identified")
        held = self.owed.hold(asked.order, self.holders[token], asked.most, now_ms)
        if held is None:
            return _refused("redemption-closed")
        return courier_messages.CentralAnswer(
            "", courier_messages.Reply.DONE, sealed=msgspec.json.encode(held)
        )

    # --- what a kiosk tells -----------------------------------------------------------------------------------------

    def events(
        self, rows: tuple[courier_messages.JournalRow, ...]
    ) -> courier_messages.EventsAcked | courier_messages.EventsRefused:
        """Rows in their order; those known already have to be the same."""
        for row in rows:
            if row.seq <= self.head[0]:
                if self._hashes[row.seq - 1] != row.hash:
                    self._truth.wrong(f"M9: row {row.seq} has come with two contents")
                    return courier_messages.EventsRefused("tampered")
            elif row.seq > self.head[0] + 1:
                break
            elif row.prev != self.head[1] or row.hash != chained(row):
                self._truth.wrong(f"M9: row {row.seq} does not fit the chain")
                return courier_messages.EventsRefused("chain")
            else:
                self.head = (row.seq, row.hash)
                self._hashes.append(row.hash)
                self._interpret(row.kind, json.loads(bytes(row.body)), row.at_ms)
        return courier_messages.EventsAcked(self.head[0])

    def _interpret(self, kind: str, body: dict[str, Any], at_ms: int) -> None:
        if kind in FINALS:
            self._final(FINALS[kind], body)
        elif kind == "issue-disputed":
            self.cases.append(body["key"])
        elif kind == "order-closed":
            self._closed(body, at_ms)

    def _closed(self, body: dict[str, Any], at_ms: int) -> None:
        name = body["order"]
        if name not in self.closed and self.owed is not None and not self.owed.closed(body, at_ms):
            self._truth.wrong(f"M1: redemption {name[-6:]} has paid more than it held")
        if self.closed.setdefault(name, body) != body:
            self._truth.wrong(f"M1: order {name[-6:]} was closed twice, in two ways")

    def _final(self, final: str, body: dict[str, Any]) -> None:
        """The first final word stays; a second one that contradicts it is an alarm."""
        key = body["key"]
        entry = self.entries.get(key)
        if entry is None:
            if final == "delivered":
                self._truth.wrong(f"M4: {key[-6:]} is delivered and was never given a number")
            entry = self.entries[key] = Entry(body["order"], body["line"], body["copy"])
        if body["number"] not in ("", entry.number):
            self._truth.wrong(f"M4: {key[-6:]} ends under another number")
        if entry.final not in ("", final):
            self._truth.wrong(f"M4: {key[-6:]} is {entry.final} and then {final}")
        entry.final = entry.final or final


def chained(row: courier_messages.JournalRow) -> str:
    """The hash that a row has to have, worked out from docs/protocol.md and not with the kiosk's code."""
    inside = {
        "at_ms": row.at_ms,
        "body": json.loads(bytes(row.body)),
        "boot": row.boot,
        "kind": row.kind,
        "mono_ms": row.mono_ms,
        "seq": row.seq,
    }
    text = json.dumps(inside, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(row.prev.encode() + text.encode()).hexdigest()


def _refused(code: str) -> courier_messages.CentralAnswer:
    return courier_messages.CentralAnswer("", courier_messages.Reply.REFUSED, code=code)
