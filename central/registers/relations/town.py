"""The family register of the synthetic town: consistent with its households, the same for the same seed."""

import random

from msgspec import Struct

from central.registers.relations.fates import KNOWN, befall, raised_alone
from central.registers.relations.growth import residents
from central.registers.relations.kin import NEW_LAW, Kin
from central.registers.relations.old_office import OldOffice
from central.registers.relations.old_register import OldRegister
from central.registers.relations.places import draw_place
from central.registers.relations.strangers import Strangers
from central.registers.residents import known
from central.registers.residents.record import Population


class Families(Struct, frozen=True):
    """`residents`: the district's people by id, the living and the dead. `old`: the registers, the oldest first."""

    residents: dict[int, Kin]
    old: tuple[OldRegister, ...]


def families(seed: int, people: Population) -> Families:
    """Everybody's kin, and the old registers that they stood in."""
    found = residents(seed, people)
    strangers = Strangers(people)
    cards = {card.number: card.person for card in people.cards}
    for one in found.values():
        if (one.father is None) != (one.mother is None):
            raised_alone(random.Random(f"{seed}:raised-alone:{one.id}"), one, strangers)
    fates = {cards[number]: what for number, what in KNOWN.items()}
    for one in found.values():
        befall(seed, one, strangers, () if one.died else fates.get(one.id))
    everybody = (*found.values(), *strangers.made)
    moving = found[cards[known.LARGE]].father
    office = OldOffice(
        random.Random(f"{seed}:old-registers"), frozenset({moving.id} if moving is not None else ())
    )
    office.live(everybody)
    for one in sorted(everybody, key=lambda one: one.born):
        one.seat = one.seat or _seat(seed, one)
    return Families(found, tuple(office.registers))


def _seat(seed: int, one: Kin) -> str:
    """등록기준지 of who stood in no old register when the law changed: the father's (법 제10조)."""
    inherited = one.father.seat if one.father is not None and one.birth_reported >= NEW_LAW else ""
    return inherited or draw_place(random.Random(f"{seed}:seat:{one.number}:{one.name}")).written
