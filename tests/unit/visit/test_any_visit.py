"""What holds in every visit, whatever happens and in whatever order: found out by chance, thousands of times."""

from typing import get_args

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.examples.all_screens import NOW_MS, examples
from kiosk.health.cash import CashLevels
from kiosk.health.health import Ailment, Health, MachineState
from kiosk.health.power import Power
from kiosk.order.model import OrderOutcome
from kiosk.protocol.central import Offered, TypeHealth
from kiosk.protocol.identity import AskedLine
from kiosk.protocol.screen import BAR_IDS, PICTOGRAMS, Display, Role, Row, Snapshot
from kiosk.visit.effects import CancelOrder, CloseCard, Effect, EndVisit, Identify, OpenCard, RequestDraft
from kiosk.visit.events import (
    CardIn,
    CardOut,
    CardReady,
    CardRefused,
    DraftCame,
    DraftChoice,
    DraftFailed,
    Entered,
    GuideOver,
    HealthChanged,
    HolderKnown,
    Interrupted,
    OrderMoved,
    OrderRefused,
    PowerTold,
    Pressed,
    VisitEvent,
    WorkerReady,
)
from kiosk.visit.order_view import UNPAID, OrderView, Phase, Slip
from kiosk.visit.present import present
from kiosk.visit.reduce import reduce
from kiosk.visit.screens import (
    Attract,
    Change,
    Check,
    EnterPin,
    Issuing,
    OutOfService,
    Pay,
    ReadingCard,
    Refund,
    Screen,
    Take,
    Verifying,
)
from kiosk.visit.state import Visit, first
from kiosk.words.words import LANGUAGES, load
from tests.unit.visit.walk import FACTS, Walk, by_card, ready

BEGINNINGS = [first(by_card()), *(visit for _, visit in examples(by_card()))]

