"""People and households as the resident register keeps them: who lives where since when, and why.

Law: 주민등록법 제7조 (주민등록표: a card a household, a card a person). Days are ISO dates,
"" for one that has not come.
"""

from enum import StrEnum

from msgspec import Struct

FIRST_OTHER_CARD = 100_000  # a card's number is this and its holder's id; the well-known people's stay below
ROAD_ADDRESSES_SINCE = "2011-10-31"  # until then a register names the lot, afterwards the road


class RecordState(StrEnum):
    """LIVE can be certified; CHANGING is being amended this minute; MOVING is being reported away (전출 신고 중)."""

    LIVE = "live"
    CHANGING = "changing"
    MOVING = "moving"


class Dwelling(Struct, frozen=True):
    """One place to live, by its road and by its lot, as an address is written."""

    road: str
    lot: str

    def written(self, until: str) -> str:
        """The address as the register writes it for a stay that ended on `until` ("": it has not)."""
        return self.lot if until and until < ROAD_ADDRESSES_SINCE else self.road


class Address(Struct, frozen=True):
    """Where a household has lived since a day, and the reported reason."""

    dwelling: Dwelling
    since: str
    reason: str


class Stay(Struct, frozen=True):
    """A person's time in one household, [since, until). `reason` is how it began: 전입, 출생, 혼인, 세대분가, 합가."""

    household: int
    since: str
    until: str
    reason: str


class Person(Struct, frozen=True):
    """One person. `number` is the whole resident number; parents and spouse are ids, 0 when the register has none.

    `roman`: the name as in the passport, "" for who has none.
    """

    id: int
    name: str
    hanja: str
    born: str
    female: bool
    number: str
    stays: tuple[Stay, ...]
    father: int = 0
    mother: int = 0
    spouse: int = 0
    died: str = ""
    protected: bool = False
    roman: str = ""

    @property
    def household(self) -> int:
        """The household of today; 0 once dead."""
        return 0 if self.died else self.stays[-1].household

    @property
    def masked_number(self) -> str:
        """The birth date and the digit of sex and century; the rest covered."""
        return self.number[:8] + "*" * 6


class Household(Struct, frozen=True):
    """One household: how it was formed, its heads and its addresses in order of time; `ended` when nobody is left."""

    id: int
    formed: str
    formation_reason: str
    heads: tuple[tuple[str, int], ...]
    addresses: tuple[Address, ...]
    state: RecordState = RecordState.LIVE
    ended: str = ""

    @property
    def head(self) -> int:
        """The person who is its head (the last one when it has ended)."""
        return self.heads[-1][1]


class CardState(StrEnum):
    """What the card office says of a card that it gave out."""

    VALID = "valid"
    LOST = "lost"
    REPLACED = "replaced"


class CardEntry(Struct, frozen=True):
    """One identity card: its twelve digits, whose it is, and whether it counts."""

    number: str
    person: int
    state: CardState = CardState.VALID


class Population(Struct, frozen=True):
    """A whole register: people, households, cards."""

    people: tuple[Person, ...]
    households: tuple[Household, ...]
    cards: tuple[CardEntry, ...]
