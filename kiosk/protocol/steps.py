"""Where a durable step of the ledger ends among journal rows, so that central never holds half of one. Pure.

Only the last row of a step says how far the devices are booked by it. A journal that ended in the middle of one would
tell of coins that are paid, and of a hopper that has not paid them: a ledger rebuilt from it would book them twice.
"""

from collections.abc import Sequence

from kiosk.protocol.courier import JournalRow


def whole_steps(rows: Sequence[JournalRow], after: JournalRow | None) -> tuple[JournalRow, ...]:
    """The rows up to the last end of a step among them. `after`: the row that follows the last one, None if none does.

    Rows of one step have one stamp. All of them, where no step ends: one that is larger than what may be sent at once.
    """
    for end in range(len(rows), 0, -1):
        follows = rows[end] if end < len(rows) else after
        if follows is None or _stamp(rows[end - 1]) != _stamp(follows):
            return tuple(rows[:end])
    return tuple(rows)


def _stamp(row: JournalRow) -> tuple[str, int, int]:
    return row.boot, row.at_ms, row.mono_ms
