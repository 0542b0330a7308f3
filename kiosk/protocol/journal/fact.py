"""What all facts of the journal share: a kind, the names and sums that they are made of, and positions kept with them.

A fact is written as its kind and its body, canonical JSON (protocol/canonical.py). What a machine wrote it can read
back: no name and no sum has a bound here, and who takes journals of others has its own (central/fleet/bounds.py). A
field that some rows do not have is UNSET and never written; one that older machines did not write has a default. What
a later machine writes besides is passed over: a field, or a further value of a Part.
"""

from typing import Any, ClassVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

from kiosk.protocol.canonical import canonical_json

Name = str
"""An order, a key, a serial, a code: a word that programs and devices call something by."""
Sum = int
"""KRW, or a count of coins, notes or sheets."""
Time = int
"""Wall milliseconds."""


class Part(Struct, frozen=True, array_like=True):
    """Values that belong together, written as an array."""


class Fact(Struct, frozen=True, kw_only=True):
    """What one row of the journal says; without personal data.

    `kept`: where devices, bundle and day stand from this row on, by name. They came in the same durable step.
    """

    kind: ClassVar[str]
    """The word under which it is written."""

    kept: dict[str, Any] | UnsetType = UNSET


def kind_of(fact: Fact | type[Fact]) -> str:
    """The word under which it is written."""
    return fact.kind


def body_of(fact: Fact) -> dict[str, Any]:
    """What is written beside the kind: names and JSON values."""
    body: dict[str, Any] = msgspec.to_builtins(fact)
    return body


def text_of(fact: Fact) -> str:
    """The body as it is stored and sent: canonical JSON."""
    return canonical_json(body_of(fact)).decode("utf-8")
