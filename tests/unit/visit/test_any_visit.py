"""What holds in every visit, whatever happens and in whatever order: found out by chance, thousands of times."""

from typing import get_args

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.health.cash import CashLevels
from kiosk.health.health import Ailment, Health, MachineState
from kiosk.protocol.central import TypeHealth
from kiosk.protocol.screen import BAR_IDS, PICTOGRAMS, Display, Role, Row, Snapshot
from kiosk.visit.effects import CancelOrder, EndVisit
from kiosk.visit.events import (
    DraftCame,
    DraftFailed,
    HealthChanged,
    Interrupted,
    OrderMoved,
    OrderRefused,
    Pressed,
    VisitEvent,
    WorkerReady,
)
from kiosk.visit.examples import NOW_MS, examples
from kiosk.visit.order_view import OrderOutcome, OrderView, Phase, Slip
from kiosk.visit.present import present
from kiosk.visit.reduce import reduce
from kiosk.visit.state import (
    Attract,
    Change,
    Check,
    Issuing,
    OutOfService,
    Pay,
    Screen,
    Take,
    Visit,
    first,
)
from kiosk.words.words import LANGUAGES, load
from tests.unit.visit.walk import FACTS, Walk, catalogue

BEGINNINGS = [first(catalogue()), *(visit for _, visit in examples(catalogue()))]

money = st.integers(0, 40).map(lambda n: n * 100)
codes = st.sampled_from(["parcel-not-found", "paper-jam", "cancelled", "left", "", "nonsense", "no-change"])
cash = st.none() | st.builds(CashLevels, st.integers(0, 80), st.just(100), st.just((100, 500)))
ailments = st.builds(
    Ailment,
    st.sampled_from(["printer", "presenter", "coin", "hopper", "receipt", "link", "worker"]),
    st.sampled_from(["paper-out", "starting", "offline", "never-heard-of"]),
)
reasons = st.sampled_from(["", "no-change", "offline", "closed-hours", "starting", "odd"])
healths = st.builds(
    lambda state, why, ill, levels: Health(
        state, tuple(TypeHealth(kind.code, not why, why) for kind in catalogue().types), tuple(ill), levels
    ),
    st.sampled_from(MachineState),
    reasons,
    st.lists(ailments, max_size=3),
    cash,
)
views = st.builds(
    OrderView,
    order=st.sampled_from(["ONE", "TWO", "01KB3X7Q9M5T"]),
    phase=st.sampled_from(Phase),
    fee=money,
    credit=money,
    to_pay=money,
    paid=money,
    claim=money,
    kept=money,
    copy=st.integers(1, 5),
    copies=st.integers(1, 5),
    delivered=st.integers(0, 5),
    sheet=st.integers(0, 30),
    sheets=st.integers(0, 30),
    blocked=st.sampled_from(["", "paper-out", "hopper-empty", "odd"]),
    clearing=st.booleans(),
    cancelled=st.booleans(),
    retract_at_ms=st.none() | st.integers(NOW_MS - 5_000, NOW_MS + 90_000),
    outcome=st.sampled_from(OrderOutcome),
    reason=codes,
    claim_code=st.sampled_from(["", "AB12"]),
    slip=st.sampled_from(Slip),
)
drafts = st.builds(
    DraftCame,
    st.integers(1, 4),
    st.integers(1, 60),
    money,
    st.sampled_from(["", "veteran"]),
    st.just((Row("area", "33,058 ㎡"), Row("그 밖", "값"))),
    st.just(("waived", "odd")),
)
events = st.one_of(
    st.builds(HealthChanged, healths),
    st.just(WorkerReady()),
    drafts,
    st.builds(DraftFailed, st.integers(1, 4), codes),
    st.builds(OrderMoved, views),
    st.builds(OrderRefused, codes),
    st.builds(Interrupted, views),
    st.builds(
        Pressed, st.text(max_size=6) | st.sampled_from(["area:99", "key:²", "place:1", "option:x:y", "next"])
    ),
)
# A number presses one of the controls that can be pressed; a pair lets time pass.
steps = st.one_of(
    st.integers(0, 40), st.integers(0, 40), events, st.tuples(st.sampled_from([250, 20_000, 70_000]))
)


def follow(walk: Walk, step: int | VisitEvent | tuple[int]) -> None:
    if isinstance(step, int):
        enabled = walk.enabled()
        if enabled:
            walk.press(enabled[step % len(enabled)])
    elif isinstance(step, tuple):
        walk.wait(step[0])
    else:
        walk.hear(step)


