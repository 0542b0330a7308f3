"""A clerk publishes types, adds one, requires one: what machines may fetch, and what is issued from that moment on."""

import shutil
from pathlib import Path

import pytest

from central.bundles.contents import gather
from central.bundles.forms import DEFAULT_ROOT
from central.bundles.repository import RepositoryError
from central.bundles.required import Required, Requirements
from central.registers.refusal import RefusedError
from central.services import Services, repository_of
from kiosk.courier.repository import newest_bundle
from kiosk.protocol.bundle import Bundle, unpack
from kiosk.protocol.central import Draft
from tests.unit.central.office import NOON, Office, Worker
from tests.unit.central.test_cli import run
from tests.unit.courier.bundles import NOW, CatalogueFiles, bundle, repository


@pytest.fixture
def office(office: Office) -> Office:
    """Its repository made, nothing published."""
    repository_of(office.folder).create(NOW)
    return office


def publish(office: Office, *others: str | Path) -> tuple[int, str]:
    return run("bundle", "publish", "--data", office.folder.data, "--phase", "1", *others)


def published(office: Office, place: Path) -> Bundle:
    """As a machine gets it."""
    root = repository_of(office.folder).root_file.read_bytes()
    return unpack(newest_bundle(root, place / "tuf", CatalogueFiles(office.folder.bundles)))


def land_once_more(place: Path, code: str = "land-2", fee: int = 700) -> Path:
    """A type as a clerk would add it: 토지대장 under another code, at another fee."""
    folder = place / code
    shutil.copytree(DEFAULT_ROOT / "land", folder)
    for name, old, new in (
        ("catalogue.toml", 'code = "land"', f'code = "{code}"'),
        ("catalogue.toml", "no = 3", "no = 99"),
        ("catalogue.toml", "base = 500", f"base = {fee}"),
        ("type.toml", 'code = "land"', f'code = "{code}"'),
    ):
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    return folder


async def drafted(services: Services, code: str) -> Draft:
    worker = Worker(services.keys.trust.sealing_key)
    answer = await services.desk.answer(worker.draft_request(type_code=code), NOON)
    assert isinstance(answer, Draft)
    return answer


# --- publish ---


def test_what_is_published_is_what_a_machine_reads_of_each_type_of_the_round(
    office: Office, tmp_path: Path
) -> None:
    code, said = publish(office)
    assert code == 0, said
    files = published(office, tmp_path).files
    first = {
        file.parent.name
        for file in DEFAULT_ROOT.glob("*/catalogue.toml")
        if "phase = 1" in file.read_text("utf-8")
    }
    assert {path.partition("/")[0] for path in files if "/" in path} == first | {"_common"}
    assert files["land/form.typ"] == (DEFAULT_ROOT / "land" / "form.typ").read_text("utf-8")
    assert not any(path.endswith("source.toml") for path in files), (
        "how central makes one is nobody else's business"
    )
    assert f"bundle 1: {len(first)} types" in said


def test_each_publication_has_the_next_version_and_the_heartbeat_says_it(
    office: Office, tmp_path: Path
) -> None:
    for version in (1, 2, 3):
        assert publish(office)[0] == 0
        assert published(office, tmp_path).version == version
        assert Required(office.folder.required).now.newest == version


def test_a_version_is_published_once(tmp_path: Path) -> None:
    made = repository(tmp_path)
    made.publish(bundle(3), NOW)
    for version in (1, 3):
        with pytest.raises(RepositoryError, match="published already"):
            made.publish(bundle(version), NOW)


def test_without_its_keys_nothing_is_published_and_a_sentence_says_which(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "no-keys").mkdir()
    code, said = publish(office, "--keys", tmp_path / "no-keys")
    assert (code, "targets.pem: cannot be read" in said, "Traceback" in said) == (2, True, False), said
    assert Required(office.folder.required).now.newest == 0


def test_a_type_that_is_added_takes_the_place_of_its_namesake_whole(tmp_path: Path) -> None:
    """None of the older one's samples stays behind: the newer one's expectations do not know them."""
    added = land_once_more(tmp_path, "land")
    (added / "sample_long.json").unlink()
    files = gather(1, NOW, 1, (added,)).files
    assert "land/sample.json" in files
    assert "land/sample_long.json" not in files
    assert "base = 700" in files["land/catalogue.toml"]


# --- add ---


