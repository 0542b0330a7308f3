"""A real server on a real port, once a session, and for each test a machine that is enrolled with it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.authority.folder import Folder
from central.authority.trust_lists import TrustLists
from central.clock import system_clock
from tests.contract.central.machine import Machine, Server, serving
from tests.rig.town import made_once
from tests.unit.central.office import make_small_town


@pytest.fixture(scope="session")
def small_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder to copy."""
    folder = Folder(tmp_path_factory.mktemp("town") / "data")
    shutil.copytree(made_once("small-town", make_small_town), folder.data)
    TrustLists(folder).renew(system_clock())  # the server is a real one, and its day is today
    return folder.data


@pytest.fixture(scope="session")
def server(small_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests that leave it running."""
    data = tmp_path_factory.mktemp("central") / "data"
    shutil.copytree(small_town, data)
    with serving(data) as running:
        yield running


@pytest.fixture
def machine(server: Server, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A machine of the test's own."""
    number = sum(map(ord, request.node.name)) * 997 + len(request.node.name)
    with server.machine(f"M-{number}") as one:
        yield one
