"""Notes and coins in one payment, told as the sentences that must stay true."""

from typing import Any

import msgspec
import pytest

from drivers.contract import CashReading, NotePosition
from drivers.contract import Outcome as Proof
from kiosk.order.effects import Effect, PayOut, ReadCash, StackNote, StartCollect
from kiosk.order.events import CashRead, NoteIn, NotesUnknown, StackOver, Stop
from kiosk.order.model import OrderOutcome
from tests.unit.order.world import World


def of_kind(world: World, kind: str) -> list[dict[str, Any]]:
    return [body for found, body in world.records if found == kind]


def test_a_note_of_1_000_for_a_fee_of_400_gives_600_back() -> None:
    order = (world := World(fee=400, coins=(1_000,))).serve()
    world.check()
    assert (order.outcome, order.credit, order.earned, order.paid) == (
        OrderOutcome.DELIVERED,
        1_000,
        400,
        600,
    )


def test_coins_and_notes_add_up_to_one_credit() -> None:
    order = (world := World(fee=1_200, coins=(100, 1_000, 500))).serve()
    world.check()
    assert (order.outcome, order.credit, order.paid) == (OrderOutcome.DELIVERED, 1_600, 400)


def test_a_note_that_could_not_be_changed_goes_back_and_the_next_coin_is_taken() -> None:
    order = (world := World(fee=400, coins=(1_000, 500), hopper=14)).serve()
    world.check()
    assert (world.notes_back, order.credit, order.outcome) == ([1_000], 500, OrderOutcome.DELIVERED)
    assert of_kind(world, "note-intent") == []


class Watched(World):
    """Keeps what was asked for, and whether the credit of a note was ever shown before it was stored."""

    def do(self, effect: Effect) -> None:
        if isinstance(effect, StackNote):
            assert self.stored is not None
            assert self.stored.note is not None
            assert self.stored.note.key == effect.key, "stacked before its intent was stored"
        if isinstance(effect, StartCollect):
            self.asked = (*getattr(self, "asked", ()), effect)
        super().do(effect)


def test_the_intent_is_stored_before_the_note_is_stacked_and_no_coin_is_taken_meanwhile() -> None:
    world = Watched(fee=1_500, coins=(1_000, 500))
    world.serve()
    world.check()
    assert [(one.denominations, one.notes) for one in world.asked] == [
        ((100, 500), (1_000, 5_000, 10_000)),
        ((), (1_000,)),
        ((100, 500), (1_000, 5_000, 10_000)),
    ]
    assert [body["value"] for body in of_kind(world, "note-intent")] == [1_000]


def test_with_little_change_only_small_coins_are_taken_towards_the_end() -> None:
    world = Watched(fee=500, coins=(100, 100, 500, 100, 100, 100), hopper=10)
    order = world.serve()
    world.check()
    assert (order.outcome, order.credit, order.paid) == (OrderOutcome.DELIVERED, 500, 0)
    assert [one.denominations for one in world.asked] == [(100, 500), (100,)]


def test_who_cancels_while_a_note_is_on_its_way_has_all_of_it_back() -> None:
    class Hasty(World):
        def do(self, effect: Effect) -> None:
            if isinstance(effect, StackNote):
                self.inbox.append(Stop("cancelled"))
            super().do(effect)

    order = (world := Hasty(copies=3, coins=(1_000,))).serve()
    world.check()
    assert (order.outcome, order.credit, order.paid) == (OrderOutcome.REFUNDED, 1_000, 1_000)


def test_a_note_that_comes_out_again_is_not_credited() -> None:
    order = (world := World(fee=400, coins=(1_000, 500), note_fate="returns")).serve()
    world.check()
    assert (world.notes_back, order.credit, order.paid) == ([1_000], 500, 100)


def test_a_note_of_which_no_word_comes_is_found_by_the_count() -> None:
    order = (world := World(fee=400, coins=(1_000,), note_fate="mute")).serve()
    world.check()
    assert (order.outcome, order.credit, order.paid) == (OrderOutcome.DELIVERED, 1_000, 600)


def test_the_word_that_comes_after_the_count_credits_nothing_twice() -> None:
    class Late(World):
        def do(self, effect: Effect) -> None:
            if isinstance(effect, PayOut):
                self.inbox.append(NoteIn(1_000, self.note_position()))
            super().do(effect)

    order = (world := Late(fee=400, coins=(1_000,), note_fate="mute")).serve()
    world.check()
    assert order.credit == 1_000


