"""The notices of the first screen: one sentence about paying, which is true, whatever is down, short or closed."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import msgspec
import pytest

from drivers.contract import DeviceState, Reason, ReasonCode, Severity, Status
from kiosk.catalogue.catalogue import Catalogue
from kiosk.health.cash import CashLevels
from kiosk.health.health import CARD_UNRESOLVED, Health, MachineState, health
from kiosk.order.change import CashMode, taking
from kiosk.protocol.certificates import Hours
from kiosk.visit.screens import Attract, Choose
from kiosk.visit.state import Visit
from kiosk.words.words import LANGUAGES, load
from tests.unit.visit.walk import Walk, by_card

NOON = 12 * 60
CLOSED = Hours("02:00", "03:00")
ALWAYS = Hours("00:00", "24:00")
# What a sentence has to speak of to be one about paying.
PAYING = {"ko": ("동전", "지폐", "현금", "카드", "정액"), "en": ("coin", "note", "cash", "card", "exact sum")}


class Machine(NamedTuple):
    """What the first screen is made from. `notes` and `terminal` may not be built in at all ("none")."""

    coin: str
    hopper: str
    notes: str
    terminal: str
    receipt: str
    cash: str
    paid: str
    free: str


ALL = [
    ("well", "jammed", "starting"),
    ("well", "jammed"),
    ("none", "well", "jammed"),
    ("none", "well", "jammed", "starting", "unresolved"),
    ("well", "jammed"),
    ("unknown", "plenty", "some", "short", "empty"),
    ("open", "closed"),
    ("open", "closed"),
]


def status(device: str, how: str) -> Status:
    if how == "starting":
        return Status(device, DeviceState.CONNECTING)
    if how == "jammed":
        return Status(device, DeviceState.FAULT, (Reason(ReasonCode.COIN_JAM, Severity.ERROR),))
    return Status(device, DeviceState.READY)


def kinds(machine: Machine) -> Catalogue:
    """One dear certificate, one cheap one, one for nothing, with the hours that are meant."""
    dear, cheap, free = by_card().types[:3]
    hours = {"open": ALWAYS, "closed": CLOSED}
    of = [(dear, 2_000, machine.paid), (cheap, 500, machine.paid), (free, 0, machine.free)]
    return msgspec.structs.replace(
        by_card(),
        types=tuple(
            msgspec.structs.replace(
                kind,
                fee=msgspec.structs.replace(kind.fee, base=fee),
                hours=hours[when],
                identification="none",
            )
            for kind, fee, when in of
        ),
    )


def levels(machine: Machine) -> CashLevels | None:
    coins = {"plenty": 90, "some": 20, "short": 8, "empty": 0}
    if machine.cash == "unknown":
        return None
    notes = (1_000, 5_000) if machine.notes == "well" else ()
    return CashLevels(coins[machine.cash], 100, (100, 500), notes=notes)


def judged(machine: Machine) -> tuple[Catalogue, Health]:
    devices = {"printer": "well", "presenter": "well", "coin": machine.coin, "hopper": machine.hopper}
    devices["receipt"] = machine.receipt
    devices |= {"note": machine.notes} if machine.notes != "none" else {}
    terminal = "well" if machine.terminal == "unresolved" else machine.terminal
    devices |= {"terminal": terminal} if terminal != "none" else {}
    besides = (CARD_UNRESOLVED,) if machine.terminal == "unresolved" else ()
    sold = kinds(machine)
    found = health(
        sold,
        {name: status(name, how) for name, how in devices.items()},
        online=True,
        besides=besides,
        cash=levels(machine),
        minute=NOON,
    )
    return sold, found


def machines() -> Iterator[Machine]:
    return (Machine(*one) for one in product(*ALL))


def notices(screen: Attract | Choose, sold: Catalogue, found: Health, lang: str) -> tuple[str, ...]:
    state = Visit(catalogue=sold, screen=screen, health=found, serving=isinstance(screen, Choose))
    shown = Walk(msgspec.structs.replace(state, display=msgspec.structs.replace(state.display, lang=lang)))
    return shown.snapshot.notices


def about_paying(told: tuple[str, ...], lang: str) -> list[str]:
    return [each for each in told if any(word in each.lower() for word in PAYING[lang])]


def ways(sold: Catalogue, found: Health) -> set[str]:
    """What really is taken now for at least one certificate that can be had: asked of the till, not of the words."""
    fees = [kind.fee.base for kind in sold.types if kind.fee.base and found.of(kind.code).sellable]
    by_cash = [fee for fee in fees if found.cash_mode(fee) is not CashMode.NONE]
    till = found.cash.till if found.cash else None
    taken = [taking(till, fee, 0) for fee in by_cash] if till else []
    return {
        *(("coins",) if any(each.coins for each in taken) else ()),
        *(("notes",) if any(each.notes for each in taken) else ()),
        *(("card",) if fees and found.card else ()),
    }


CLAIMS = {
    "ko": {"동전": {"coins"}, "지폐": {"notes"}, "현금": {"coins", "notes"}, "카드": {"card"}},
    "en": {"coin": {"coins"}, "note": {"notes"}, "cash": {"coins", "notes"}, "card": {"card"}},
}


def claimed(sentence: str, lang: str) -> set[str]:
    """The ways to pay that a sentence names. "Cash" where coins are named too is only their family's name."""
    found = [what for word, what in CLAIMS[lang].items() if word in sentence.lower()]
    narrow = [what for what in found if what != {"coins", "notes"}]
    by_name = {"coins"} in narrow or {"notes"} in narrow
    return set().union(*(narrow if by_name else found)) if found else set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_is_one_sentence_about_paying_and_it_is_true(lang: str) -> None:
    wrong: list[str] = []
    seen: set[str] = set()
    for machine in machines():
        sold, found = judged(machine)
        if found.state is MachineState.OUT_OF_SERVICE:
            continue
        told = notices(Attract(), sold, found, lang)
        paying = about_paying(told, lang)
        real = ways(sold, found)
        named = [claimed(each, lang) for each in paying]
        if named != ([real] if real else []):
            wrong.append(f"{machine}: {paying} where {sorted(real)} are taken")
        seen.update(paying)
    assert not wrong, f"{len(wrong)} of them, first\n" + "\n".join(wrong[:10])
    assert len(seen) > 8, seen


