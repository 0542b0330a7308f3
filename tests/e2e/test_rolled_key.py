"""A clerk changes the sealing key while a machine serves: no enrolment, no restart, and what is sold is genuine."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.desk.ui_client import Errand
from kiosk.protocol.signed_list import load_list
from kiosk.protocol.trust import TrustList
from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE, lists_of, said_version
from kiosk.verifying.trusted import Trusted
from kiosk.verifying.verify import verify_file
from kiosk.worker.verify import Finding, verify
from tests.rig.desk import desk
from tests.rig.scene import Scene

pytestmark = pytest.mark.timeout(240)
ONE_PAGE = Errand(area="여의도동", place="", lot="60")
HEARD_WITHIN_S = 60  # a heartbeat, and a look


@pytest.fixture
def scene() -> Iterator[Scene]:
    with desk() as scene:
        yield scene


def central(scene: Scene, *words: str) -> None:
    command = [sys.executable, "-m", "central.cli", "keys", *words, "--data", str(scene.rig.run / "central")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def sold(scene: Scene, papers: set[Path]) -> Path:
    """A citizen buys; the one paper that is new."""
    scene.to_payment(ONE_PAGE)
    order = scene.open_order()
    scene.drop(500)
    scene.take_paper()
    assert scene.last_closed(order)["outcome"] == "DELIVERED"
    [paper] = set((scene.rig.out / "pdf").glob("*.pdf")) - papers
    return paper


def newest(scene: Scene) -> TrustList:
    return load_list(scene.rig.run / "central" / LIST_FILE, scene.rig.run / "pki" / ROOT_FILE)


def test_before_and_after_a_roll_and_a_revocation_papers_are_genuine_by_the_machines_own_list(
    scene: Scene,
) -> None:
    first = sold(scene, set())
    [old] = newest(scene).keys
    central(scene, "roll", "--from", "now")
    central(scene, "revoke", old.kid, "--since", "now")
    came = lists_of(scene.rig.run)[0]
    scene.until(lambda: said_version(came) == 3, "the newest list", HEARD_WITHIN_S)
    second = sold(scene, {first})
    root = scene.rig.run / "pki" / ROOT_FILE
    papers = (first, second)
    assert [verify_file(paper, Trusted((came,), root)) for paper in papers] == [0, 0]
    trust = load_list(came, root)
    without_old = msgspec.structs.replace(trust, keys=tuple(key for key in trust.keys if key.kid != old.kid))
    now = int(time.time())
    found = [verify(paper, without_old, now).finding for paper in papers]
    assert found == [Finding.UNKNOWN_ISSUER, Finding.CONTENTS_GENUINE]
    scene.books_meet()
