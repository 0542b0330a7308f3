"""A journal as another program would have written it: some bodies changed, and the chain as it is then."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from kiosk.protocol.canonical import canonical_json
from kiosk.protocol.chain import GENESIS, row_hash
from kiosk.protocol.courier import JournalRow

Change = Callable[[str, dict[str, Any]], dict[str, Any]]
"""The body of a row of this kind, from what it was."""


def rechained(rows: Sequence[JournalRow], change: Change) -> list[JournalRow]:
    """These rows from the first one on, changed. A segment still ends where the row before it ends."""
    found, prev = list[JournalRow](), GENESIS
    for row in rows:
        body = change(row.kind, msgspec.json.decode(row.body))
        if row.kind == "segment-closed":
            body["head"] = prev
        stamp = {"seq": row.seq, "boot": row.boot, "at_ms": row.at_ms, "mono_ms": row.mono_ms}
        hashed = row_hash(prev, kind=row.kind, body=body, **stamp)  # type: ignore[arg-type]  # by their names
        raw = msgspec.Raw(canonical_json(body))
        found.append(msgspec.structs.replace(row, body=raw, prev=prev, hash=hashed))
        prev = hashed
    return found