def test_a_type_that_is_added_is_issued_by_the_running_server_from_that_moment_on(
    office: Office, tmp_path: Path
) -> None:
    async def tell(services: Services) -> None:
        with pytest.raises(RefusedError, match="type-unknown"):
            await drafted(services, "land-2")
        assert publish(office, "--add", land_once_more(tmp_path))[0] == 0
        assert (await drafted(services, "land-2")).quote.base == 700

    office.story(tell)
    assert "land-2/form.typ" in published(office, tmp_path).files


def test_a_type_that_is_added_anew_counts_at_once_however_fast_the_clerk_is(
    office: Office, tmp_path: Path
) -> None:
    async def tell(services: Services) -> None:
        for number in range(5):
            added = land_once_more(tmp_path / str(number), fee=1_000 + number)
            assert publish(office, "--add", added)[0] == 0
            assert (await drafted(services, "land-2")).quote.base == 1_000 + number

    office.story(tell)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("catalogue.toml", "["),
        ("catalogue.toml", ""),
        ("type.toml", "["),
        ("type.toml", ""),
        ("form.typ", None),
    ],
)
def test_a_type_that_can_not_be_read_is_not_taken_and_the_others_are_issued_as_before(
    office: Office, tmp_path: Path, name: str, content: str | None
) -> None:
    added = land_once_more(tmp_path)
    (added / name).unlink()
    if content is not None:
        (added / name).write_text(content, "utf-8")

    async def tell(services: Services) -> None:
        code, said = publish(office, "--add", added)
        assert (code, "Traceback" in said) == (2, False), said
        assert (await drafted(services, "land")).quote.base == 500

    office.story(tell)
    assert Required(office.folder.required).now.newest == 0


def test_a_folder_under_another_name_than_its_code_is_not_taken(office: Office, tmp_path: Path) -> None:
    land_once_more(tmp_path).rename(tmp_path / "other")
    code, said = publish(office, "--add", tmp_path / "other")
    assert (code, "folder's name" in said) == (2, True), said


# --- require ---


def test_what_is_required_stands_in_the_draft_from_that_moment_on(office: Office) -> None:
    for _ in range(2):
        publish(office)

    async def tell(services: Services) -> None:
        assert (await drafted(services, "land")).minimum == 0
        for version in (1, 2, 0):
            assert run("bundle", "require", "land", str(version), "--data", office.folder.data)[0] == 0
            assert (await drafted(services, "land")).minimum == version

    office.story(tell)


def test_what_is_required_stays_when_a_bundle_is_published(office: Office) -> None:
    publish(office)
    run("bundle", "require", "land", "1", "--data", office.folder.data)
    publish(office)
    assert Required(office.folder.required).now == Requirements(2, {"land": 1})


@pytest.mark.parametrize("code", ["nope", "", "land/1", "토지", "x" * 5_000])
def test_a_type_that_there_is_not_can_not_be_required(office: Office, code: str) -> None:
    publish(office)
    ended, said = run("bundle", "require", code, "1", "--data", office.folder.data)
    assert (ended, "there is no type" in said, "land" in said) == (2, True, True), said
    assert len(said) < 2_000
    assert Required(office.folder.required).now == Requirements(1, {})


def test_a_bundle_that_nobody_has_published_can_not_be_required(office: Office) -> None:
    """Every machine would stop selling the type, and no bundle could bring it back."""
    publish(office)
    for version in (2, 99, 2**63):
        code, said = run("bundle", "require", "land", str(version), "--data", office.folder.data)
        assert (code, "the newest is 1" in said) == (2, True), said
    assert Required(office.folder.required).now == Requirements(1, {})


def test_a_type_that_was_added_can_be_required(office: Office, tmp_path: Path) -> None:
    assert publish(office, "--add", land_once_more(tmp_path))[0] == 0
    added = next(office.folder.types.iterdir()).name
    assert run("bundle", "require", added, "1", "--data", office.folder.data)[0] == 0
    assert Required(office.folder.required).now.minimum == {added: 1}


@pytest.mark.parametrize("phase", ["3", "9", str(2**63)])
def test_a_round_that_has_not_come_is_not_published(office: Office, phase: str) -> None:
    code, said = run("bundle", "publish", "--data", office.folder.data, "--phase", phase)
    assert (code, f"there is no round {phase}, the last one is 2" in said) == (2, True), said
    assert repository_of(office.folder).version == 0


def test_a_file_that_is_no_requirements_is_told_in_a_sentence(office: Office) -> None:
    office.folder.required.write_text("[", "utf-8")
    code, said = run("bundle", "require", "land", "4", "--data", office.folder.data)
    assert (code, "restore it from its backup" in said) == (2, True)
