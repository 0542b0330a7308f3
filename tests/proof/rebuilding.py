"""What a rebuild would lose of a commit: its rows are held against the order that is stored with them."""

from kiosk.order.model import Order
from kiosk.order.saga import Move
from kiosk.protocol.journal import kind_of, text_of
from tests.proof.selling import policy
from tests.proof.world import Setting
from tests.rebuilt import apart

# The same commit is made in many states, and looked at once.
_found: dict[tuple[object, ...], str] = {}


def lost(setting: Setting, before: Order | None, move: Move, after: Order) -> str:
    """What the rows of this commit do not tell; "" where they tell all of it."""
    if not move.records and before == after:
        return ""
    rows = tuple((kind_of(record), text_of(record)) for record in move.records)
    key = (setting.bills > 0, setting.note, before, after, rows)
    if key not in _found:
        _found[key] = apart(before, move.records, after, policy(setting))
    return _found[key]


def forget() -> None:
    """The product's code has changed under the search (planted faults)."""
    _found.clear()
