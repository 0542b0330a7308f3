"""One small town a session, a fresh copy of it a test; the forms are read once."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from central.authority import repertoire
from central.authority.types import load_types
from central.bundles.forms import load_forms
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


@cache
def _our_own() -> tuple[dict[str, Any], dict[str, str]]:
    return dict(load_types()), dict(load_forms())


@pytest.fixture(autouse=True, scope="module")
def forms_that_were_read() -> Iterator[None]:
    """No test changes central's own forms, and opening an office is to read three hundred files of them.

    Where types were added, all is read as ever.
    """

    def types(added: Path | None = None) -> dict[str, Any]:
        return dict(load_types(added=added) if added else _our_own()[0])

    def forms(added: Path | None = None) -> dict[str, str]:
        return dict(load_forms(added=added) if added else _our_own()[1])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repertoire, "load_types", types)
        patch.setattr(repertoire, "load_forms", forms)
        yield
