"""The control socket: every request, every kind of nonsense, and the events that watchers get."""

import asyncio
import json

import msgspec
import pytest

from simulators.printer_operations import Operation
from simulators.world import Truth

from .desk import pdf
from .far_end import Hand, far_end, post, until
from .test_printer_operations import request


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"", "not a JSON object"),
        (b"[]", "not a JSON object"),
        (b"\xff\xfe", "not a JSON object"),
        (b"{}", "'do' is missing"),
        (b'{"do":5}', "'do' is missing"),
        (b'{"do":"dance"}', "nobody can 'dance'"),
        (b'{"do":"coin"}', "'value' must be a whole number"),
        (b'{"do":"coin","value":true}', "'value' must be a whole number"),
        (b'{"do":"coin","value":-5}', "'value' must be a whole number"),
        (b'{"do":"coin","value":7,"force":true}', "cannot be past the gate"),
        (b'{"do":"tray","sheets":9999}', "'sheets' must be a whole number from 0 to 250"),
        (b'{"do":"unplug","device":"toaster"}', "there is no device 'toaster'"),
        (b'{"do":"network","up":false,"mode":"up"}', "mode is refuse, hang or lose-reply"),
        (b'{"do":"network","target":0}', "'target' must be"),
        (b'{"do":"power"}', "'up' must be true or false"),
        (b'{"do":"fault","device":"x","fault":"y"}', "there is no device 'x'"),
        (b'{"do":"fault","device":"coin","fault":"y"}', "coin has no fault 'y'; known: none"),
        (b'{"do":"fault","device":"hopper","fault":"jam"}', "'after' must be"),
        (b'{"do":"fault","device":"cash","fault":"drop","rate":"much"}', "'rate' must be"),
        (b'{"do":"fault","device":"printer","fault":"lose-reply","operation":"x"}', "no operation 'x'"),
        (b'{"do":"fault","device":"presenter","fault":"serial","serial":"\\u00e9"}', "printable ASCII"),
        (b'{"do":"fault","device":"coin","fault":"power-loss-with-credit","value":3}', "no coin of 3"),
        (b"[" * 20_000, "not a JSON object"),
    ],
)
def test_nonsense_gets_a_clear_error_and_the_connection_goes_on(line: bytes, words: str) -> None:
    async def scene() -> None:
        async with far_end() as (_, hand):
            answer = await hand.line(line)
            assert answer["ok"] is False
            assert words in answer["error"]
            assert (await hand.do("state"))["ok"] is True

    asyncio.run(scene())


def test_a_coin_that_nobody_wants_comes_back() -> None:
    async def scene() -> None:
        async with far_end() as (_, hand):
            assert (await hand.do("coin", value=500))["coin"] == "rejected"
            assert (await hand.do("coin", value=500, force=True))["coin"] == "accepted"
            await hand.do("power", up=False)
            assert (await hand.do("coin", value=500))["coin"] == "returned"
            truth = (await hand.do("truth"))["truth"]
            assert [coin["value"] for coin in truth["coins_in"]] == [500]
            assert [coin["why"] for coin in truth["coins_rejected"]] == ["not polled", "no power"]

    asyncio.run(scene())


def test_supplies_are_what_the_hand_makes_them() -> None:
    async def scene() -> None:
        async with far_end() as (_, hand):
            await hand.do("tray", sheets=3)
            await hand.do("hopper", coins=7)
            await hand.do("receipt-paper", lines=11)
            await hand.do("bin", documents=2)
            await hand.do("cash-box")
            state = await hand.do("state")
            assert state["printer"]["tray"] == 3
            assert state["hopper"]["coins"] == 7
            assert state["receipt"]["paper"] == 11
            assert state["presenter"]["binned"] == 2
            assert state["cash_box"] == {}
            assert (await hand.do("truth"))["truth"]["coin_value_in_hopper"] == 700

    asyncio.run(scene())


def test_paper_is_taken_from_the_mouth_and_from_the_open_tray() -> None:
    async def scene() -> None:
        async with far_end() as (bench, hand):
            await post(bench.printer_http.port, request(Operation.PRINT_JOB, data=pdf("1234-5678-9012-3456")))
            await until(lambda: bench.world.truth().sheets, "the sheet")
            sheets = (await hand.do("take"))["sheets"]
            assert [(sheet["number"], sheet["where"]) for sheet in sheets] == [
                ("1234-5678-9012-3456", "tray")
            ]
            assert (await hand.do("take"))["sheets"] == []
            assert (await hand.do("state"))["presenter"]["taken"] == 1

    asyncio.run(scene())