def test_only_is_said_where_a_way_that_was_built_in_is_lacking_and_nowhere_else() -> None:
    wrong: list[str] = []
    for machine in machines():
        sold, found = judged(machine)
        real = ways(sold, found)
        if found.state is MachineState.OUT_OF_SERVICE or not real:
            continue
        built = {"coins"} | ({"notes"} if machine.notes != "none" else set())
        built |= {"card"} if machine.terminal != "none" else set()
        sentence = about_paying(notices(Attract(), sold, found, "ko"), "ko")[0]
        modes = {
            found.cash_mode(kind.fee.base)
            for kind in sold.types
            if kind.fee.base and found.of(kind.code).sellable
        }
        usual = not any(word in sentence for word in ("지금", "모자라"))
        if usual is not (built == real and modes == {CashMode.ANY}):
            wrong.append(f"{machine}: {sentence}")
    assert not wrong, f"{len(wrong)} of them, first\n" + "\n".join(wrong[:10])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_chooses_is_told_the_same_and_only_what_is_not_as_usual(lang: str) -> None:
    for machine in machines():
        sold, found = judged(machine)
        if found.state is MachineState.OUT_OF_SERVICE:
            continue
        first = about_paying(notices(Attract(), sold, found, lang), lang)
        then = about_paying(notices(Choose(), sold, found, lang), lang)
        assert then in (first, []), machine


def test_a_receipt_that_can_not_be_had_is_told_beside_it() -> None:
    lacking = load("ko").say("attract.no-receipt")
    for machine in machines():
        sold, found = judged(machine)
        if found.state is not MachineState.OUT_OF_SERVICE:
            told = notices(Attract(), sold, found, "ko")
            assert (lacking in told) is (machine.receipt == "jammed"), machine


def test_the_machine_that_the_row_told_of_is_asked_for_a_card_alone() -> None:
    sold, found = judged(Machine("jammed", "jammed", "jammed", "well", "well", "plenty", "open", "open"))
    assert notices(Attract(), sold, found, "ko") == (load("ko").say("ways.now.card"),)
