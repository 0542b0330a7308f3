"""The family register's records: what each certificate says of every living resident, and their old registers.

Who was fully adopted (친양자) has no record of an old register: it names the parents who are parents no more.
"""

from collections.abc import Iterator

from central.registers.records.record import Record
from central.registers.relations.kin import Kin
from central.registers.relations.old_register import OldRegister
from central.registers.relations.papers import PAPERS, old_register
from central.registers.relations.town import families
from central.registers.residents.record import Population

FAMILY_RELATION, BASIC, MARRIAGE, ADOPTION = PAPERS
REMOVED_FAMILY, REMOVED_ABSTRACT = "removed-family", "removed-abstract"


def records(seed: int, people: Population) -> Iterator[Record]:
    """Four records for each, and two for each old register."""
    found = families(seed, people)
    stood: dict[Kin, list[OldRegister]] = {}
    for register in found.old:
        for one in register.entries:
            stood.setdefault(one, []).append(register)
    for one in found.residents.values():
        if one.died is not None:
            continue
        for kind, items in PAPERS.items():
            yield Record(kind, items(one), person=one.id)
        if one.adopted is None or not one.adopted.full:
            yield from _removed(one, stood.get(one, []))


def _removed(one: Kin, registers: list[OldRegister]) -> Iterator[Record]:
    for register in registers:
        key = str(register.no)
        yield Record(REMOVED_FAMILY, old_register(register), key, one.id)
        yield Record(REMOVED_ABSTRACT, old_register(register, one), key, one.id)
