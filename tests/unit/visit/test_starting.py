"""While the machine starts its screen says that and nothing else; what is broken is told as soon as all is known.

And once the time of a start is over nothing on any screen says "starting", whatever else is the matter.
"""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drivers.contract import DeviceState, ReasonCode, Status
from kiosk.core.ledger_upkeep import NO_ROOM, REFUSED, UNPROVED
from kiosk.health.health import (
    CARD_UNRESOLVED,
    STALE,
    STARTING,
    UNRESOLVED,
    WORKER_SILENT,
    WORKER_STARTING,
    Ailment,
    Health,
    health,
)
from kiosk.health.parts import LOOKED_AT, UNCOUNTED
from kiosk.health.power import FAILING, HALTING
from kiosk.protocol.screen import ScreenName, Snapshot, Tone
from kiosk.visit.events import HealthChanged
from kiosk.visit.screens import Attract
from kiosk.visit.state import first
from kiosk.words.words import LANGUAGES, load
from tests.unit.health.test_health import blocked, judged, statuses
from tests.unit.visit.walk import CASH, Walk, by_card, down, ready

JAM = Ailment("printer", "paper-jam")
WAKING = replace(down(STARTING, (Ailment("coin", STARTING), JAM)), waking=True)


def test_a_device_that_is_broken_already_does_not_make_a_start_look_like_an_end() -> None:
    walk = Walk()
    walk.hear(HealthChanged(WAKING))
    shown = walk.snapshot
    assert (shown.screen, shown.title) == (ScreenName.OUT_OF_SERVICE, "기계를 준비하고 있습니다")
    assert (shown.tone, shown.rows) == (Tone.CALM, ())


def test_once_all_is_known_it_says_what_is_broken_since_it_was_told() -> None:
    walk = Walk()
    walk.hear(HealthChanged(WAKING))
    walk.wait(130_000)
    walk.hear(HealthChanged(down("paper-jam", (JAM,))))
    (row,) = walk.snapshot.rows
    assert (row.label, row.value, row.note) == ("인쇄기", "종이가 걸렸습니다", "2분 전부터")


def test_it_invites_as_soon_as_it_can() -> None:
    walk = Walk()
    walk.hear(HealthChanged(WAKING))
    walk.hear(HealthChanged(ready()))
    assert isinstance(walk.screen, Attract)


def shown(found: Health, lang: str = "ko") -> Snapshot:
    """The first screen of a machine of this health."""
    state = first(by_card())
    walk = Walk(replace(state, display=replace(state.display, lang=lang)))
    walk.hear(HealthChanged(found))
    return walk.snapshot


def rows(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [(row.label, row.value) for row in snapshot.rows]


def test_a_start_that_central_has_not_confirmed_and_that_is_over_hides_no_fault() -> None:
    cut = judged(online=False, besides=(UNPROVED,))
    assert {kind.reason for kind in cut.types} == {"offline"}
    out = shown(cut)
    assert (out.title, out.tone) == ("지금은 이용하실 수 없습니다", Tone.WARNING)
    assert rows(out) == [
        ("구청 연결", "연결되지 않았습니다"),
        ("장부", "구청이 아직 확인하지 않았습니다"),
    ]
    assert load("ko").say("out-of-service.no-money") in out.notices
    jammed = shown(
        judged(statuses(printer=blocked("printer", ReasonCode.PAPER_JAM)), online=False, besides=(UNPROVED,))
    )
    assert rows(jammed) == [("인쇄기", "종이가 걸렸습니다"), *rows(out)]


def test_while_only_a_worker_gets_ready_what_is_broken_stays_on_the_screen() -> None:
    no_receipts = statuses(receipt=blocked("receipt", ReasonCode.PAPER_OUT))
    waits = shown(judged(no_receipts, worker=WORKER_STARTING))
    assert (waits.title, waits.tone) == ("기계를 준비하고 있습니다", Tone.CALM)
    assert rows(waits) == [("영수증 나오는 곳", "종이가 떨어졌습니다")]


# Each by the name under which it is made: one that says "starting" again is seen here.
BESIDES = (
    *(WORKER_SILENT, UNRESOLVED, CARD_UNRESOLVED, STALE, NO_ROOM, REFUSED, UNPROVED, FAILING, HALTING),
    *(Ailment("ups", "silent"), Ailment("hopper", UNCOUNTED)),
)
STARTS = {
    lang: {
        load(lang).say(key).strip(".").lower()
        for key in ("why.starting", "reason.starting", "out-of-service.starting.title")
    }
    for lang in LANGUAGES
}


def words_on(snapshot: Snapshot) -> str:
    return msgspec.json.encode(snapshot).decode().lower()


def test_what_says_starting_is_found_on_the_screen_of_a_start() -> None:
    for lang in LANGUAGES:
        assert any(words in words_on(shown(WAKING, lang)) for words in STARTS[lang])


@given(
    st.dictionaries(st.sampled_from(LOOKED_AT), st.sampled_from(DeviceState)),
    st.lists(st.sampled_from(BESIDES), unique=True),
    st.booleans(),
    st.booleans(),
    st.sampled_from(LANGUAGES),
)
def test_once_the_time_of_a_start_is_over_nothing_says_starting(
    devices: dict[str, DeviceState],
    besides: list[Ailment],
    online: bool,
    counted: bool,
    lang: str,
) -> None:
    found = health(
        by_card(),
        {name: Status(name, state) for name, state in devices.items()},
        online=online,
        besides=tuple(besides),
        cash=CASH if counted else None,
        minute=12 * 60,
    )
    assert STARTING not in {kind.reason for kind in found.types}
    assert STARTING not in {ailment.reason for ailment in found.ailments}
    assert not [words for words in STARTS[lang] if words in words_on(shown(found, lang))]
