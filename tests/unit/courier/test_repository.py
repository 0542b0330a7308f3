"""The newest bundle is what central signed last, or the look ends in a code: whatever the road brings."""

import json
import shutil
from pathlib import Path

import pytest

from central.bundles.repository import Repository
from kiosk.courier.looking import LookError
from kiosk.courier.repository import newest_bundle
from kiosk.courier.results import TOO_LARGE, Answer, Unknown
from kiosk.protocol.bundle import pack
from tests.unit.courier.bundles import NOW, CatalogueFiles, bundle, days, repository

ONE, TWO, THREE = (bundle(version) for version in (1, 2, 3))
METADATA = ("timestamp", "2.snapshot", "2.targets")


class Machine:
    """One that has seen version 1; version 2 is out."""

    def __init__(self, place: Path) -> None:
        self.central = repository(place / "central")
        self.root = self.central.root_file.read_bytes()
        self.road = CatalogueFiles(self.central.folder)
        self.folder = place / "tuf"
        self.central.publish(ONE, NOW)
        assert self.look() == pack(ONE)
        self.before = place / "before"
        shutil.copytree(self.central.folder, self.before)
        self.central.publish(TWO, NOW)

    def look(self) -> bytes:
        return newest_bundle(self.root, self.folder, self.road)

    def refused(self) -> str:
        with pytest.raises(LookError) as ended:
            self.look()
        return ended.value.code

    def target(self, folder: Path | None = None) -> str:
        """The name of the bundle that the newest targets speak of."""
        metadata = (folder or self.central.folder) / "metadata"
        newest = max(metadata.glob("*.targets.json"), key=lambda file: int(file.name.partition(".")[0]))
        said = json.loads(newest.read_bytes())["signed"]["targets"]["catalogue"]
        return f"targets/{said['hashes']['sha256']}.catalogue"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


# --- as it should go ---


def test_a_first_look_brings_what_was_published(tmp_path: Path) -> None:
    central = repository(tmp_path)
    central.publish(ONE, NOW)
    assert newest_bundle(
        central.root_file.read_bytes(), tmp_path / "tuf", CatalogueFiles(central.folder)
    ) == pack(ONE)


def test_a_later_look_brings_what_was_published_since(machine: Machine) -> None:
    assert machine.look() == pack(TWO)


def test_with_nothing_new_two_small_files_are_asked_for_and_no_more(machine: Machine) -> None:
    machine.look()
    machine.road.asked.clear()
    assert machine.look() == pack(TWO)
    assert machine.road.asked == ["metadata/2.root.json", "metadata/timestamp.json"]


def test_before_anything_was_published_there_is_nothing_newer(tmp_path: Path) -> None:
    central = repository(tmp_path)
    with pytest.raises(LookError) as ended:
        newest_bundle(central.root_file.read_bytes(), tmp_path / "tuf", CatalogueFiles(central.folder))
    assert ended.value.code == "nothing-newer"


# --- who holds the server and not the keys ---


@pytest.mark.parametrize(
    "names",
    [
        ("metadata/timestamp.json",),
        ("metadata/2.snapshot.json", "metadata/2.targets.json"),
    ],
    ids=["timestamp", "snapshot and targets under the new timestamp"],
)
def test_an_older_publication_is_a_roll_back(machine: Machine, names: tuple[str, ...]) -> None:
    machine.look()
    machine.central.publish(THREE, NOW)
    for name in names:
        old = name.replace("/2.", "/1.")
        there = machine.before / old
        machine.road.put(name.replace("/2.", "/3."), there.read_bytes())
    assert machine.refused() == "rolled-back"


def test_older_targets_under_a_new_snapshot_are_a_roll_back(machine: Machine) -> None:
    machine.road.put("metadata/2.targets.json", (machine.before / "metadata/1.targets.json").read_bytes())
    assert machine.refused() == "rolled-back"


@pytest.mark.parametrize("name", METADATA)
def test_what_another_authority_signed_is_not_signed(machine: Machine, tmp_path: Path, name: str) -> None:
    other = repository(tmp_path / "other")
    other.publish(ONE, NOW)
    other.publish(TWO, NOW)
    machine.road.put(f"metadata/{name}.json", (other.folder / f"metadata/{name}.json").read_bytes())
    assert machine.refused() == "unsigned"


def test_a_timestamp_by_the_snapshots_key_is_not_signed(machine: Machine, tmp_path: Path) -> None:
    keys = tmp_path / "central" / "online"
    shutil.copy(keys / "timestamp.pem", tmp_path / "kept")
    shutil.copy(keys / "snapshot.pem", keys / "timestamp.pem")
    machine.central.publish(THREE, NOW)
    assert machine.refused() == "unsigned"