def test_a_note_that_sticks_is_in_doubt_and_a_person_looks() -> None:
    order = (world := World(fee=400, coins=(1_000,), note_fate="jams")).serve()
    world.check()
    assert (order.outcome, order.credit, order.claim) == (OrderOutcome.DISPUTED, 0, 1_000)
    assert of_kind(world, "note-doubt")[0]["value"] == 1_000


def test_coins_that_are_in_go_back_when_a_note_is_in_doubt() -> None:
    order = (world := World(fee=1_500, coins=(500, 1_000), note_fate="jams")).serve()
    world.check()
    assert (order.outcome, order.paid, order.claim) == (OrderOutcome.DISPUTED, 500, 1_000)


class ValidatorAway(World):
    """It takes the order to stack and is silent from then on; the coins go on."""

    def cash(self) -> CashReading:
        return msgspec.structs.replace(
            super().cash(), note_serial="", note_events=None, stacked=None, note_clear=None
        )

    def _stack(self, key: str, held: int) -> None:
        self.escrow, self.stuck_note = self.escrow, True
        self.inbox.append(StackOver(key, Proof.UNKNOWN))


def test_a_validator_that_stays_silent_leaves_its_note_in_doubt_after_some_seconds() -> None:
    order = (world := ValidatorAway(fee=400, coins=(1_000,))).serve()
    world.check()
    assert (order.outcome, order.credit, order.claim) == (OrderOutcome.DISPUTED, 0, 1_000)
    assert 20_000 <= world.now_ms < 40_000


class ValidatorBackLate(ValidatorAway):
    """Its note was given up, and while the coins come back it tells that it has stacked it."""

    def do(self, effect: Effect) -> None:
        super().do(effect)
        if isinstance(effect, PayOut):
            self._tell_late(NotePosition("V1", 1, 1))

    def _tell_late(self, position: NotePosition) -> None:
        self.inbox.insert(0, NoteIn(1_000, position))


class ValueForgotten(ValidatorBackLate):
    """It only knows that there was one."""

    def _tell_late(self, position: NotePosition) -> None:
        self.inbox.insert(0, NotesUnknown(1, position))


@pytest.mark.parametrize("world", [ValidatorBackLate, ValueForgotten])
def test_a_note_that_is_told_of_after_it_was_given_up_is_owed_once(world: type[World]) -> None:
    order = world(fee=1_500, coins=(500, 1_000)).serve()
    assert order.paid + order.claim == 1_500


class AnotherValidator(World):
    """It was exchanged while it stacked."""

    def cash(self) -> CashReading:
        return msgspec.structs.replace(super().cash(), note_serial="V2")


def test_the_count_of_another_validator_proves_nothing() -> None:
    order = (world := AnotherValidator(fee=400, coins=(1_000,), note_fate="mute")).serve()
    world.check()
    assert (order.outcome, order.credit, order.claim) == (OrderOutcome.DISPUTED, 0, 1_000)


def test_a_note_whose_value_nobody_knows_is_owed_at_the_most_that_it_can_be() -> None:
    class Found(World):
        def do(self, effect: Effect) -> None:
            super().do(effect)
            if isinstance(effect, ReadCash) and not self.stacked:
                self.stacked = 1
                self.inbox.append(NotesUnknown(1, NotePosition("V1", 1, 1)))

    order = Found(fee=400, coins=(500,)).serve()
    assert (order.outcome, order.in_doubt) == (OrderOutcome.DISPUTED, 10_000)


def test_a_hopper_of_500_pays_first_and_one_of_100_the_rest() -> None:
    world = World(fee=400, coins=(5_000,), hopper=10, hopper_of_500=12)
    order = world.serve()
    world.check()
    assert (order.paid, world.value_of_500s, world.dispensed) == (4_600, 4_500, 1)


def test_when_the_hopper_of_500_runs_dry_the_other_one_pays_what_it_can() -> None:
    class Dry(World):
        def _pay_500s(self, key: str, coins: int) -> None:
            self.hopper_of_500 = 1
            super()._pay_500s(key, coins)

    world = Dry(fee=400, coins=(1_000, 500), hopper=30, hopper_of_500=12)
    order = world.serve()
    world.check()
    assert (order.paid, order.claim, world.value_of_500s, world.dispensed) == (600, 0, 500, 1)


@pytest.mark.parametrize("fate", ["stacks", "mute"])
def test_a_reading_without_a_note_on_its_way_changes_nothing(fate: str) -> None:
    class Chatty(World):
        def do(self, effect: Effect) -> None:
            super().do(effect)
            if isinstance(effect, PayOut):
                self.inbox.append(CashRead(self.cash()))

    order = (world := Chatty(fee=400, coins=(1_000,), note_fate=fate)).serve()
    world.check()
    assert order.paid == 600
