"""A followed job: DONE only when job and lifetime counter prove every sheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import ErrorCode, JobEnded, Outcome, ReasonCode, Severity, SheetOut
from drivers.page_printer import ipp
from drivers.page_printer.ipp import PRINTER_GROUP, Attribute, Group
from drivers.page_printer.job import SETTLE_S, Job, Snapshot
from drivers.page_printer.operations import JobView
from drivers.page_printer.reasons import JUDGED, blocking_error, judge, tray_levels

UUID = "urn:uuid:1"


def printer(sheets: int | None = 100, up_time: int = 50, uuid: str = UUID) -> Snapshot:
    return Snapshot(uuid, up_time, sheets)


def job(expected: int = 2, base: int | None = 100) -> Job:
    return Job("key", 7, expected, printer(), base)


def view(state: int, sheets: int | None) -> JobView:
    return JobView(7, "key", state, sheets)


def test_each_sheet_is_told_once_and_the_end_is_done_when_both_counters_agree() -> None:
    followed = job()
    assert followed.observe(view(5, 0), printer(100), 1.0) == []
    assert followed.observe(view(5, 1), printer(101), 1.1) == [SheetOut("key", 1)]
    assert followed.observe(view(5, 1), printer(101), 1.2) == []
    assert followed.observe(view(9, 2), printer(102), 1.3) == [
        SheetOut("key", 2),
        JobEnded("key", Outcome.DONE, 2),
    ]
    assert not followed.following


def test_another_count_than_the_one_it_was_begun_with_proves_nothing() -> None:
    followed = job()
    other = Snapshot(UUID, 50, 102, f"{UUID} life-count")
    assert followed.observe(view(9, 2), other, 1.0) == [SheetOut("key", 1), SheetOut("key", 2)]
    assert followed.observe(view(9, 2), printer(102), 2.0) == [JobEnded("key", Outcome.DONE, 2)]


@pytest.mark.parametrize(
    ("state", "sheets", "lifetime", "outcome", "code"),
    [
        (9, 2, 102, Outcome.DONE, None),
        (9, 2, 101, Outcome.UNKNOWN, ErrorCode.PROTOCOL),
        (9, 1, 102, Outcome.UNKNOWN, ErrorCode.PROTOCOL),
        (9, 2, 103, Outcome.UNKNOWN, ErrorCode.PROTOCOL),
        (9, None, 102, Outcome.DONE, None),
        (9, None, 101, Outcome.UNKNOWN, ErrorCode.PROTOCOL),
        (9, None, None, Outcome.UNKNOWN, ErrorCode.PROTOCOL),
        (9, 2, None, Outcome.UNKNOWN, ErrorCode.PROTOCOL),
        (7, 0, 100, Outcome.NOT_DONE, ErrorCode.CANCELLED),
        (7, 1, 101, Outcome.UNKNOWN, ErrorCode.CANCELLED),
        (8, 0, 100, Outcome.NOT_DONE, ErrorCode.REFUSED),
        (8, 0, None, Outcome.UNKNOWN, ErrorCode.REFUSED),
        (8, 2, 102, Outcome.UNKNOWN, ErrorCode.REFUSED),
    ],
)
def test_the_end_is_what_the_counters_prove(
    state: int, sheets: int | None, lifetime: int | None, outcome: Outcome, code: ErrorCode | None
) -> None:
    followed = job()
    ends = []
    for at in (0.0, SETTLE_S / 2, SETTLE_S + 0.1):
        ends += [
            e for e in followed.observe(view(state, sheets), printer(lifetime), at) if isinstance(e, JobEnded)
        ]
        if ends:
            break
    assert (ends[0].outcome, ends[0].code) == (outcome, code)


def test_a_lifetime_counter_that_lags_is_waited_for() -> None:
    followed = job()
    assert followed.observe(view(9, 2), printer(101), 1.0) == [SheetOut("key", 1), SheetOut("key", 2)]
    assert followed.observe(view(9, 2), printer(102), 1.5) == [JobEnded("key", Outcome.DONE, 2)]


@pytest.mark.parametrize("later", [printer(101, up_time=3), printer(101, uuid="urn:uuid:2")])
def test_a_restarted_or_exchanged_printer_proves_nothing(later: Snapshot) -> None:
    end = job().observe(view(5, 1), later, 1.0)[-1]
    assert isinstance(end, JobEnded)
    assert (end.outcome, end.code) == (Outcome.UNKNOWN, ErrorCode.RESET)


def test_a_job_that_the_printer_forgot_is_unknown_with_the_sheets_that_its_counter_proves() -> None:
    assert job().observe(None, printer(101), 1.0) == [
        SheetOut("key", 1),
        JobEnded("key", Outcome.UNKNOWN, 1, ErrorCode.RESET),
    ]


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(3, 9)),
            st.integers(0, 5),
            st.integers(95, 110),
            st.integers(1, 60),
        ),
        max_size=20,
    ),
    st.integers(1, 4),
)
def test_done_is_never_claimed_without_every_sheet(
    looks: list[tuple[int | None, int, int, int]], expected: int
) -> None:
    followed = job(expected)
    told: list[SheetOut | JobEnded] = []
    for at, (state, sheets, lifetime, up_time) in enumerate(looks):
        if not followed.following:
            break
        seen = None if state is None else view(state, sheets)
        told += followed.observe(seen, printer(lifetime, up_time), float(at))
    ends = [event for event in told if isinstance(event, JobEnded)]
    assert len(ends) <= 1
    numbers = [event.sheet for event in told if isinstance(event, SheetOut)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) <= expected
    if ends and ends[0].outcome is Outcome.DONE:
        assert (state, sheets, lifetime - 100) == (9, expected, expected)


@pytest.mark.parametrize(
    ("state", "sheets", "outcome"),
    [(9, 2, Outcome.DONE), (9, 1, Outcome.UNKNOWN), (9, None, Outcome.UNKNOWN), (7, 0, Outcome.UNKNOWN)],
)
def test_without_a_count_for_life_the_job_s_own_count_is_the_proof(
    state: int, sheets: int | None, outcome: Outcome
) -> None:
    followed = Job("key", 7, 2, printer(None), None)
    ends = [
        event
        for at in (0.0, SETTLE_S + 0.1)
        for event in (followed.observe(view(state, sheets), printer(None), at) if followed.following else [])
        if isinstance(event, JobEnded)
    ]
    assert [end.outcome for end in ends] == [outcome]


def attributes(*found: Attribute) -> Group:
    return Group(PRINTER_GROUP, found)


@pytest.mark.parametrize(
    ("keyword", "state", "code", "severity"),
    [
        ("media-empty-error", 5, ReasonCode.PAPER_OUT, Severity.ERROR),
        ("media-empty", 3, ReasonCode.PAPER_OUT, Severity.ERROR),
        ("media-low-warning", 3, ReasonCode.PAPER_LOW, Severity.WARN),
        ("media-low", 3, ReasonCode.PAPER_LOW, Severity.WARN),
        ("media-jam-error", 5, ReasonCode.PAPER_JAM, Severity.ERROR),
        ("door-open-report", 3, ReasonCode.COVER_OPEN, Severity.INFO),
        ("spool-area-full", 3, ReasonCode.HARDWARE, Severity.WARN),
        ("unheard-of-error", 5, ReasonCode.HARDWARE, Severity.ERROR),
    ],
)
def test_severity_stands_in_the_suffix(
    keyword: str, state: int, code: ReasonCode, severity: Severity
) -> None:
    found = judge(
        attributes(
            ipp.integer("printer-state", state, ipp.ENUM),
            ipp.text("printer-state-reasons", ipp.KEYWORD, keyword),
        )
    )
    assert found[code].severity is severity


def test_a_well_printer_has_no_reasons_and_an_empty_tray_is_paper_out() -> None:
    none = ipp.text("printer-state-reasons", ipp.KEYWORD, "none")
    assert judge(attributes(none)) == {}
    empty = attributes(none, ipp.text("printer-input-tray", ipp.OCTETS, "type=x;level=0;name=a;"))
    assert tray_levels(empty) == [0]
    assert blocking_error(judge(empty)) == (ErrorCode.EMPTY, "printer: paper-out tray level 0")


@pytest.mark.parametrize(
    ("keyword", "code"),
    [("media-empty-error", ReasonCode.PAPER_OUT), ("toner-empty-error", ReasonCode.TONER_OUT)],
)
@pytest.mark.parametrize(("state", "severity"), [(4, Severity.WARN), (5, Severity.ERROR)])
def test_an_empty_tray_does_not_stop_the_sheet_that_is_still_moving(
    keyword: str, code: ReasonCode, state: int, severity: Severity
) -> None:
    found = judge(
        attributes(
            ipp.integer("printer-state", state, ipp.ENUM),
            ipp.text("printer-state-reasons", ipp.KEYWORD, keyword),
        )
    )
    assert {reason.code: reason.severity for reason in found.values()} == {code: severity}


def test_a_jam_stops_the_sheet_even_where_the_printer_says_that_it_goes_on() -> None:
    found = judge(
        attributes(
            ipp.integer("printer-state", 4, ipp.ENUM),
            ipp.text("printer-state-reasons", ipp.KEYWORD, "media-jam-error"),
        )
    )
    assert found[ReasonCode.PAPER_JAM].severity is Severity.ERROR


KEYWORDS = st.text(max_size=20) | st.builds(
    str.__add__,
    st.sampled_from(["none", "media-empty", "media-low", "toner-empty", "door-open", "output-area-full"]),
    st.sampled_from(["", "-report", "-warning", "-error"]),
)


@given(st.lists(KEYWORDS), st.lists(st.text(max_size=40) | st.just("level=0")), st.integers(0, 20))
def test_any_attributes_are_judged_under_the_codes_that_they_decide(
    keywords: list[str], trays: list[str], state: int
) -> None:
    found = judge(
        attributes(
            Attribute("printer-state", (ipp.Value(ipp.ENUM, state.to_bytes(4, "big")),)),
            Attribute("printer-state-reasons", tuple(ipp.Value(ipp.KEYWORD, k.encode()) for k in keywords)),
            Attribute("printer-input-tray", tuple(ipp.Value(ipp.OCTETS, t.encode()) for t in trays)),
        )
    )
    assert found.keys() <= JUDGED
    assert all(reason.code is code for code, reason in found.items())
