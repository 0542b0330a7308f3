"""The ledger on a real ext4, through the kernel's own replay: a slice of `make blocks`."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.crash.blocks.images import Left, cuts
from tests.crash.blocks.log import Flush, Mark, Recording, Write
from tests.crash.blocks.mounts import ext4, run
from tests.crash.blocks.needs import why_not
from tests.crash.blocks.recording import record
from tests.crash.blocks.trial import Found, trial

# The superblock's time of the last write, in the first of its two sectors (ext4: s_wtime at 0x30).
WRITTEN_AT = 1024 + 0x30

WHY_NOT = why_not()
on_a_real_disk = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


@on_a_real_disk
def test_no_image_of_the_disk_has_lost_what_was_acknowledged_and_the_known_bad_setting_would_have() -> None:
    """The command itself: it fails too if synchronous=NORMAL loses nothing, since then it would find nothing."""
    command = [sys.executable, "-m", "tests.crash.blocks", "--images", "30", "--orders", "5"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert " images=30 commits=60 " in told.stdout
    assert told.stdout.count(" lost=0 damaged=0 ") == 1


@on_a_real_disk
def test_a_torn_superblock_is_repaired_and_the_journal_behind_it_replayed(tmp_path: Path) -> None:
    """The one block that no journal protects: its checksum is in its second sector. A boot's `e2fsck -y` mends it."""
    recording = record(1, "FULL")
    image = next(image for image in cuts(recording, 20, seed=1) if image.told.seq > 5)
    torn = bytearray(image.disk)
    torn[WRITTEN_AT] ^= 1
    verdict = trial(msgspec.structs.replace(image, disk=bytes(torn)), tmp_path)
    assert (verdict.found, verdict.repaired) == (Found.ALL, True)


@on_a_real_disk
def test_nothing_stays_mounted_after_a_failure(tmp_path: Path) -> None:
    disk, place = tmp_path / "disk", tmp_path / "place"
    disk.write_bytes(bytes(1 << 20))
    place.mkdir()
    run("mkfs.ext4", "-q", "-F", disk)
    with pytest.raises(RuntimeError, match="in the middle"), ext4(disk, place):
        raise RuntimeError("in the middle")
    assert not os.path.ismount(place)


OLD, NEW = bytes(1024), b"\1" * 1024
LOG = Recording(OLD * 2, (Write(0, NEW), Flush(), Mark(1, "h", 0), Write(1024, NEW)))


def test_what_was_flushed_is_in_every_image_and_the_rest_as_the_cut_left_it() -> None:
    seen = {image.left: image for image in cuts(LOG, 200, seed=1) if image.at == len(LOG.events)}
    assert seen[Left.NONE].disk == NEW + OLD
    assert seen[Left.ALL].disk == NEW + NEW
    assert {image.told for image in seen.values()} == {Mark(1, "h", 0)}


def test_a_cut_leaves_whole_sectors() -> None:
    images = [image.disk[1024:] for image in cuts(LOG, 300, seed=1) if image.at == len(LOG.events)]
    assert {(half[0], half[512]) for half in images} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert all(len(set(half[at : at + 512])) == 1 for half in images for at in (0, 512))


def test_one_seed_is_one_set_of_images() -> None:
    assert list(cuts(LOG, 20, seed=3)) == list(cuts(LOG, 20, seed=3))
