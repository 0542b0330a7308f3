"""The terms under which a machine keeps its ledger: the table [ledger] of kiosk.toml."""

from typing import Annotated

from msgspec import Meta, Struct

from kiosk.bounds import PathText

Hour = Annotated[int, Meta(ge=0, le=23, description="0 to 23")]
Megabytes = Annotated[int, Meta(ge=1, le=100_000, description="1 to 100000 MB")]


class LedgerTerms(Struct, frozen=True, forbid_unknown_fields=True):
    """How long, how much, where. Hours are Seoul's; days are whole ones; MB are 1,000,000 bytes."""

    copies: PathText = "copy"
    """The folder of the second copy (absolute or below run_dir), meant to be another partition's."""
    copy_hour: Hour = 3
    """From when in the night the copy is made, once nobody is there."""
    close_hour: Hour = 2
    """From when in the night the day is closed, once nobody is there."""
    keep_days: Annotated[int, Meta(ge=1, le=36_500, description="1 to 36500 days")] = 400
    """A closed segment stays at least so long."""
    segment_rows: Annotated[int, Meta(ge=100, le=1_000_000, description="100 to 1000000 rows")] = 20_000
    """A segment is closed at this size, at the latest with the day."""
    room_mb: Megabytes = 64
    """Below this no sale is opened."""
    ballast_mb: Megabytes = 16
    """What is let go so that an open sale can end on a full disk."""
