"""The repository's keys and terms: what is said anew, by whom, and what a lost key costs."""

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Snapshot, Timestamp

from central.bundles.repository import TERMS
from central.services import repository_of
from kiosk.courier.repository import newest_bundle
from tests.unit.central.office import Office
from tests.unit.central.test_cli import run
from tests.unit.courier.bundles import NOW, CatalogueFiles, bundle, repository

HALF_A_DAY = timedelta(hours=12)


@pytest.fixture
def office(office: Office) -> Office:
    """Its repository made, one bundle published."""
    made = repository_of(office.folder)
    made.create(NOW)
    made.publish(bundle(1), NOW)
    return office


@pytest.mark.parametrize("name", ["root-1", "root-2", "root-3"])
def test_a_lost_root_key_is_replaced_by_the_command(office: Office, tmp_path: Path, name: str) -> None:
    (office.folder.key("bundles") / "offline" / f"{name}.pem").unlink()
    code, said = run("bundle", "change-key", name, "--data", office.folder.data)
    assert (code, said) == (0, f"{name}: changed\n")
    root = repository_of(office.folder).root_file.read_bytes()
    assert newest_bundle(root, tmp_path / "tuf", CatalogueFiles(office.folder.bundles))


def test_with_two_root_keys_lost_a_sentence_says_which_has_to_be_brought(office: Office) -> None:
    for name in ("root-1", "root-2"):
        (office.folder.key("bundles") / "offline" / f"{name}.pem").unlink()
    code, said = run("bundle", "change-key", "root-1", "--data", office.folder.data)
    assert (code, "root-2.pem: cannot be read" in said) == (2, True), said


def versions(folder: Path) -> tuple[int, int]:
    """Of the timestamp, and of the snapshot that it names."""
    signed = Metadata[Timestamp].from_file(str(folder / "metadata" / "timestamp.json")).signed
    snapshot = Metadata[Snapshot].from_file(
        str(folder / "metadata" / f"{signed.snapshot_meta.version}.snapshot.json")
    )
    return signed.version, snapshot.signed.version


def test_what_is_the_newest_is_said_anew_when_half_of_its_term_is_over(tmp_path: Path) -> None:
    made = repository(tmp_path)
    made.publish(bundle(1), NOW)
    made.refresh(NOW + HALF_A_DAY - timedelta(seconds=2))
    assert versions(made.folder) == (1, 1)
    made.refresh(NOW + HALF_A_DAY + timedelta(seconds=2))
    assert versions(made.folder) == (2, 1)
    made.refresh(NOW + TERMS["snapshot"] / 2 + timedelta(seconds=2))
    assert versions(made.folder) == (3, 2)


def test_many_who_ask_at_once_get_one_answer_that_is_whole(tmp_path: Path) -> None:
    made = repository(tmp_path)
    made.publish(bundle(1), NOW - timedelta(days=6))
    start = threading.Barrier(8)
    failed: list[Exception] = []

    def ask() -> None:
        start.wait()
        try:
            made.refresh(NOW)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert versions(made.folder) == (2, 2)
    newest_bundle(made.root_file.read_bytes(), tmp_path / "tuf", CatalogueFiles(made.folder))


def test_no_key_lies_where_files_are_served(office: Office) -> None:
    served = [file for file in office.folder.bundles.rglob("*") if file.is_file()]
    assert served
    for file in served:
        assert b"PRIVATE" not in file.read_bytes(), file
    root = json.loads(repository_of(office.folder).root_file.read_bytes())
    assert root["signed"]["roles"]["root"]["threshold"] == 2
