"""Every kind of row that core can write, by what a rebuilt ledger makes of it. Pure.

A kind that changes an order has a step in replay.py, one that changes claims, surplus or segments in rebuild.py. The
others stand here, each on purpose: what is in neither place is refused, for nobody knows what it would change.

Of each it is said here, too, whether it tells that money or paper has moved: the close of a day (day.py) counts those
and passes over all others.
"""

from typing import Final

MOVES: Final = frozenset(
    {
        "credit",
        "coins-unknown",
        "note-credit",
        "notes-unknown",
        "surplus",
        "paid",
        "issue-delivered",
        "issue-void",
        "issue-disputed",
        "order-closed",
    }
)
"""Coins, notes or sheets went through a device, or an order's sums are final. Cards are charged in its end's sums."""

BOOKS_ONLY: Final = frozenset(
    {
        "order-opened",
        "redeem-intent",
        "redeem-held",
        # what may come next
        "note-intent",
        "issue-intent",
        "issue-numbered",
        "print-intent",
        "present-intent",
        "pay-intent",
        "card-intent",
        "card-capture-intent",
        "card-reverse-intent",
        # that nothing came in
        "note-returned",
        "card-not-taken",
        # what is owed because nobody knows; devices counted what they counted
        "credit-disputed",
        "accepts-disputed",
        "payout-disputed",
        "note-doubt",
        "card-disputed",
        # on a card: no device of the machine counts it
        "card-authorised",
        "card-captured",
        "card-reversed",
        # of what is owed, and of the ledger
        "case-resolved",
        "segment-closed",
    }
)
"""Orders, claims and segments change by it; money and paper move by another row, or not at all."""

ONLY_POSITIONS: Final = frozenset(
    {
        "acceptor-known",
        "validator-known",
        "device-exchanged",
        "counter-implausible",
        "counters-known",
        "hopper-filled",
        "hopper-uncounted",
        "hopper-forgot",
        "hopper-known",
        "bundle-activated",
        "bundle-proved",
        "bundle-refused",
        "day-opened",
        "day-closed",
        "position-told",
    }
)
"""All that they change is where something stands, and that is in their `kept`."""

CHANGES_NOTHING: Final = frozenset(
    {
        # what happened to the machine
        "boot",
        "chain-refused",
        "halt-asked",
        "halt-refused",
        "power-ending",
        "power-good",
        "power-halting",
        "paper-found",
        "survey",
        "bundle-not-taken",
        # what is said of an order beside the rows that change it: it waits for the terminal alone
        "card-waits",
        # about the ledger itself: a rebuilt one has no copy yet, has let go of nothing, and says so by itself
        "copy-made",
        "copy-failed",
        "segment-dropped",
        "ledger-rebuilt",
    }
)
"""What is no step of an order's, and of which nothing is kept."""
