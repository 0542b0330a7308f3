"""A worker that has waited uses the list that came meanwhile, and keeps the old one where the new one is no good."""

from pathlib import Path

import msgspec
import pytest

from kiosk.apps.newest_list import NewestList
from kiosk.protocol.trust import TrustError
from tests.authority import TRUST, put_list


def test_a_list_that_came_since_the_start_is_read(tmp_path: Path) -> None:
    lists = NewestList(*put_list(tmp_path))
    assert lists.read() == TRUST
    newer = msgspec.structs.replace(TRUST, version=2)
    put_list(tmp_path, newer)
    assert lists.read() == newer


def test_what_is_torn_gone_or_older_leaves_the_list_that_was_good(tmp_path: Path) -> None:
    newer = msgspec.structs.replace(TRUST, version=2)
    trusted = put_list(tmp_path, newer)
    lists = NewestList(*trusted)
    put_list(tmp_path, TRUST)
    assert lists.read() == newer
    trusted.file.write_bytes(b"torn")
    assert lists.read() == newer
    trusted.file.unlink()
    assert lists.read() == newer


def test_a_worker_does_not_start_without_one(tmp_path: Path) -> None:
    trusted = put_list(tmp_path)
    trusted.file.write_bytes(b"torn")
    with pytest.raises(TrustError):
        NewestList(*trusted)
