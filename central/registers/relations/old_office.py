"""The old register (호적) as time goes on, until the law that ended it: every one of them is closed (제적) by now.

Law: 호적법 and 민법 as they stood until 2007. Simplified: a man who marries founds a family of his own unless he is the
head's eldest son; a head is followed by a son, a daughter, the widow, in this order; some families move their seat
(전적). A register without anybody left, or whose head has changed, is closed.
"""

import heapq
import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial

from central.registers.relations.entry import Entry, born, renamed
from central.registers.relations.kin import NEW_LAW, Adoption, Kin, Marriage, Renaming
from central.registers.relations.old_register import OldRegister, eldest_son, heir_of
from central.registers.relations.places import draw_place
from central.registers.residents.living import after

LAST_DAY = NEW_LAW - timedelta(days=1)
BY_LAW = "가족관계의 등록 등에 관한 법률 시행"
SUCCESSION, BRANCH, RETURN, MOVE, ENDED = "호주 승계", "법정분가", "일가 창립", "전적", "전원 제적"


class OldOffice:
    """Keeps the registers while time goes on. `moving`: whose register moves its seat, whatever chance says."""

    def __init__(self, rng: random.Random, moving: frozenset[int] = frozenset()) -> None:
        self.registers: list[OldRegister] = []
        self._rng = rng
        self._moving = moving
        self._home: dict[Kin, OldRegister] = {}
        self._planned: list[tuple[date, int, Callable[[date], None]]] = []
        self._order = 0

    def live(self, everybody: Iterable[Kin]) -> None:
        """Let everything happen that was reported before the new law; then it closes them all."""
        for one in everybody:
            self._plan(one)
        while self._planned:
            day, _, happens = heapq.heappop(self._planned)
            happens(day)
        for register in self.registers:
            for one in register.present:
                one.seat = register.seat
            if register.closed is None:
                register.closed, register.closing = LAST_DAY, BY_LAW

    def _plan(self, one: Kin) -> None:
        if one.father is not None:
            self._at(one.birth_reported, partial(self._birth, one))
        if one.died is not None:
            self._at(one.died, partial(self._death, one))
        if one.renaming is not None:
            self._at(one.renaming.reported, partial(self._renaming, one, one.renaming))
        for adoption in one.adoptions:
            if adoption.child is one:
                self._at(adoption.since, partial(self._adoption, adoption))
                self._at(adoption.dissolved, partial(self._dissolution, adoption))
        for marriage in one.marriages:
            if marriage.husband is one:
                self._at(marriage.since, partial(self._wedding, marriage))
                self._at(marriage.divorced, partial(self._divorce, marriage))

    def _at(self, day: date | None, happens: Callable[[date], None]) -> None:
        if day is not None and day < NEW_LAW:
            self._order += 1
            heapq.heappush(self._planned, (day, self._order, happens))

    # --- what happens ---

    def _birth(self, one: Kin, day: date) -> None:
        assert one.father is not None
        self._enter(one, self._of(one.father, day))

    def _wedding(self, made: Marriage, day: date) -> None:
        husband, wife = made.husband, made.wife
        home = self._home.get(husband)
        if home is None or not (home.head is husband or eldest_son(husband, home)):
            home = self._found(husband, day, BRANCH, _wed(wife, day))
        else:
            self._note(husband, _wed(wife, day))
        self._move(wife, home, day, "혼인", _wed(husband, day))

    def _divorce(self, made: Marriage, day: date) -> None:
        his, hers = (
            Entry("이혼", reported=day.isoformat(), other=made.other(one).called(day)[0])
            for one in (made.husband, made.wife)
        )
        self._note(made.husband, his)
        if self._home.get(made.wife) is self._home.get(made.husband):
            self._found(made.wife, day, RETURN, hers)
        else:
            self._note(made.wife, hers)

    def _renaming(self, one: Kin, new: Renaming, _: date) -> None:
        self._note(one, renamed(new, one))

    def _adoption(self, made: Adoption, day: date) -> None:
        entry = Entry("입양", reported=day.isoformat(), other=made.father.name, also=made.mother.name)
        self._move(made.child, self._of(made.father, day), day, "입양", entry)

    def _dissolution(self, made: Adoption, day: date) -> None:
        """The child goes back to where the birth parents stand."""
        entry = Entry("파양", reported=day.isoformat(), other=made.father.name, also=made.mother.name)
        birth = made.child.father
        home = self._home.get(birth) if birth is not None else None
        if home is None:
            self._found(made.child, day, RETURN, entry)
        else:
            self._move(made.child, home, day, "파양", entry)

    def _death(self, one: Kin, day: date) -> None:
        home = self._home.get(one)
        if home is not None:
            self._note(one, Entry("사망", date=day.isoformat(), by="가족"))
            self._leave(one, home, day)

    def _transfer(self, register: OldRegister, day: date) -> None:
        """The whole family's register goes to another seat (전적)."""
        if register.closed is None:
            self._renew(register, register.head, day, MOVE, draw_place(self._rng).written)

    # --- keeping it consistent ---

    def _of(self, one: Kin, day: date) -> OldRegister:
        """Where somebody stands; a family of one's own for who stands nowhere yet."""
        return self._home.get(one) or self._found(one, day, BRANCH)

    def _open(self, head: Kin, day: date, formation: str, seat: str) -> OldRegister:
        register = OldRegister(len(self.registers) + 1, seat, head, day, formation)
        self.registers.append(register)
        if formation != MOVE and (head.id in self._moving or self._rng.random() < 0.08):
            moved = after(day, self._rng.uniform(8, 20))
            self._at(moved, partial(self._transfer, register))
        return register

    def _found(self, one: Kin, day: date, formation: str, entry: Entry | None = None) -> OldRegister:
        """A register of one's own, at the seat of the old one where there was one. `entry`: what it comes of."""
        old = self._home.get(one)
        seat = old.seat if old is not None else draw_place(self._rng).written
        register = self._open(one, day, formation, seat)
        self._move(one, register, day, formation, entry)
        return register

    def _move(self, one: Kin, to: OldRegister, day: date, why: str, entry: Entry | None = None) -> None:
        """From the register where somebody stands to another; both tell it, and the `entry` that it comes of."""
        home = self._home.get(one)
        before, head = (home.seat, home.head) if home is not None else ("", None)
        entries = [] if entry is None else [entry]
        if home is not None:
            gone = Entry("제적", day.isoformat(), reason=why, after=to.seat, also=to.head.called(day)[0])
            home.entries[one] += [*entries, gone]
            self._leave(one, home, day)
        self._enter(one, to)
        to.entries[one] += entries
        if to.head is not one:
            whose = head.called(day)[0] if head is not None else one.elders[0]
            before = before or draw_place(self._rng).written
            to.entries[one].append(Entry("입적", day.isoformat(), reason=why, before=before, also=whose))

    def _enter(self, one: Kin, home: OldRegister) -> None:
        home.entries.setdefault(one, [born(one, old=True)])
        home.present.append(one)
        self._home[one] = home

    def _leave(self, one: Kin, home: OldRegister, day: date) -> None:
        """A head who goes is followed by an heir in a new register; with nobody left the register is closed."""
        home.present.remove(one)
        del self._home[one]
        if home.head is not one:
            return
        heir = heir_of(one, home.present)
        if heir is None:
            home.closed, home.closing = day, ENDED
        else:
            self._renew(home, heir, day, SUCCESSION, home.seat)

    def _renew(self, old: OldRegister, head: Kin, day: date, why: str, seat: str) -> None:
        """The register is closed and made anew with everybody who stands in it."""
        new = self._open(head, day, why, seat)
        old.closed, old.closing = day, why
        for one in old.present:
            self._enter(one, new)
        old.present = []
        whence = {"before": old.seat} if why == MOVE else {"also": old.head.called(day)[0]}
        self._note(head, Entry(why, day.isoformat(), **whence))

    def _note(self, one: Kin, entry: Entry) -> None:
        if (home := self._home.get(one)) is not None:
            home.entries[one].append(entry)


def _wed(other: Kin, day: date) -> Entry:
    return Entry("혼인", reported=day.isoformat(), other=other.called(day)[0])
