"""The typesetting child: warm before anybody asks, and replaced while somebody waits."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from kiosk.worker.press import ENVIRONMENT, Press
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import RenderJob
from kiosk.worker.screens import pair_of
from kiosk.worker.typesetter import AHEAD, MAX_REQUEST_BYTES
from tests.authority import FORMS, payload_for, sample, seal_for

DATA = sample()
JOB = RenderJob("land/1", DATA, payload_for(DATA), seal_for(DATA))


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """A copy of the forms that a test may break."""
    return Path(shutil.copytree(FORMS, tmp_path / "forms"))


@pytest.fixture
def press(forms: Path) -> Iterator[Press]:
    press = Press(forms)
    yield press
    press.close()


def kill(press: Press) -> None:
    assert press.pid is not None
    os.kill(press.pid, signal.SIGKILL)


def test_after_a_death_the_waiting_document_comes_from_a_new_child_and_is_the_same(press: Press) -> None:
    before = press.render(JOB)
    first = press.pid
    kill(press)
    with pytest.raises(WorkError) as refused:
        press.render(JOB)
    assert refused.value.code == Code.RENDER_FAILED
    assert press.render(JOB) == before
    assert press.pid != first


def test_a_child_that_is_waited_for_reads_no_form_but_the_documents(press: Press, forms: Path) -> None:
    before = press.render(JOB)
    press.close()
    shutil.rmtree(forms / "forest")
    (forms / "farmland" / "type.toml").write_text("=", "utf-8")
    assert press.render(JOB) == before
    with pytest.raises(WorkError) as refused:
        press.render(RenderJob("farmland/1", {}))
    assert refused.value.code == Code.TEMPLATE_UNKNOWN
    with pytest.raises(WorkError) as refused:
        press.render(RenderJob("../1", {}))
    assert refused.value.code == Code.TEMPLATE_UNKNOWN


def test_a_child_that_is_started_ahead_has_read_all_forms_before_it_is_ready(forms: Path) -> None:
    (forms / "farmland" / "type.toml").write_text("=", "utf-8")
    press = Press(forms)
    assert press.pid is not None
    os.waitid(
        os.P_PID, press.pid, os.WEXITED | os.WNOWAIT
    )  # it takes no ground any more, and its answer counts
    with pytest.raises(WorkError) as refused:
        press.ready()
    assert refused.value.code == Code.TEMPLATE_FAULT
    press.close()


def test_the_machines_own_screens_are_under_its_pages(press: Press, forms: Path) -> None:
    other = Press(forms, pair_of("2/6 4/20"))
    assert other.render(JOB) != press.render(JOB)
    other.close()


@pytest.mark.parametrize(
    ("pair", "what"),
    [("2/8 4/24", "took too long"), ("1/2 9/18", "takes nothing")],
    ids=["fits the pipe", "larger than the pipe"],
)
def test_a_child_that_hangs_before_it_has_read_its_ground_is_given_up_in_time(
    pair: str, what: str, forms: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.worker.press.START_DEADLINE_S", 0.3)
    with closing(Press(forms, pair_of(pair))) as press:
        assert press.pid is not None
        os.kill(press.pid, signal.SIGSTOP)
        with pytest.raises(WorkError, match=what) as refused:
            press.ready()
        assert refused.value.code == Code.RENDER_FAILED
        assert press.pid is None, "it was killed"


def test_a_child_that_hangs_while_a_document_is_sent_to_it_is_given_up_in_time(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.ready()
    assert press.pid is not None
    os.kill(press.pid, signal.SIGSTOP)
    monkeypatch.setattr("kiosk.worker.press.RENDER_DEADLINE_S", 0.3)
    with pytest.raises(WorkError, match="takes nothing") as refused:
        press.render(msgspec.structs.replace(JOB, data={**DATA, "more than a pipe holds": "x" * 200_000}))
    assert refused.value.code == Code.RENDER_FAILED
    assert press.pid is None, "it was killed"


def test_a_child_whose_ground_is_too_large_to_be_one_says_nothing_and_ends(press: Press) -> None:
    """It does not take the rest of it for documents."""
    assert press.ready()
    child = subprocess.Popen(
        press.command(AHEAD), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT
    )
    said, _ = child.communicate((MAX_REQUEST_BYTES + 1).to_bytes(4, "big") + bytes(64), timeout=30)
    assert (said, child.returncode) == (b"", 1)