def test_targets_by_another_targets_key_are_not_signed(machine: Machine, tmp_path: Path) -> None:
    keys = tmp_path / "central" / "offline"
    shutil.copy(keys / "root-1.pem", keys / "targets.pem")
    machine.central.publish(THREE, NOW)
    assert machine.refused() == "unsigned"


@pytest.mark.parametrize("name", METADATA)
def test_no_byte_of_any_metadata_can_be_another(machine: Machine, name: str) -> None:
    """One in each seventeen, from the first to the last: the look ends in a code and never in another bundle."""
    whole = (machine.central.folder / f"metadata/{name}.json").read_bytes()
    for place in {*range(0, len(whole), 17), len(whole) - 1}:
        bent = bytearray(whole)
        bent[place] ^= 1
        machine.road.put(f"metadata/{name}.json", bytes(bent))
        assert machine.refused() in {"invalid", "unsigned", "rolled-back"}, (name, place)
    machine.road.said.clear()
    assert machine.look() == pack(TWO)


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: bytes([raw[0] ^ 1]) + raw[1:],
        lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
        lambda raw: raw[:-1],
        lambda raw: b"",
        lambda raw: raw + b"\0",
        lambda raw: raw * 100,
    ],
    ids=["first byte", "last byte", "cut off", "empty", "one more", "a hundred times"],
)
def test_a_bundle_that_is_not_what_was_signed_is_damaged(machine: Machine, change: object) -> None:
    machine.road.bend(machine.target(), change)  # type: ignore[arg-type]
    assert machine.refused() == "damaged"
    machine.road.said.clear()
    assert machine.look() == pack(TWO)


@pytest.mark.parametrize("name", ["metadata/timestamp.json", "metadata/2.root.json", "target"])
def test_a_file_without_end_is_damaged(machine: Machine, name: str) -> None:
    machine.road.said[machine.target() if name == "target" else name] = Unknown(TOO_LARGE)
    assert machine.refused() == "damaged"


def test_the_last_bundle_in_the_place_of_the_new_one_is_damaged(machine: Machine) -> None:
    machine.road.put(machine.target(), pack(ONE))
    assert machine.refused() == "damaged"


# --- frozen in time ---


def test_a_server_that_says_what_it_said_too_long_ago_has_expired(tmp_path: Path) -> None:
    central = repository(tmp_path, NOW - days(3))
    central.publish(ONE, NOW - days(2))
    with pytest.raises(LookError) as ended:
        newest_bundle(central.root_file.read_bytes(), tmp_path / "tuf", CatalogueFiles(central.folder))
    assert ended.value.code == "expired"


@pytest.mark.parametrize(("role", "ago"), [("snapshot", 8), ("targets", 91), ("root", 366)])
def test_each_role_expires(tmp_path: Path, role: str, ago: float) -> None:
    """What stands behind it is fresh; this one alone is too old."""
    central = repository(tmp_path, NOW - days(ago))
    central.publish(ONE, NOW - days(ago))
    if role == "targets":
        central.refresh(NOW)
    elif role == "snapshot":
        _renew_the_timestamp_alone(central)
    else:
        central.publish(TWO, NOW)
    with pytest.raises(LookError) as ended:
        newest_bundle(central.root_file.read_bytes(), tmp_path / "tuf", CatalogueFiles(central.folder))
    assert (ended.value.code, role.title() in ended.value.detail or role in ended.value.detail) == (
        "expired",
        True,
    )


def _renew_the_timestamp_alone(central: Repository) -> None:
    """As a server would whose snapshot key is lost."""
    from tuf.api.metadata import Metadata

    from central.bundles.roles import TIMESTAMP, signer

    file = central.folder / "metadata" / "timestamp.json"
    timestamp = Metadata.from_file(str(file))
    timestamp.signed.expires = (NOW + days(1)).replace(microsecond=0)
    timestamp.sign(signer(central.folder.parent / "online", TIMESTAMP))
    timestamp.to_file(str(file))


# --- a road with holes ---


@pytest.mark.parametrize(
    "answer",
    [
        Unknown("unreachable", sent=False),
        Unknown("tls-refused"),
        Answer(503),
        Answer(500),
        Answer(403),
        Answer(302),
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["metadata/timestamp.json", "metadata/2.snapshot.json", "target"])
def test_a_file_that_does_not_come_is_unreachable(
    machine: Machine, name: str, answer: Answer | Unknown
) -> None:
    machine.road.said[machine.target() if name == "target" else name] = answer
    assert machine.refused() == "unreachable"
    machine.road.said.clear()
    assert machine.look() == pack(TWO)


@pytest.mark.parametrize(
    "name", ["metadata/timestamp.json", "metadata/2.snapshot.json", "metadata/2.targets.json", "target"]
)
def test_a_file_that_is_held_back_is_not_taken_for_nothing_newer(machine: Machine, name: str) -> None:
    machine.road.said[machine.target() if name == "target" else name] = Answer(404)
    assert machine.refused() == "unreachable"
