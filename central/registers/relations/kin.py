"""People as the family register knows them: by blood, marriage and adoption, wherever they live and whether they live.

Law: 가족관계의 등록 등에 관한 법률 제9조 (what a record holds). An `id` of 0 is somebody who never lived in the
district.
"""

from dataclasses import dataclass, field
from datetime import date

from central.registers.relations.places import Place

NUMBERS_SINCE = date(1968, 11, 21)  # nobody who died before has a resident number
NEW_LAW = date(2008, 1, 1)  # the family register takes the place of the old one, in which a head had a family


@dataclass(eq=False)
class Marriage:
    """From the day of its report until a divorce. Each is the other's spouse."""

    husband: "Kin"
    wife: "Kin"
    since: date
    office: str
    divorced: date | None = None

    def other(self, one: "Kin") -> "Kin":
        """The spouse of one of the two."""
        return self.wife if one is self.husband else self.husband


@dataclass(eq=False)
class Adoption:
    """From the day of its report until it is dissolved (파양). `full`: 친양자, whose birth parents are none now."""

    child: "Kin"
    father: "Kin"
    mother: "Kin"
    since: date
    office: str
    full: bool = False
    dissolved: date | None = None


@dataclass(eq=False)
class Renaming:
    """A change of the given name with a court's leave (개명)."""

    before: str
    before_hanja: str
    allowed: date
    court: str
    reported: date


@dataclass(eq=False)
class Correction:
    """A mistake of the record that was set right (정정)."""

    day: date
    reason: str
    before: str
    after: str


@dataclass(eq=False)
class Custody:
    """Who has parental authority since the parents parted (친권자 지정): 부 or 모."""

    parent: str
    day: date
    reported: date
    office: str


@dataclass(eq=False)
class Kin:
    """One person. `elders` names the parents of those whose parents are nobody's kin here."""

    id: int
    name: str
    hanja: str
    born: date
    female: bool
    number: str
    clan: str
    birthplace: Place
    birth_reported: date
    died: date | None = None
    father: "Kin | None" = None
    mother: "Kin | None" = None
    elders: tuple[str, str] = ("", "")
    seat: str = ""
    marriages: list[Marriage] = field(default_factory=list)
    children: list["Kin"] = field(default_factory=list)
    adoptions: list[Adoption] = field(default_factory=list)
    renaming: Renaming | None = None
    correction: Correction | None = None
    custody: Custody | None = None

    @property
    def marriage(self) -> Marriage | None:
        """The marriage that was not divorced; death does not strike a spouse from the record."""
        return next((one for one in reversed(self.marriages) if one.divorced is None), None)

    @property
    def adopted(self) -> Adoption | None:
        """The adoption by which this person is somebody's child now."""
        return next((one for one in self.adoptions if one.child is self and one.dissolved is None), None)

    def parents_called(self, day: date) -> tuple[str, str]:
        """Father's and mother's name on a day."""
        if self.father is None or self.mother is None:
            return self.elders
        return self.father.called(day)[0], self.mother.called(day)[0]

    def called(self, day: date) -> tuple[str, str]:
        """Name and hanja on a day."""
        if self.renaming is not None and day < self.renaming.reported:
            return self.renaming.before, self.renaming.before_hanja
        return self.name, self.hanja


def wed(husband: Kin, wife: Kin, since: date, office: str) -> Marriage:
    """Enter a marriage in both records."""
    made = Marriage(husband, wife, since, office)
    husband.marriages.append(made)
    wife.marriages.append(made)
    return made


def beget(child: Kin, father: Kin, mother: Kin) -> None:
    """Enter a child in both parents' records."""
    child.father, child.mother = father, mother
    father.children.append(child)
    mother.children.append(child)


def adopt(made: Adoption) -> None:
    """Enter an adoption in the records of all three."""
    for one in (made.child, made.father, made.mother):
        one.adoptions.append(made)
