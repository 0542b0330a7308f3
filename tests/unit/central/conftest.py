"""One small town a session, a fresh copy of it a test."""

from pathlib import Path

import pytest

from tests.rig.town import made_once
from tests.unit.central.office import Office, make_small_town


@pytest.fixture(scope="session")
def small_town() -> Path:
    """A data folder to copy."""
    return made_once("small-town", make_small_town)


@pytest.fixture
def office(small_town: Path, tmp_path: Path) -> Office:
    """An office of one's own."""
    return Office(small_town, tmp_path / "data")
