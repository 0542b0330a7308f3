"""What goes out next, and when: the outbox on a clock that the test turns."""

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import DeviceState, Status
from kiosk.courier.outbox import (
    Outbox,
    PostEvents,
    PostHeartbeat,
    Probe,
    Rest,
    heartbeat_phase_s,
)
from kiosk.courier.results import Done, Refused, Result, Unknown
from kiosk.protocol.central import Heartbeat, HeartbeatReply
from kiosk.protocol.courier import EventsAcked, EventsRefused, JournalRow

HANG = Unknown("no-answer-in-time")
BROKEN = Unknown("status-500", answered=True)


def row(seq: int, size: int = 10) -> JournalRow:
    body = msgspec.Raw(b'"' + b"x" * size + b'"')
    return JournalRow(seq, "boot", 0, 0, "kind", body, f"{seq - 1:064x}", f"{seq:064x}")


def rows(first: int, last: int) -> tuple[JournalRow, ...]:
    return tuple(row(seq) for seq in range(first, last + 1))


def acked(seq: int) -> Result:
    return Done(msgspec.json.encode({"acked": seq}))


def beat(at_ms: int = 0, printer: DeviceState = DeviceState.READY) -> bytes:
    status = Status("printer", printer)
    return msgspec.json.encode(
        Heartbeat("k", at_ms, "b", at_ms // 1000, "attract", "1", "c", "t", (status,), (), {}, 0, 0, 1, "00")
    )


BEATEN = Done(b'{"server_time_ms": 5}')


def outbox(phase_s: float = 0.0) -> Outbox:
    return Outbox(random.Random(1), phase_s)


def posted(step: object) -> list[int]:
    assert isinstance(step, PostEvents), step
    return [one.seq for one in step.rows]


def test_rows_go_out_at_once_and_are_forgotten_when_acknowledged() -> None:
    box = outbox()
    box.add_rows(rows(1, 3))
    step = box.next_step(0, online=True)
    assert posted(step) == [1, 2, 3]
    assert isinstance(step, PostEvents)
    assert box.events_ended(step, acked(3), 0) == EventsAcked(3)
    assert isinstance(box.next_step(0, online=True), Rest)


def test_rows_that_come_while_a_batch_is_under_way_go_next() -> None:
    box = outbox()
    box.add_rows(rows(1, 2))
    step = box.next_step(0, online=True)
    assert isinstance(step, PostEvents)
    box.add_rows(rows(1, 4))
    box.events_ended(step, acked(2), 0)
    assert posted(box.next_step(0, online=True)) == [3, 4]


def test_a_batch_ends_where_a_step_of_the_ledger_ends() -> None:
    """Three rows a step: central never holds the first of them without the last."""
    box = outbox()
    box.add_rows(tuple(msgspec.structs.replace(row(seq), mono_ms=(seq - 1) // 3) for seq in range(1, 251)))
    assert posted(box.next_step(0, online=True)) == list(range(1, 100))


def test_a_batch_is_bounded_in_rows_and_bytes_and_has_no_gap() -> None:
    box = outbox()
    box.add_rows(rows(1, 250))
    assert posted(box.next_step(0, online=True)) == list(range(1, 101))
    big = outbox()
    big.add_rows(tuple(row(seq, 100_000) for seq in range(1, 9)))
    assert posted(big.next_step(0, online=True)) == [1, 2]
    gap = outbox()
    gap.add_rows((row(1), row(2), row(4)))
    assert posted(gap.next_step(0, online=True)) == [1, 2]


def test_one_row_past_the_bytes_still_goes() -> None:
    box = outbox()
    box.add_rows((row(1, 400_000),))
    assert posted(box.next_step(0, online=True)) == [1]


def test_offline_there_are_only_probes_every_two_seconds() -> None:
    box = outbox()
    box.add_rows(rows(1, 1))
    now, probes = 0.0, 0
    while now < 60:
        step = box.next_step(now, online=False)
        if isinstance(step, Rest):
            now += max(step.seconds, 0.001)
            continue
        assert step == Probe()
        probes += 1
        box.probe_ended(now)
    assert 24 <= probes <= 40


def test_everything_goes_out_at_once_when_the_link_is_back() -> None:
    box = outbox()
    box.add_rows(rows(1, 2))
    step = box.next_step(0, online=True)
    assert isinstance(step, PostEvents)
    assert box.events_ended(step, HANG, 10) is None
    assert isinstance(box.next_step(10, online=False), Probe)
    box.link_up(300)
    assert posted(box.next_step(300, online=True)) == [1, 2]


def test_a_batch_that_fails_again_and_again_is_not_hurried_by_a_flapping_link() -> None:
    box = outbox()
    box.add_rows(rows(1, 1))
    now, posts = 0.0, 0
    while now < 600:
        step = box.next_step(now, online=True)
        if isinstance(step, PostEvents):
            posts += 1
            box.events_ended(step, HANG, now)
            box.link_up(now)
        assert isinstance(step, PostEvents | Rest)
        now += 0.5
    assert 15 < posts < 60


def test_a_failing_events_route_leaves_the_heartbeat_alone() -> None:
    box = outbox()
    box.add_rows(rows(1, 1))
    box.add_heartbeat(beat(), 0, 0)
    step = box.next_step(0, online=True)
    assert isinstance(step, PostEvents)
    box.events_ended(step, BROKEN, 0.0)
    box.events_ended(step, Unknown("status-503", answered=True, retry_after_s=50), 0.0)
    assert isinstance(box.next_step(0.01, online=True), PostHeartbeat)


def test_a_broken_chain_is_told_once_and_the_outbox_stays() -> None:
    box = outbox()
    box.add_rows(rows(1, 1))
    step = PostEvents(rows(1, 1))
    assert box.events_ended(step, Refused("chain-broken"), 0) == EventsRefused("chain-broken")
    assert box.events_ended(step, Refused("chain-broken"), 60) is None
    assert posted(box.next_step(1000, online=True)) == [1]


def started(box: Outbox, now: float = 0) -> PostEvents:
    step = box.next_step(now, online=True)
    assert isinstance(step, PostEvents)
    return step


@given(st.integers() | st.integers(8, 16) | st.sampled_from((10**9, 2**53, 2**63, 2**70)))
def test_an_answer_acknowledges_at_most_what_it_was_asked_about(seq: int) -> None:
    box = outbox()
    box.add_rows(rows(10, 12))
    step = started(box)
    heard = box.events_ended(step, Done(b'{"acked":%d}' % seq), 0)
    believed = 10 <= seq < 2**53
    assert heard == (EventsAcked(min(seq, 12)) if believed else None)
    if heard is None:
        assert isinstance(box.next_step(0, online=True), Rest), "it is not hammered"
    left = list(range(min(seq, 12) + 1 if believed else 10, 13))
    assert left == (posted(started(box, 100)) if left else [])


def test_a_row_behind_the_batch_that_central_has_already_is_asked_about_next() -> None:
    """Core and courier are new, and the batch is cut where it is large: central has had all of it before."""
    box = outbox()
    box.add_rows(tuple(row(seq, 100_000) for seq in range(1, 5)))
    step = started(box)
    assert posted(step) == [1, 2]
    assert box.events_ended(step, acked(4), 0) == EventsAcked(2)
    assert posted(started(box)) == [3, 4]


LACKING = Refused("chain-broken", acked=4)


def test_a_central_that_lacks_older_rows_is_told_to_core_once_and_not_hammered() -> None:
    box = outbox()
    box.add_rows(rows(10, 12))
    assert box.events_ended(started(box), LACKING, 0) == EventsRefused("chain-broken", 4)
    assert isinstance(box.next_step(0, online=True), Rest)
    assert box.events_ended(started(box, 60), LACKING, 60) is None


def test_older_rows_from_core_take_the_place_of_all_that_waits() -> None:
    """What lies between is sent by core in its turn: a jump over it would look like a broken chain."""
    box = outbox()
    box.add_rows(rows(300, 310))
    box.events_ended(started(box), LACKING, 0)
    box.add_rows(rows(5, 104))
    step = started(box, 60)
    assert posted(step) == list(range(5, 105))
    assert box.events_ended(step, acked(104), 60) == EventsAcked(104)
    assert isinstance(box.next_step(60, online=True), Rest)


def test_an_answer_that_was_under_way_takes_nothing_from_older_rows() -> None:
    box = outbox()
    box.add_rows(rows(300, 310))
    step = started(box)
    box.add_rows(rows(5, 104))
    box.events_ended(step, acked(310), 0)
    assert posted(started(box)) == list(range(5, 105))


def test_a_central_that_is_whole_again_acknowledges_what_is_sent_to_it_once_more() -> None:
    """The right copy was put back after the wrong one: it has all rows, of which the courier holds a few."""
    box = outbox()
    box.add_rows(rows(300, 310))
    box.events_ended(started(box), LACKING, 0)
    box.add_rows(rows(5, 104))
    assert box.events_ended(started(box, 60), acked(5_000), 60) == EventsAcked(104)


@pytest.mark.parametrize("where", [9, 10, 12, 40, None])
def test_a_chain_that_differs_is_no_lack(where: int | None) -> None:
    box = outbox()
    box.add_rows(rows(10, 12))
    refused = Refused("chain-broken", acked=where)
    assert box.events_ended(started(box), refused, 0) == EventsRefused("chain-broken")


def test_another_refusal_is_no_lack_wherever_central_stands() -> None:
    box = outbox()
    box.add_rows(rows(10, 12))
    assert box.events_ended(started(box), Refused("body-invalid", acked=4), 0) == EventsRefused(
        "body-invalid"
    )


def test_a_new_core_is_told_what_the_one_before_it_was() -> None:
    box = outbox()
    box.add_rows(rows(10, 12))
    told = box.events_ended(started(box), LACKING, 0)
    box.add_rows(rows(10, 12))
    assert box.events_ended(started(box, 60), LACKING, 60) == told


def test_a_first_heartbeat_and_a_change_go_at_once_a_repetition_in_its_place() -> None:
    box = outbox(phase_s=12.0)
    box.add_heartbeat(beat(0), wall_s=3000.0, now=0.0)
    first = box.next_step(0.0, online=True)
    assert isinstance(first, PostHeartbeat)
    assert box.heartbeat_ended(first, BEATEN, 0.0) == HeartbeatReply(5)
    box.add_heartbeat(beat(30_000), wall_s=3030.0, now=30.0)
    assert box.next_step(30.0, online=True) == Rest(12.0)
    assert isinstance(box.next_step(42.0, online=True), PostHeartbeat)
    box.add_heartbeat(beat(31_000, DeviceState.BLOCKED), wall_s=3031.0, now=31.0)
    assert box.next_step(31.0, online=True) == PostHeartbeat(beat(31_000, DeviceState.BLOCKED))


def test_a_heartbeat_that_waits_is_replaced_by_a_newer_one() -> None:
    box = outbox(phase_s=12.0)
    box.add_heartbeat(beat(0), 3000, 0)
    first = box.next_step(0, online=True)
    assert isinstance(first, PostHeartbeat)
    box.heartbeat_ended(first, BEATEN, 0)
    box.add_heartbeat(beat(1_000), 3001, 1)
    box.add_heartbeat(beat(2_000), 3002, 2)
    assert box.next_step(12.0, online=True) == PostHeartbeat(beat(2_000))


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_any_body_is_a_heartbeat_and_any_reply_an_end(body: bytes, reply: bytes) -> None:
    box = outbox()
    box.add_heartbeat(body, 0, 0)
    step = box.next_step(0, online=True)
    assert step == PostHeartbeat(body) or (body == b"" and isinstance(step, Rest))
    box.heartbeat_ended(PostHeartbeat(body), Done(reply), 0)


@given(
    st.lists(st.one_of(st.integers(1, 40), st.sampled_from(["ok", "hang", "broken", "lost"])), max_size=60)
)
def test_every_row_reaches_central_in_order_whatever_happens(script: list[int | str]) -> None:
    """Central is a list here; "lost" stores the batch and loses the reply."""
    box, central, ends, now = outbox(), list[int](), list[str](), 0.0
    core_rows = 0
    ends = [item for item in script if isinstance(item, str)]
    for count in [item for item in script if isinstance(item, int)]:
        core_rows += count
        box.add_rows(rows(max(1, core_rows - count + 1), core_rows))
    for end in [*ends, *["ok"] * 50]:
        step = box.next_step(now, online=True)
        if isinstance(step, PostEvents):
            if end in ("ok", "lost"):
                central += [seq for seq in posted(step) if seq > len(central)]
            results = {"ok": acked(len(central)), "hang": HANG, "broken": BROKEN, "lost": HANG}
            box.events_ended(step, results[end], now)
        now += 61
    assert central == list(range(1, core_rows + 1))


def test_a_fleet_spreads_over_the_thirty_seconds() -> None:
    phases = sorted(heartbeat_phase_s(f"YDP-{number:05d}") for number in range(1000))
    buckets = [sum(1 for phase in phases if second <= phase < second + 1) for second in range(30)]
    assert all(10 < bucket < 70 for bucket in buckets)
