"""The world that every command is tried in: one a module, for a central server's data is made for it."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.contract.commands.world import World, world
from tests.rig import town


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    ground = tmp_path_factory.mktemp("world")
    home = ground / "town"
    town.settle(home)
    init = [sys.executable, "-m", "central.cli", "init", "--data", str(home / "central")]
    subprocess.run(init, check=True, capture_output=True, timeout=120)
    with world(ground, home / "central") as made:
        yield made
