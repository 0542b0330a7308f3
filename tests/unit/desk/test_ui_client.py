"""The hand of the desk and the tests: what it presses is heard, and one that is gone says so at once."""

import queue
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.core.screen_server import ScreenServer
from kiosk.desk import ui_client
from kiosk.desk.ui_client import UiClient, UiClientError
from kiosk.protocol.screen import Control, Intent, Role, ScreenName, SealedEntry, Snapshot

OFFER = Snapshot(1, 1, ScreenName.CHOOSE, "which?", controls=(Control("type:land", Role.TILE, "land"),))
NEXT = Snapshot(9, 9, ScreenName.OPTIONS, "where?")


@contextmanager
def at_a_screen(
    answer: Callable[[int], Snapshot | None],
) -> Iterator[tuple[UiClient, list[Intent | SealedEntry]]]:
    """A hand at a screen that answers its nth press with `answer(n)`, if that is anything, and the presses."""
    pressed: list[Intent | SealedEntry] = []
    tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="cg", dir="/tmp") as folder:
        (Path(folder) / "sock").mkdir()
        server = ScreenServer(Path(folder) / "sock" / "ui.sock", tasks.put)

        def heard(press: Intent | SealedEntry) -> None:
            pressed.append(press)
            if (next_one := answer(len(pressed))) is not None:
                server.show(next_one)

        def core() -> None:
            while (task := tasks.get()) is not None:
                task()

        server.listen(heard)
        server.show(OFFER)
        server.start()
        thread = threading.Thread(target=core)
        thread.start()
        visitor = UiClient(Path(folder))
        try:
            visitor.screen(OFFER.screen)
            yield visitor, pressed
        finally:
            visitor.close()
            tasks.put(None)
            thread.join()
            server.stop()


def seen_otherwise(number: int, **how: Any) -> Snapshot:
    return Snapshot(1 + number, 1, ScreenName.CHOOSE, "which?", notices=("news",), **how)


def test_a_press_on_a_tile_that_was_closed_in_that_moment_is_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ui_client, "_PRESS_AGAIN_S", 0.05)
    unheard = seen_otherwise(1, controls=OFFER.controls)
    with at_a_screen(lambda number: unheard if number == 1 else NEXT) as (visitor, pressed):
        assert visitor.press_certificate("land").screen is ScreenName.OPTIONS
    assert [press.seq for press in pressed] == [OFFER.seq, unheard.seq]


def test_a_press_is_heard_although_its_tile_closes_before_the_answer_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ui_client, "_PRESS_AGAIN_S", 0.05)
    tile = Control("type:land", Role.TILE, "land", enabled=False)
    with at_a_screen(lambda number: seen_otherwise(number, controls=(tile,))) as (visitor, pressed):
        wait = visitor.wait

        def waits(wanted: Callable[[Snapshot], bool], what: str, within_s: float) -> Snapshot:
            if (
                pressed and "groups" in what
            ):  # it has given up on the first press and looks what there is to do
                visitor._heard(NEXT, None)
            return wait(wanted, what, within_s)

        monkeypatch.setattr(visitor, "wait", waits)
        assert visitor.press_certificate("land") == NEXT
    assert len(pressed) == 1


@pytest.mark.parametrize("answers", [False, True], ids=["no answer", "another look of the same screen"])
def test_a_tile_that_hears_nothing_is_pressed_again_and_given_up_with_what_was_on_the_screen(
    answers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ui_client, "_PRESS_AGAIN_S", 0.05)

    def answer(number: int) -> Snapshot | None:
        return seen_otherwise(number, controls=OFFER.controls) if answers else None

    with (
        at_a_screen(answer) as (visitor, pressed),
        pytest.raises(UiClientError, match="type:land was not heard within 1 s; there was choose «which\\?»"),
    ):
        visitor.press_certificate("land", within_s=1.0)
    assert len(pressed) > 1


def test_a_tile_that_is_not_there_is_said_to_be_waited_for() -> None:
    with (
        at_a_screen(lambda _number: NEXT) as (visitor, pressed),
        pytest.raises(UiClientError, match="waited 0 s for type:forest, or groups"),
    ):
        visitor.press_certificate("forest", within_s=0.2)
    assert pressed == []


def test_whoever_has_walked_away_is_gone_at_once() -> None:
    with at_a_screen(lambda _number: NEXT) as (visitor, _pressed):
        visitor.close()
        assert visitor.gone.is_set()
