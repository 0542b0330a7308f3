"""What a machine makes certificates from is what was signed, byte for byte, or it is not opened."""

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kiosk.bundles.catalogue_files import load_catalogue
from kiosk.bundles.installed import SHIPPED_BUNDLE, InstalledBundleError, open_bundle
from kiosk.protocol.bundle import MAX_PACKED_BYTES
from tests.unit.bundles.bundle_maker import TYPE, lay_down, small

DAY = date(2026, 11, 25)


@pytest.fixture
def bundles(tmp_path: Path) -> Path:
    return tmp_path / "bundles"


@pytest.fixture
def name(bundles: Path) -> str:
    return lay_down(bundles, small(version=7))


def test_a_bundle_that_is_whole_has_the_catalogue_of_its_bundle(bundles: Path, name: str) -> None:
    bundle = open_bundle(bundles, name)
    assert (bundle.version, bundle.valid_until) == (7, small().valid_until)
    assert [kind.code for kind in bundle.catalogue(card_reader=True, day=DAY).types] == [TYPE]


def test_without_a_name_it_is_what_the_machine_was_shipped_with(bundles: Path) -> None:
    bundle = open_bundle(bundles, "")
    assert bundle is SHIPPED_BUNDLE
    assert (bundle.version, bundle.valid_until) == (0, None)
    assert bundle.catalogue(card_reader=True, day=DAY) == load_catalogue(card_reader=True, day=DAY)


def swap(place: Path, made: Callable[[Path], None]) -> None:
    place.unlink()
    made(place)


FORM = f"{TYPE}/form.typ"
ATTACKS: dict[str, Callable[[Path], object]] = {
    "a byte of a form": lambda root: (root / FORM).write_bytes((root / FORM).read_bytes()[:-1] + b" "),
    "a form made longer": lambda root: (root / FORM).write_bytes((root / FORM).read_bytes() + b"\n"),
    "a form made empty": lambda root: (root / FORM).write_bytes(b""),
    "a form that is gone": lambda root: (root / FORM).unlink(),
    "a folder that is gone": lambda root: shutil.rmtree(root / TYPE),
    "one more file at the top": lambda root: (root / "more.toml").touch(),
    "one more file in a folder": lambda root: (root / TYPE / "more.typ").touch(),
    "one more type": lambda root: _copy(root / TYPE, root / "more"),
    "an empty folder": lambda root: (root / "empty").mkdir(),
    "a folder in a folder": lambda root: (root / TYPE / "deep").mkdir(),
    "a hidden file": lambda root: (root / ".form").touch(),
    "a link to a folder": lambda root: (root / "more").symlink_to(root / TYPE),
    "a link to a folder in a folder": lambda root: (root / TYPE / "more").symlink_to(root / "_common"),
    "a link for a file": lambda root: swap(root / FORM, lambda place: place.symlink_to(_kept(root, FORM))),
    "a link for the document": lambda root: swap(
        root / "bundle", lambda place: place.symlink_to(_kept(root, "bundle"))
    ),
    "a link for its folder": lambda root: _moved(root, root / TYPE),
    "a link for all of it": lambda root: _moved(root.parent, root),
    "a pipe for a file": lambda root: swap(root / FORM, os.mkfifo),
    "a pipe for the document": lambda root: swap(root / "bundle", os.mkfifo),
    "a folder for a file": lambda root: swap(root / FORM, Path.mkdir),
    "a byte of the document": lambda root: _bend(root / "bundle"),
    "a document cut off": lambda root: (root / "bundle").write_bytes((root / "bundle").read_bytes()[:-1]),
    "a document that is gone": lambda root: (root / "bundle").unlink(),
    "a document without end": lambda root: os.truncate(root / "bundle", 100 * MAX_PACKED_BYTES),
}


def _copy(place: Path, to: Path) -> None:
    shutil.copytree(place, to)


def _kept(root: Path, name: str) -> Path:
    """The same bytes elsewhere: it is the link that is refused, not what it leads to."""
    kept = root.parent.parent / "kept"
    kept.mkdir()
    source = lay_down(kept, small(version=7))
    return kept / source / name


def _moved(folder: Path, place: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    place.rename(elsewhere)
    place.symlink_to(elsewhere)


def _bend(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_bundle_that_is_not_what_was_signed_is_not_opened(bundles: Path, name: str, attack: str) -> None:
    open_bundle(bundles, name)
    ATTACKS[attack](bundles / name)
    with pytest.raises(InstalledBundleError):
        open_bundle(bundles, name)


def test_another_bundle_under_this_ones_name_is_not_opened(bundles: Path, name: str) -> None:
    other = lay_down(bundles, small(version=8))
    shutil.rmtree(bundles / name)
    (bundles / other).rename(bundles / name)
    with pytest.raises(InstalledBundleError, match="not the one that was signed"):
        open_bundle(bundles, name)


@pytest.mark.parametrize("wrong", ["..", "../bundles", "tuf", "/etc", "7", "7-", "8-" + "0" * 32])
def test_what_is_no_bundles_name_or_not_there_is_not_opened(bundles: Path, name: str, wrong: str) -> None:
    with pytest.raises(InstalledBundleError):
        open_bundle(bundles, wrong)
