"""A worker that has waited uses the list that came meanwhile, and keeps the old one where the new one is no good."""

from pathlib import Path

import msgspec
import pytest

from kiosk.bundles.newest_list import NewestList
from kiosk.protocol.trust import TrustError
from kiosk.protocol.trust_files import lists_of
from tests.authority import TRUST, put_list


def machine(run: Path) -> Path:
    """One that was enrolled with version 1."""
    put_list(run / "pki")
    return run


def test_a_list_that_came_since_the_start_is_read(tmp_path: Path) -> None:
    lists = NewestList(machine(tmp_path))
    assert lists.read() == TRUST
    newer = msgspec.structs.replace(TRUST, version=2)
    put_list(tmp_path / "trust", newer)
    assert lists.read() == newer


def test_what_is_torn_gone_or_older_leaves_the_list_that_was_good(tmp_path: Path) -> None:
    newer = msgspec.structs.replace(TRUST, version=2)
    came = put_list(machine(tmp_path) / "trust", newer).files[0]
    lists = NewestList(tmp_path)
    put_list(tmp_path / "trust", TRUST)
    assert lists.read() == newer
    came.write_bytes(b"torn")
    assert lists.read() == newer
    came.unlink()
    assert lists.read() == newer


def test_a_worker_does_not_start_without_one(tmp_path: Path) -> None:
    for file in lists_of(machine(tmp_path)):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"torn")
    with pytest.raises(TrustError):
        NewestList(tmp_path)


def test_a_torn_list_that_came_leaves_the_one_of_the_enrolment(tmp_path: Path) -> None:
    put_list(machine(tmp_path) / "trust").files[0].write_bytes(b"torn")
    assert NewestList(tmp_path).read() == TRUST