def assert_whole(snapshot: Snapshot) -> None:
    """A screen that can be read, and that has no two controls of one name."""
    assert snapshot.title
    assert snapshot.announce
    assert snapshot.pictogram in PICTOGRAMS
    groups = [snapshot.controls + snapshot.bar]
    if snapshot.overlay:
        groups.append(snapshot.overlay.controls)
        assert snapshot.overlay.title
        assert snapshot.overlay.pictogram in PICTOGRAMS
    for controls in groups:
        ids = [control.id for control in controls]
        assert len(ids) == len(set(ids))
        assert sum(control.role is Role.PRIMARY for control in controls) <= 1
        assert all(control.label for control in controls)
        assert all(control.icon in PICTOGRAMS for control in controls if control.icon)
        assert all(
            control.note for control in controls if not control.enabled and control.role is not Role.KEY
        )
    assert [c.id for c in snapshot.bar] == [name for name in BAR_IDS if name in {c.id for c in snapshot.bar}]
    assert snapshot.remaining_s is None or snapshot.remaining_s >= 0


def machine_works(visit: Visit) -> bool:
    """Core has the word: an order is under way or about to be opened, and its next move ends the screen."""
    match visit.screen:
        case Issuing() | Take():
            return True
        case Pay(view=view):
            return view.phase is not Phase.COLLECTING or view.cancelled or visit.abandoned
        case Change(view=view):
            return view.phase is not Phase.CLOSED
        case Check(until_ms=until_ms):
            return until_ms is not None
        case _:
            return False


def has_way_out(walk: Walk) -> bool:
    """The citizen can stop, or close the sheet, or has not begun; or the machine is at work for them."""
    if isinstance(walk.screen, Attract | OutOfService):
        return True
    ways = {"close", "more-time"} if walk.snapshot.overlay else {"cancel", "done"}
    return bool(ways & set(walk.enabled())) or machine_works(walk.state)


@settings(max_examples=300)
@given(st.sampled_from(BEGINNINGS), st.lists(steps, max_size=25))
def test_whatever_happens_there_is_a_readable_screen_and_a_way_on(
    beginning: Visit, story: list[int | VisitEvent | tuple[int]]
) -> None:
    walk = Walk(beginning, NOW_MS)
    for step in story:
        follow(walk, step)
        assert_whole(walk.snapshot)
        assert has_way_out(walk), walk.snapshot.title


@settings(max_examples=150)
@given(st.sampled_from(BEGINNINGS), st.lists(steps, max_size=25))
def test_after_the_end_nothing_of_the_citizen_is_left(
    beginning: Visit, story: list[int | VisitEvent | tuple[int]]
) -> None:
    walk = Walk(beginning, NOW_MS)
    for step in story:
        ended_before = sum(isinstance(effect, EndVisit) for effect in walk.effects)
        follow(walk, step)
        if sum(isinstance(effect, EndVisit) for effect in walk.effects) > ended_before:
            machine = first(catalogue())
            kept = msgspec.structs.replace(
                machine,
                screen=walk.screen,
                health=walk.state.health,
                since=walk.state.since,
                number=walk.state.number,
            )
            assert isinstance(walk.screen, Attract | OutOfService)
            assert walk.state == kept
            assert walk.snapshot.display == Display()


@settings(max_examples=150)
@given(st.sampled_from(BEGINNINGS), st.lists(steps, max_size=25))
def test_before_issuing_the_citizen_can_always_stop(
    beginning: Visit, story: list[int | VisitEvent | tuple[int]]
) -> None:
    walk = Walk(beginning, NOW_MS)
    for step in story:
        follow(walk, step)
        screen = walk.screen
        collecting = (
            isinstance(screen, Pay) and screen.view.phase is Phase.COLLECTING and not screen.view.cancelled
        )
        checking = isinstance(screen, Check) and screen.until_ms is None
        if walk.snapshot.overlay is None and not walk.state.abandoned and (collecting or checking):
            assert walk.may("cancel")


@settings(max_examples=100)
@given(st.sampled_from(BEGINNINGS), st.lists(events, max_size=15))
def test_money_is_never_given_back_unasked(beginning: Visit, story: list[VisitEvent]) -> None:
    """Only a press or the clock cancels an order: nothing that a device, the worker or central says does."""
    state = beginning
    for event in story:
        state, effects = reduce(state, event, NOW_MS)
        assert isinstance(event, Pressed) or CancelOrder() not in effects


def test_each_example_is_whole_in_each_language_and_at_each_text_size() -> None:
    for name, visit in examples(catalogue()):
        for lang in LANGUAGES:
            display = Display(lang=lang, text_scale=200, high_contrast=True, low_reach=True)
            shown = msgspec.structs.replace(visit, display=display)
            snapshot = present(shown, load(lang), FACTS, seq=1, since=1, now_ms=NOW_MS)
            assert_whole(snapshot)
            assert snapshot.display == display, name


def test_the_examples_show_every_screen_and_every_sheet_under_a_name_of_its_own() -> None:
    named = list(examples(catalogue()))
    names = [name for name, _ in named]
    assert len(names) == len(set(names))
    shown = {type(visit.screen).__name__ for _, visit in named}
    assert shown == {kind.__name__ for kind in get_args(Screen)}
    sheets = {type(visit.overlay).__name__ for _, visit in named if visit.overlay}
    assert sheets == {"Help", "Languages", "DisplaySheet", "MoreTime", "Leave"}
