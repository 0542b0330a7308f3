"""Every kind of row that core can write, by what a rebuilt ledger makes of it. Pure.

A kind that changes an order has a step in replay.py, one that changes claims, surplus or segments in rebuild.py. The
others stand here, each on purpose: what is in neither place is refused, for nobody knows what it would change.
"""

from typing import Final

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
