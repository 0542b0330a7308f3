"""Whether central answers is told once it was asked, and whenever that changes."""

from collections.abc import Sequence

import pytest

from kiosk.courier.link_state import LinkState
from kiosk.courier.results import Result, Unknown
from kiosk.protocol.courier import LinkChanged

NO_ROUTE = Unknown("no route", sent=False)
ANSWERED = Unknown("500", answered=True)


def told_of(*results: Result) -> list[bool]:
    told: list[LinkChanged] = []
    link = LinkState(told.append)
    for result in results:
        link.note(result)
    return [one.online for one in told]


@pytest.mark.parametrize(
    ("results", "told"),
    [
        ((), []),
        ((NO_ROUTE,), [False]),
        ((ANSWERED,), [True]),
        ((NO_ROUTE, NO_ROUTE, ANSWERED, ANSWERED, NO_ROUTE), [False, True, False]),
    ],
)
def test_the_first_call_is_told_whatever_came_of_it_and_then_each_change(
    results: Sequence[Result], told: list[bool]
) -> None:
    assert told_of(*results) == told


@pytest.mark.parametrize(("results", "heard"), [((), []), ((NO_ROUTE,), [False]), ((ANSWERED,), [True])])
def test_a_core_that_comes_later_hears_how_things_stand_if_anybody_knows(
    results: Sequence[Result], heard: list[bool]
) -> None:
    link, told = LinkState(lambda _change: None), list[LinkChanged]()
    for result in results:
        link.note(result)
    link.announce(told.append)
    assert [one.online for one in told] == heard
