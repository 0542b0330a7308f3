"""Whose keys count is said by the root, and one root by the one before it."""

import json
import shutil
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Root

from central.bundles.repository import Repository
from central.bundles.roles import ROOT_KEYS, signer
from kiosk.courier.looking import LookError
from kiosk.courier.repository import newest_bundle
from kiosk.protocol.bundle import pack
from tests.unit.courier.bundles import NOW, CatalogueFiles, bundle, days, repository

ONE, TWO = bundle(1), bundle(2)


@pytest.fixture
def central(tmp_path: Path) -> Repository:
    made = repository(tmp_path)
    made.publish(ONE, NOW)
    return made


def look(central: Repository, place: Path, root: bytes, road: CatalogueFiles | None = None) -> bytes:
    return newest_bundle(root, place / "tuf", road or CatalogueFiles(central.folder))


def code_of(central: Repository, place: Path, road: CatalogueFiles | None = None) -> str:
    with pytest.raises(LookError) as ended:
        look(central, place, central.root_file.read_bytes(), road)
    return ended.value.code


def test_a_machine_with_the_first_root_follows_over_two_changes_of_a_key(
    central: Repository, tmp_path: Path
) -> None:
    first = central.root_file.read_bytes()
    central.change_root_key("root-1", NOW)
    central.change_root_key("root-2", NOW)
    central.publish(TWO, NOW)
    assert look(central, tmp_path, first) == pack(TWO)


def test_a_machine_that_looked_before_follows_too(central: Repository, tmp_path: Path) -> None:
    first = central.root_file.read_bytes()
    look(central, tmp_path, first)
    for name in ROOT_KEYS:
        central.change_root_key(name, NOW)
        assert look(central, tmp_path, first) == pack(ONE)


def test_a_root_that_has_expired_is_followed_to_one_that_has_not(tmp_path: Path) -> None:
    central = repository(tmp_path, NOW - days(400))
    central.change_root_key("root-3", NOW)
    central.publish(ONE, NOW)
    assert look(central, tmp_path, central.root_file.read_bytes()) == pack(ONE)


@pytest.mark.parametrize("name", ROOT_KEYS)
def test_a_key_that_is_lost_is_replaced_by_the_two_that_are_left(
    central: Repository, tmp_path: Path, name: str
) -> None:
    (tmp_path / "offline" / f"{name}.pem").unlink()
    central.change_root_key(name, NOW)
    assert look(central, tmp_path, central.root_file.read_bytes()) == pack(ONE)


def test_the_key_that_was_replaced_signs_nothing_any_more(central: Repository, tmp_path: Path) -> None:
    offline = tmp_path / "offline"
    shutil.copytree(offline, tmp_path / "stolen")
    central.change_root_key("root-1", NOW)
    central.change_root_key("root-2", NOW)
    _forge(central, tmp_path / "stolen", ("root-1", "root-2"))
    assert code_of(central, tmp_path) == "unsigned"


def _forge(central: Repository, keys: Path, names: tuple[str, ...], skip: int = 1) -> None:
    """A next root, signed with these keys."""
    files = list((central.folder / "metadata").glob("*.root.json"))
    newest = max(files, key=lambda file: int(file.name.partition(".")[0]))
    forged = Metadata[Root].from_file(str(newest))
    version = forged.signed.version + 1
    forged.signed.version += skip
    forged.signatures.clear()
    for name in names:
        forged.sign(signer(keys, name), append=True)
    forged.to_file(str(central.folder / "metadata" / f"{version}.root.json"))


@pytest.mark.parametrize("names", [(), ("root-1",), ("root-1", "root-1"), ("root-1", "targets")], ids=str)
def test_a_root_without_two_of_its_keys_is_not_signed(
    central: Repository, tmp_path: Path, names: tuple[str, ...]
) -> None:
    _forge(central, tmp_path / "offline", names)
    assert code_of(central, tmp_path) == "unsigned"


def test_a_root_with_two_of_its_keys_is(central: Repository, tmp_path: Path) -> None:
    """The forger of the tests above can forge."""
    _forge(central, tmp_path / "offline", ("root-1", "root-3"))
    assert look(central, tmp_path, central.root_file.read_bytes()) == pack(ONE)


def test_a_root_that_skips_a_version_is_a_roll_back(central: Repository, tmp_path: Path) -> None:
    _forge(central, tmp_path / "offline", ("root-1", "root-2"), skip=2)
    assert code_of(central, tmp_path) == "rolled-back"


def test_the_first_root_again_as_the_next_is_a_roll_back(central: Repository, tmp_path: Path) -> None:
    road = CatalogueFiles(central.folder)
    road.put("metadata/2.root.json", central.root_file.read_bytes())
    assert code_of(central, tmp_path, road) == "rolled-back"


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 4_000])
def test_a_root_that_is_none_is_invalid(central: Repository, tmp_path: Path, content: bytes) -> None:
    road = CatalogueFiles(central.folder)
    road.put("metadata/2.root.json", content)
    assert code_of(central, tmp_path, road) == "invalid"


def test_a_machine_that_was_given_another_root_believes_nothing(central: Repository, tmp_path: Path) -> None:
    other = repository(tmp_path / "other")
    with pytest.raises(LookError) as ended:
        look(central, tmp_path, other.root_file.read_bytes())
    assert ended.value.code == "unsigned"


def test_without_new_keys_a_root_is_as_it_was(central: Repository) -> None:
    """A change replaces one key, and leaves two."""
    before = _root_keys(central.root_file)
    central.change_root_key("root-2", NOW)
    after = _root_keys(central.folder / "metadata" / "2.root.json")
    assert len(before) == len(after) == 3
    assert len(before & after) == 2


def _root_keys(file: Path) -> set[str]:
    return set(json.loads(file.read_bytes())["signed"]["roles"]["root"]["keyids"])
