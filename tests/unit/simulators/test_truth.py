"""truth.json: soon, whole, and the same world after a restart."""

import json
from pathlib import Path

import pytest

from simulators.clock import ManualClock
from simulators.truth_file import TruthFile
from simulators.world import Place, World, load_world


def written(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "truth.json").read_bytes()))


def test_a_change_is_on_disk_within_50_ms_and_many_changes_are_one_write(tmp_path: Path) -> None:
    clock = ManualClock()
    world = World(clock)
    TruthFile(world, tmp_path, clock)
    for _ in range(3):
        world.coin_in(500)
    assert written(tmp_path)["coins_in"] == []
    clock.advance(0.05)
    coins = written(tmp_path)["coins_in"]
    assert coins == [{"at": "2026-03-02T09:00:00.000+00:00", "value": 500}] * 3


def test_flush_writes_at_once(tmp_path: Path) -> None:
    clock = ManualClock()
    world = World(clock)
    file = TruthFile(world, tmp_path, clock)
    world.coin_back(100, "inhibited")
    file.flush()
    assert written(tmp_path)["coins_rejected"] == [
        {"at": "2026-03-02T09:00:00.000+00:00", "value": 100, "why": "inhibited"}
    ]


def test_the_world_is_found_as_it_was_left(tmp_path: Path) -> None:
    clock = ManualClock()
    world = World(clock)
    file = TruthFile(world, tmp_path, clock)
    world.coin_in(500)
    world.coin_in(100)
    world.sheet_out("order-1", 1, 1, "1234-5678-9012-3456", "/x.png", Place.PATH)
    world.sheet_spoiled("order-1", 1)
    world.receipt_cut(("영수증",), "/r.png")
    world.set_levels(tray=3)
    file.flush()
    again = load_world(clock, tmp_path)
    assert (again.truth(), again.levels) == (world.truth(), world.levels)
    assert again.levels.cash_box == {500: 1}


@pytest.mark.parametrize("name", ["truth.json", "world.json"])
def test_a_damaged_file_says_what_to_delete(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"{")
    with pytest.raises(SystemExit, match="delete both"):
        load_world(ManualClock(), tmp_path)


def test_an_empty_hopper_throws_no_coin() -> None:
    world = World(ManualClock())
    world.set_levels(hopper=0)
    assert world.coin_out() is False
    assert world.truth().coins_out == ()
