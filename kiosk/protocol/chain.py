"""The journal's hash chain, as kiosk and central both compute it.

hash = SHA-256(prev ‖ canonical JSON of {at_ms, body, boot, kind, mono_ms, seq}), prev and hash as 64 hex digits of
text; the first row's prev is `GENESIS`. A chain proves that nothing was altered; gap-free `seq` and the head in
each heartbeat prove that nothing was left out.
"""

import hashlib

from kiosk.protocol.canonical import canonical_json

GENESIS = "0" * 64


def row_hash(prev: str, *, seq: int, boot: str, at_ms: int, mono_ms: int, kind: str, body: object) -> str:
    """The hash of one journal row after `prev`. `body` is JSON-like (dict, list, str, int, bool, None)."""
    row = {"seq": seq, "boot": boot, "at_ms": at_ms, "mono_ms": mono_ms, "kind": kind, "body": body}
    return hashlib.sha256(prev.encode("ascii") + canonical_json(row)).hexdigest()
