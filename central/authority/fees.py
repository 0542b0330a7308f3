"""What certificates cost and which form they are printed on: the dated rows of fees.toml."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from kiosk.protocol.central import Quote


class Fee(Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the tariff."""

    type: str
    since: date
    base: int
    free_sheets: int
    extra_per_sheet: int
    template: str

    @property
    def quote(self) -> Quote:
        """The row as the kiosk reads it."""
        return Quote(self.base, self.free_sheets, self.extra_per_sheet)


def fee_of(type_code: str, day: date) -> Fee | None:
    """The row in force on `day`; None when this authority does not issue the type."""
    rows = [fee for fee in _tariff() if fee.type == type_code and fee.since <= day]
    return max(rows, key=lambda fee: fee.since, default=None)


@cache
def _tariff() -> tuple[Fee, ...]:
    rows = tomllib.loads(Path(__file__).with_name("fees.toml").read_text("utf-8"))["fee"]
    return msgspec.convert(rows, tuple[Fee, ...])