money = st.integers(0, 40).map(lambda n: n * 100)
codes = st.sampled_from(["parcel-not-found", "paper-jam", "cancelled", "left", "", "nonsense", "no-change"])
card_codes = st.sampled_from(
    ["pin-wrong", "pin-malformed", "card-removed", "card-changed", "card-expired", "odd"]
)
cards = st.one_of(
    st.builds(CardIn, st.sampled_from(["Reader 0", "Reader 1"]), st.integers(0, 3)),
    st.just(CardOut()),
    st.builds(CardReady, st.none() | st.integers(0, 3), st.just(bytes(32)), st.just(b"info")),
    st.builds(CardRefused, card_codes, st.none() | st.integers(0, 3)),
    st.builds(HolderKnown, st.just("홍*동"), st.sampled_from(["", "their pseudonym", "another one"])),
    st.builds(Entered, st.sampled_from(["enter", "pay"]), st.just(b"sealed")),
)
cash = st.none() | st.builds(CashLevels, st.integers(0, 80), st.just(100), st.just((100, 500)))
ailments = st.builds(
    Ailment,
    st.sampled_from(
        ["printer", "presenter", "coin", "hopper", "receipt", "card", "terminal", "link", "worker", "power"]
    ),
    st.sampled_from(["paper-out", "starting", "offline", "never-heard-of"]),
)
reasons = st.sampled_from(["", "no-change", "offline", "closed-hours", "starting", "odd"])
healths = st.builds(
    lambda state, why, ill, levels, card: Health(
        state,
        tuple(TypeHealth(kind.code, not why, why) for kind in by_card().types),
        tuple(ill),
        levels,
        card,
    ),
    st.sampled_from(MachineState),
    reasons,
    st.lists(ailments, max_size=3),
    cash,
    st.booleans(),
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
    means=st.sampled_from([("cash",), ("card",), ("cash", "card")]),
    by_card=st.booleans(),
    prompt=st.sampled_from(["", "present", "pin", "remove", "wait", "odd"]),
    problem=st.sampled_from(["", "declined", "cancelled", "card-down", "card-silent"]),
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
offered = st.lists(st.sampled_from("가나다라마바사"), min_size=1, unique=True).map(
    lambda labels: tuple(Offered(label, label) for label in labels)
)
choices = st.builds(DraftChoice, st.integers(1, 4), st.sampled_from(["vehicle", "odd"]), offered)
events = st.one_of(
    cards,
    cards,
    st.builds(HealthChanged, healths),
    st.just(WorkerReady()),
    drafts,
    choices,
    st.builds(DraftFailed, st.integers(1, 4), codes),
    st.builds(OrderMoved, views),
    st.builds(OrderRefused, codes),
    st.builds(PowerTold, st.sampled_from(Power)),
    st.builds(Interrupted, views),
    st.builds(GuideOver, st.sampled_from(Slip)),
    st.builds(
        Pressed,
        st.text(max_size=6)
        | st.sampled_from(
            ["area:99", "key:²", "place:1", "option:x:y", "next", "add", "go-on", "remove:0", "pick:1"]
        ),
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
        # The keypad for a PIN has an empty place.
        assert all(control.label for control in controls if control.id != "pin:none")
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
            return view.phase not in UNPAID or view.cancelled or visit.abandoned
        case Refund(confirmed=confirmed):
            return confirmed
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
    ways = {"close", "more-time"} if walk.snapshot.overlay else {"cancel", "done", "later"}
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
            machine = first(walk.state.catalogue)
            kept = msgspec.structs.replace(
                machine,
                screen=walk.screen,
                health=walk.state.health,
                since=walk.state.since,
                number=walk.state.number,
                card=walk.state.card,
                power=walk.state.power,
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
        collecting = isinstance(screen, Pay) and screen.view.phase in UNPAID and not screen.view.cancelled
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


THE_USUAL: list[int | VisitEvent | tuple[int]] = [
    HealthChanged(ready(of=by_card())),
    Pressed("start"),
    WorkerReady(),
    Pressed("category:resident"),
    Pressed("type:resident-household"),
    Pressed("next"),
    CardIn("Reader 0", 9),
    CardReady(3, bytes(32), b"info"),
    Entered("enter", b"sealed"),
    HolderKnown("홍*동"),
    DraftCame(1, 2, 200),
    Pressed("pay"),
]


def by_card_so_far(depth: int) -> Walk:
    """Somebody has come so far with a certificate of their own, on a machine that is well."""
    walk = Walk(first(by_card()), NOW_MS)
    for step in THE_USUAL[:depth]:
        follow(walk, step)
    return walk


depths = st.integers(0, len(THE_USUAL))
by_card_steps = st.lists(st.one_of(steps, cards, st.sampled_from(THE_USUAL)), max_size=25)


@settings(max_examples=300)
@given(depths, by_card_steps)
def test_whoever_was_named_is_forgotten_with_the_visit(
    depth: int, story: list[int | VisitEvent | tuple[int]]
) -> None:
    walk = by_card_so_far(depth)
    for step in story:
        follow(walk, step)
        if not walk.state.serving:
            assert "홍*동" not in repr(walk.state)
            assert "홍*동" not in repr(walk.snapshot)


def assert_let_go(before: list[Effect], walk: Walk) -> None:
    """A card is open on the screens that need it, and on no other."""
    said = [effect for effect in before if isinstance(effect, OpenCard | CloseCard)]
    if not isinstance(walk.screen, ReadingCard | EnterPin | Verifying):
        assert not said or said[-1] == CloseCard()


def assert_own_card(walk: Walk, made: list[Effect]) -> None:
    """Only the card that came in during this visit is spoken to, and only while it is in."""
    for effect in made:
        if isinstance(effect, OpenCard):
            card = walk.state.card
            assert card is not None
            assert (card.reader, card.insertion, card.before) == (effect.reader, effect.insertion, False)


@settings(max_examples=300)
@given(depths, by_card_steps)
def test_a_card_is_let_go_whichever_way_its_screens_are_left(
    depth: int, story: list[int | VisitEvent | tuple[int]]
) -> None:
    walk = by_card_so_far(depth)
    for step in story:
        known = len(walk.effects)
        follow(walk, step)
        assert_let_go(walk.effects, walk)
        assert_own_card(walk, walk.effects[known:])


@settings(max_examples=300)
@given(depths, by_card_steps)
def test_a_person_s_draft_is_asked_for_only_when_the_card_has_signed_for_that_very_line(
    depth: int, story: list[int | VisitEvent | tuple[int]]
) -> None:
    walk = by_card_so_far(depth)
    for step in story:
        follow(walk, step)
    signed = [line for effect in walk.effects if isinstance(effect, Identify) for line in effect.lines]
    asked = [e for e in walk.effects if isinstance(e, RequestDraft) and e.type_code == "resident-household"]
    for draft in asked:
        assert AskedLine(draft.line, draft.type_code, draft.subject, draft.options) in signed
    # One signature, one draft; asked for again only about what was picked.
    known: set[int] = set()
    for draft in asked:
        assert draft.line not in known or draft.which
        known.add(draft.line)


def test_each_example_is_whole_in_each_language_and_at_each_text_size() -> None:
    for name, visit in examples(by_card()):
        for lang in LANGUAGES:
            display = Display(lang=lang, text_scale=200, high_contrast=True, low_reach=True)
            shown = msgspec.structs.replace(visit, display=display)
            snapshot = present(shown, load(lang), FACTS, seq=1, since=1, now_ms=NOW_MS)
            assert_whole(snapshot)
            assert snapshot.display == display, name


def test_the_examples_show_every_screen_and_every_sheet_under_a_name_of_its_own() -> None:
    named = list(examples(by_card()))
    names = [name for name, _ in named]
    assert len(names) == len(set(names))
    shown = {type(visit.screen).__name__ for _, visit in named}
    assert shown == {kind.__name__ for kind in get_args(Screen)}
    sheets = {type(visit.overlay).__name__ for _, visit in named if visit.overlay}
    assert sheets == {"Help", "Languages", "DisplaySheet", "MoreTime", "Leave", "Remove", "Reason"}