def test_a_jam_is_set_and_cleared() -> None:
    async def scene() -> None:
        async with far_end() as (bench, hand):
            await hand.do("jam", sheet=1)
            await post(bench.printer_http.port, request(Operation.PRINT_JOB, data=pdf("a")))
            await until(lambda: bench.printer.jammed, "the jam")
            state = await hand.do("state")
            assert state["printer"]["reasons"] == ["media-jam-error"]
            await hand.do("unjam")
            await until(lambda: bench.printer.sheets == 1, "the sheet")

    asyncio.run(scene())


def test_every_fault_of_every_device_can_be_set_and_taken_away() -> None:
    parameters = {"after": 1, "serial": 4711, "value": 500, "header": 229, "rate": 0.1}

    async def scene() -> None:
        async with far_end() as (_, hand):
            for device in ("cash", "coin", "hopper", "printer", "presenter", "receipt"):
                answer = await hand.do("fault", device=device, fault="?")
                known = answer["error"].partition("known: ")[2].split(", ")
                assert len(known) > 2
                for fault in known:
                    serial = 4711 if device in ("coin", "hopper") else "SERIAL01"
                    fields = {**parameters, "serial": serial}
                    answer = await hand.do("fault", device=device, fault=fault, **fields)
                    assert answer == {"ok": True}, (device, fault)
                assert await hand.do("fault", device=device, fault="none") == {"ok": True}

    asyncio.run(scene())


def test_a_power_cut_with_a_credit_pending_leaves_the_coin_counted_and_untold() -> None:
    async def scene() -> None:
        async with far_end() as (bench, hand):
            await hand.do("fault", device="coin", fault="power-loss-with-credit", value=500)
            assert (await hand.do("state"))["power"] is False
            await hand.do("power", up=True)
            assert bench.coin.answer(229, b"") == bytes(11)
            assert bench.coin.answer(225, b"") == b"\x01\x00\x00"

    asyncio.run(scene())


def test_watchers_hear_of_each_change_while_others_do_not() -> None:
    async def scene() -> None:
        async with far_end() as (bench, hand):
            watcher = await Hand.at(bench.options.run)
            assert await watcher.do("watch") == {"ok": True}
            await hand.do("coin", value=100, force=True)
            heard = await watcher.next()
            assert heard == {"event": "coin-in", "value": 100}
            await hand.do("unplug", device="hopper")
            assert await watcher.next() == {"event": "plug", "device": "hopper", "plugged": False}
            watcher.writer.close()

    asyncio.run(scene())


def test_a_watcher_that_left_harms_nobody() -> None:
    async def scene() -> None:
        async with far_end() as (bench, hand):
            watcher = await Hand.at(bench.options.run)
            await watcher.do("watch")
            watcher.writer.transport.abort()
            for _ in range(3):
                assert (await hand.do("hopper", coins=5))["ok"]

    asyncio.run(scene())


def test_a_line_without_end_ends_the_connection_and_nothing_else() -> None:
    async def scene() -> None:
        async with far_end() as (bench, hand):
            flood = await Hand.at(bench.options.run)
            flood.writer.write(b"x" * 200_000 + b"\n")
            with pytest.raises((json.JSONDecodeError, ConnectionError)):
                await flood.next()
            flood.writer.close()
            assert (await hand.do("state"))["ok"]

    asyncio.run(scene())


def test_the_truth_file_is_what_the_truth_request_says() -> None:
    async def scene() -> None:
        async with far_end() as (bench, hand):
            await hand.do("coin", value=50, force=True)
            truth = (await hand.do("truth"))["truth"]
            file = bench.options.run / "sim" / "truth.json"
            assert json.loads(file.read_bytes()) == truth
            assert msgspec.json.decode(file.read_bytes(), type=Truth) == bench.world.truth()

    asyncio.run(scene())


def test_the_ports_are_told() -> None:
    async def scene() -> None:
        async with far_end() as (bench, _):
            ports = json.loads((bench.options.run / "sim" / "ports.json").read_bytes())
            assert ports == {
                "printer_uri": f"ipp://127.0.0.1:{bench.printer_http.port}/ipp/print",
                "network_port": bench.cable.number,
                "terminal": f"127.0.0.1:{bench.terminal_port.number}",
                "ups": f"kiosk@127.0.0.1:{bench.ups.number}",
            }

    asyncio.run(scene())
