"""What can be wrong with a card, with its reader and with what is said about them."""

import asyncio
import json
from typing import Any

import pytest

from simulators.bench import Bench
from simulators.card_chip import IDENTITY_ATR
from tests.unit.simulators.card_scene import ASK_TRIES, GET_ATR, SELECT, WRONG, Reader, inserted, play

from .far_end import Hand, far_end


def test_a_mute_card_has_an_atr_and_nothing_else_to_say() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        card = await inserted(reader, hand)
        await hand.do("fault", device="card", fault="mute")
        card.say(WRONG)
        assert await card.silent()
        assert await card.ask(GET_ATR) == IDENTITY_ATR
        await hand.do("fault", device="card", fault="none")
        assert await card.ask(ASK_TRIES) == b"\x63\xc3", "what it never heard cost no try"

    play(scene)


def test_a_card_pulled_during_a_command_has_carried_it_out() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        card = await inserted(reader, hand)
        await hand.do("fault", device="card", fault="pull", ins=0x20)
        await card.ask(SELECT)
        card.say(WRONG)
        with pytest.raises(EOFError):
            await card.hear()
        assert (await hand.do("state"))["card"]["label"] == ""
        again = await inserted(reader, hand)
        assert await again.ask(ASK_TRIES) == b"\x63\xc2", "and it happens once"

    play(scene)


@pytest.mark.parametrize(("fields", "heard"), [({"bytes": 1}, b"\x63"), ({"bytes": 2}, b"\x63\xc3")])
def test_an_answer_is_cut_short_and_never_to_nothing(fields: dict[str, int], heard: bytes) -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        card = await inserted(reader, hand)
        await hand.do("fault", device="card", fault="truncate", **fields)
        assert await card.ask(ASK_TRIES) == heard
        assert await card.ask(GET_ATR) == IDENTITY_ATR

    play(scene)


def test_a_status_that_nobody_expects_stands_for_nothing_done() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        card = await inserted(reader, hand)
        await hand.do("fault", device="card", fault="status", sw=0x6F00)
        assert await card.ask(WRONG) == b"\x6f\x00"
        await hand.do("fault", device="card", fault="none")
        assert await card.ask(ASK_TRIES) == b"\x63\xc3"

    play(scene)


def test_a_slow_card_answers_when_its_time_has_come() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        card = await inserted(reader, hand)
        await hand.do("fault", device="card", fault="slow", ms=120)
        started = asyncio.get_running_loop().time()
        assert await card.ask(ASK_TRIES) == b"\x63\xc3"
        assert asyncio.get_running_loop().time() - started >= 0.119
        card.say(ASK_TRIES)
        await hand.do("card", pull=True)
        with pytest.raises(EOFError):
            await card.hear()

    play(scene)


@pytest.mark.parametrize(
    ("fault", "fields"),
    [
        ("mute", {}),
        ("slow", {"ms": 10}),
        ("truncate", {"bytes": 1}),
        ("status", {"sw": 0x6F00}),
        ("atr", {}),
        ("pull", {}),
        ("none", {}),
    ],
)
def test_the_state_names_the_fault(fault: str, fields: dict[str, int]) -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        await hand.do("fault", device="card", fault=fault, **fields)
        assert (await hand.do("state"))["card"]["fault"] == fault

    play(scene)


def test_a_card_with_bad_contacts_has_another_atr() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        card = await inserted(reader, hand)
        await hand.do("fault", device="card", fault="atr")
        assert await card.ask(GET_ATR) != IDENTITY_ATR

    play(scene)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"do": "card"}, "'card' is missing"),
        ({"do": "card", "card": "nobody"}, "there is no card 'nobody'"),
        ({"do": "card", "card": "../world"}, "a card's label is"),
        ({"do": "card", "pull": 1}, "'pull' must be true or false"),
        ({"do": "card", "unblock": "nobody"}, "there is no card 'nobody'"),
        ({"do": "card", "block": "nobody"}, "there is no card 'nobody'"),
        ({"do": "card", "block": "transit-1"}, "transit-1 has no PIN"),
        ({"do": "fault", "device": "card", "fault": "slow"}, "'ms' must be"),
        ({"do": "fault", "device": "card", "fault": "truncate", "bytes": 0}, "'bytes' must be"),
        (
            {"do": "fault", "device": "card", "fault": "x"},
            "known: none, mute, slow, truncate, status, atr, pull",
        ),
    ],
)
def test_nonsense_about_cards_gets_a_clear_error(request_: dict[str, Any], words: str) -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        await inserted(reader, hand)
        answer = await hand.line(json.dumps(request_).encode())
        assert answer["ok"] is False
        assert words in answer["error"]
        assert (await hand.do("state"))["card"]["label"] == "citizen-1"

    play(scene)


def test_watchers_hear_of_cards() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        watcher = await Hand.at(bench.options.run)
        await watcher.do("watch")
        card = await inserted(reader, hand)
        await card.ask(WRONG)
        await hand.do("card", pull=True)
        await hand.do("card", block="citizen-1")
        heard = [await watcher.next() for _ in range(5)]
        assert heard == [
            {"event": "card", "inserted": "citizen-1"},
            {"event": "card", "connected": "citizen-1"},
            {"event": "card", "tries": 2},
            {"event": "card", "pulled": "citizen-1"},
            {"event": "card", "blocked": "citizen-1"},
        ]
        watcher.writer.close()

    play(scene)


def test_a_machine_without_a_reader_says_so_and_is_the_machine_of_before() -> None:
    async def scene() -> None:
        async with far_end() as (bench, hand):
            assert bench.card is None
            assert (await hand.do("state"))["card"] is None
            for request in (
                {"do": "card", "card": "citizen-1"},
                {"do": "cards"},
                {"do": "fault", "device": "card", "fault": "mute"},
            ):
                answer = await hand.line(json.dumps(request).encode())
                assert answer["error"] == "this machine has no card reader (--card-reader)"

    asyncio.run(scene())
