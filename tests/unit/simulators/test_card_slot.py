"""The card reader's slot seen from both sides: hands at the control socket, and the reader at the other end."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from simulators.bench import Bench, BenchOptions
from simulators.card_chip import IDENTITY_ATR
from simulators.control import Control
from tests.card_drawer import PIN, put_card

from .far_end import FAST, WITHIN_SECONDS, Hand, far_end, until

SELECT = bytes.fromhex("00A4040009A0000003080000100000")
ASK_TRIES = bytes.fromhex("00200080")
WRONG = bytes.fromhex("0020008008") + b"000000\xff\xff"
RIGHT = bytes.fromhex("0020008008") + PIN + b"\xff\xff"
RESET, GET_ATR = b"\x02", b"\x04"
PROOF_SECONDS = 0.05  # so long nothing must come


class Reader:
    """A virtual reader: listens, and a card that is put in connects."""

    def __init__(self) -> None:
        self.cards: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        self._server: asyncio.Server | None = None
        self.port = 0
        self._ends: list[asyncio.StreamWriter] = []

    async def start(self) -> None:
        """Listen, at the same port as before."""
        self._server = await asyncio.start_server(self._came, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """The service is gone, and with it all connections."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        for end in self._ends:
            end.transport.abort()
            with suppress(ConnectionError):
                await end.wait_closed()

    async def card(self) -> "Card":
        """The next card that is put in."""
        return Card(*await asyncio.wait_for(self.cards.get(), WITHIN_SECONDS))

    async def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.append(writer)
        self.cards.put_nowait((reader, writer))


class Card:
    """The reader's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def say(self, payload: bytes) -> None:
        """One message to the card."""
        self._writer.write(len(payload).to_bytes(2, "big") + payload)

    async def ask(self, payload: bytes) -> bytes:
        """One message and its answer."""
        self.say(payload)
        return await self.hear()

    async def hear(self) -> bytes:
        """The next answer. Raises EOFError when the card is pulled."""
        try:
            size = await asyncio.wait_for(self._reader.readexactly(2), WITHIN_SECONDS)
            return await asyncio.wait_for(
                self._reader.readexactly(int.from_bytes(size, "big")), WITHIN_SECONDS
            )
        except (asyncio.IncompleteReadError, ConnectionResetError):
            raise EOFError from None

    async def silent(self) -> bool:
        """Whether nothing comes for a moment."""
        try:
            await asyncio.wait_for(self._reader.readexactly(1), PROOF_SECONDS)
        except TimeoutError:
            return True
        return False


Scene = Callable[[Reader, Hand, Bench], Awaitable[None]]


@asynccontextmanager
async def bench_with_reader() -> AsyncIterator[tuple[Reader, Hand, Bench]]:
    run = Path(tempfile.mkdtemp(prefix="cg", dir="/tmp"))
    for label, kind in (("citizen-1", "citizen"), ("staff-1", "staff"), ("transit-1", "transit")):
        put_card(run, label, kind)
    reader = Reader()
    await reader.start()
    bench = Bench(BenchOptions(run, card_reader=str(reader.port), paced=False, times=FAST))
    control = Control(bench, run / "sock" / "sim.sock")
    await control.start()
    await bench.start()
    hand = await Hand.at(run)
    try:
        yield reader, hand, bench
    finally:
        hand.writer.close()
        await control.stop()
        await bench.stop()
        await reader.stop()
        shutil.rmtree(run)


def play(scene: Scene) -> None:
    async def whole() -> None:
        async with bench_with_reader() as (reader, hand, bench):
            await scene(reader, hand, bench)

    asyncio.run(whole())


async def inserted(reader: Reader, hand: Hand, label: str = "citizen-1") -> Card:
    """A card that was just put in, with its application selected if it has one."""
    assert await hand.do("card", card=label) == {"ok": True}
    card = await reader.card()
    await card.ask(SELECT)
    return card


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


# --- faults ---


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
