"""What all facts of the journal share: a kind, the names and sums that they are made of, and positions kept with them.

A fact is written as its kind and its body, canonical JSON (protocol/canonical.py). A field that was not always written,
or is written in some rows only, may be absent: UNSET is never written. What older machines wrote is read as it is.
"""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from kiosk.protocol.canonical import canonical_json

Name = Annotated[str, Meta(max_length=200)]
"""An order, a key, a serial, a code: what our own programs gave a name to."""
Sum = Annotated[int, Meta(ge=0, le=10**12)]
"""KRW, or a count of coins, notes or sheets."""
Time = Annotated[int, Meta(ge=0, lt=2**53)]
"""Wall milliseconds."""

Position = dict[str, Any]
"""Where something stands, as the ledger's own tables hold it."""


class Fact(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What one row of the journal says; without personal data.

    `kept`: positions by device, as they stand from this row on. They came in the same durable step.
    """

    kept: dict[str, Position] | UnsetType = UNSET


def kind_of(fact: Fact | type[Fact]) -> str:
    """The word under which it is written."""
    tag = fact.__struct_config__.tag
    if not isinstance(tag, str):
        raise TypeError(f"{fact} is of no kind")
    return tag


def body_of(fact: Fact) -> dict[str, Any]:
    """What is written beside the kind: names and JSON values."""
    body: dict[str, Any] = msgspec.to_builtins(fact)
    del body["kind"]
    return body


def text_of(fact: Fact) -> str:
    """The body as it is stored and sent: canonical JSON."""
    return canonical_json(body_of(fact)).decode("utf-8")
