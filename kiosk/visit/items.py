"""A certificate on its way through a visit: chosen, asked for, to be told which, drafted."""

from msgspec import Struct

from kiosk.protocol.central import Offered
from kiosk.protocol.screen import Row


class Offer(Struct, frozen=True):
    """Several things that a certificate could be about. `what` is a message key's tail (vehicle, building, unit …)."""

    what: str
    offered: tuple[Offered, ...]


class Entry(Struct, frozen=True):
    """What the citizen has chosen and typed about one certificate. `options` are (option code, choice code) pairs.

    `area` indexes the catalogue's areas; `place` is a 10-digit legal-dong code; `main` and `sub` are the lot's digits.
    `picked`: which of several things, from the large to the small (a building, then a unit of it).
    """

    type_code: str
    area: int | None = None
    place: str = ""
    main: str = ""
    sub: str = ""
    on_sub: bool = False
    options: tuple[tuple[str, str], ...] = ()
    copies: int = 1
    picked: tuple[Offered, ...] = ()

    @property
    def which(self) -> str:
        """The key of what was picked last: it alone tells the register which one is meant."""
        return self.picked[-1].key if self.picked else ""


class Drafted(Struct, frozen=True):
    """An entry with the worker's word on it: `sheets` and `fee` (KRW) of one copy. `summary` is in language `lang`.

    `holder` is the masked name (홍*동) of whom the card identified, where one had to; `subject` their pseudonym.
    `offers`: among what it was picked, so that another can be.
    """

    entry: Entry
    line: int
    sheets: int
    fee: int
    waiver: str = ""
    lang: str = "ko"
    summary: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    holder: str = ""
    subject: str = ""
    offers: tuple[Offer, ...] = ()

    def total(self) -> int:
        """The fee of all copies, KRW."""
        return self.fee * self.entry.copies


class Asked(Struct, frozen=True):
    """An entry whose draft is on its way, as `line`. `offers`: among what was picked so far, a pick each."""

    entry: Entry
    line: int
    offers: tuple[Offer, ...] = ()


class Unpicked(Struct, frozen=True):
    """An entry that could be about several things: the last of `offers` waits for a pick, those before it have one."""

    entry: Entry
    line: int
    offers: tuple[Offer, ...]


Item = Entry | Asked | Unpicked | Drafted
"""A certificate set aside: chosen, asked for, to be told which, or drafted."""
