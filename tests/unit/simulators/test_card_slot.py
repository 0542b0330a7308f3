"""The card reader's slot seen from both sides: hands at the control socket, and the reader at the other end."""

import pytest

from simulators.bench import Bench
from simulators.card_chip import IDENTITY_ATR
from tests.card_drawer import PIN, put_card
from tests.unit.simulators.card_scene import (
    ASK_TRIES,
    GET_ATR,
    RESET,
    RIGHT,
    SELECT,
    WRONG,
    Reader,
    inserted,
    play,
)

from .far_end import Hand, until


def test_a_card_that_is_put_in_answers_and_is_gone_when_pulled() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        await hand.do("card", card="citizen-1")
        card = await reader.card()
        assert await card.ask(GET_ATR) == IDENTITY_ATR
        assert await card.ask(ASK_TRIES) == b"\x69\x85"
        assert (await card.ask(SELECT))[:1] == b"\x61"
        assert await hand.do("card", pull=True) == {"ok": True, "pulled": True}
        with pytest.raises(EOFError):
            await card.hear()
        assert await hand.do("card", pull=True) == {"ok": True, "pulled": False}

    play(scene)


def test_a_message_may_come_in_any_pieces() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        card = await inserted(reader, hand)
        card.say(b"")  # no control, no command: a command without a byte
        assert await card.hear() == b"\x67\x00"
        stream = b"".join(len(one).to_bytes(2, "big") + one for one in (ASK_TRIES, b"\x09", GET_ATR))
        for at in range(len(stream)):
            card._writer.write(stream[at : at + 1])
            await card._writer.drain()
        assert [await card.hear(), await card.hear()] == [b"\x63\xc3", IDENTITY_ATR]

    play(scene)


def test_a_reset_takes_the_verified_pin_and_leaves_the_tries() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        card = await inserted(reader, hand)
        assert [await card.ask(RIGHT), await card.ask(WRONG)] == [b"\x90\x00", b"\x63\xc2"]
        card.say(RESET)
        assert await card.ask(ASK_TRIES) == b"\x69\x85"
        assert (await hand.do("state"))["card"]["tries"] == 2

    play(scene)


def test_the_state_tells_what_a_person_at_the_desk_knows() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        empty = (await hand.do("state"))["card"]
        assert (empty["label"], empty["connected"]) == ("", False)
        assert empty["drawer"] == ["citizen-1", "staff-1", "transit-1"]
        card = await inserted(reader, hand)
        for _ in range(3):
            await card.ask(WRONG)
        seen = (await hand.do("state"))["card"]
        assert seen == {
            "label": "citizen-1",
            "kind": "citizen",
            "tries": 0,
            "blocked": True,
            "connected": True,
            "asked": 4,
            "fault": "none",
            "drawer": ["citizen-1", "staff-1", "transit-1"],
        }

    play(scene)


def test_a_blocked_card_stays_blocked_until_an_office_opens_it() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        card = await inserted(reader, hand)
        for _ in range(3):
            await card.ask(WRONG)
        again = await inserted(reader, hand)
        assert await again.ask(RIGHT) == b"\x69\x83"
        await hand.do("card", unblock="citizen-1")
        assert await again.ask(RIGHT) == b"\x90\x00"
        await again.ask(WRONG)
        await hand.do("card", pull=True)
        await hand.do("card", unblock="citizen-1")
        assert await (await inserted(reader, hand)).ask(ASK_TRIES) == b"\x63\xc3"

    play(scene)


def test_a_card_is_blocked_by_hand_in_the_slot_or_in_the_drawer() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        card = await inserted(reader, hand)
        await hand.do("card", block="citizen-1")
        assert await card.ask(RIGHT) == b"\x69\x83"
        assert (await hand.do("state"))["card"]["blocked"] is True
        await hand.do("card", block="staff-1")
        assert await (await inserted(reader, hand, "staff-1")).ask(ASK_TRIES) == b"\x69\x83"

    play(scene)


def test_the_drawer_tells_whose_cards_they_are_with_pin_and_tries() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        run = bench.options.run
        put_card(run, "citizen-10", face="한결", about="rare hanja")
        put_card(run, "citizen-2", pin="12")  # no card at all: whoever puts it in is told so
        card = await inserted(reader, hand)
        await card.ask(WRONG)
        await hand.do("card", block="staff-1")
        cards = (await hand.do("cards"))["cards"]
        assert [one["label"] for one in cards] == ["citizen-1", "citizen-10", "staff-1", "transit-1"]
        assert [(one["tries"], one["all_tries"]) for one in cards] == [(2, 3), (3, 3), (0, 3), (0, 0)]
        assert [one["pin"] for one in cards] == [PIN.decode()] * 3 + [""]
        assert (cards[1]["face"], cards[1]["about"]) == ("한결", "rare hanja")

    play(scene)


def test_a_look_into_the_drawer_leaves_no_trace() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        before = sorted(bench.options.run.rglob("*.json"))
        await hand.do("cards")
        assert sorted(bench.options.run.rglob("*.json")) == before

    play(scene)


def test_a_swap_is_a_new_connection_at_once() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        first = await inserted(reader, hand)
        await first.ask(RIGHT)
        second = await inserted(reader, hand, "staff-1")
        with pytest.raises(EOFError):
            await first.hear()
        assert await second.ask(ASK_TRIES) == b"\x63\xc3"
        assert (await hand.do("state"))["card"]["label"] == "staff-1"

    play(scene)


def test_a_transit_card_answers_and_knows_nothing() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        await hand.do("card", card="transit-1")
        card = await reader.card()
        assert await card.ask(SELECT) == b"\x6a\x82"
        assert (await hand.do("state"))["card"]["blocked"] is False

    play(scene)


def test_a_card_in_the_slot_is_found_again_by_a_service_that_starts_again() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        card = await inserted(reader, hand)
        await card.ask(RIGHT)
        await reader.stop()
        await until(lambda: bench.card is not None and not bench.card.connected, "the loss")
        await reader.start()
        later = await reader.card()
        assert await later.ask(ASK_TRIES) == b"\x69\x85", "it has had no power meanwhile"

    play(scene)


def test_without_power_the_card_is_in_and_unseen() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        card = await inserted(reader, hand)
        await hand.do("power", up=False)
        with pytest.raises(EOFError):
            await card.hear()
        seen = (await hand.do("state"))["card"]
        assert (seen["label"], seen["connected"]) == ("citizen-1", False)
        await hand.do("power", up=True)
        assert await (await reader.card()).ask(GET_ATR) == IDENTITY_ATR

    play(scene)


def test_a_card_may_be_in_before_there_is_a_reader_and_pulled_while_it_waits() -> None:
    async def scene(reader: Reader, hand: Hand, bench: Bench) -> None:
        await reader.stop()
        await hand.do("card", card="citizen-1")
        assert (await hand.do("state"))["card"]["label"] == "citizen-1"
        await hand.do("card", pull=True)
        await hand.do("card", card="staff-1")
        await reader.start()
        card = await reader.card()
        assert (await card.ask(SELECT))[:1] == b"\x61"
        assert (await hand.do("state"))["card"]["label"] == "staff-1"

    play(scene)
