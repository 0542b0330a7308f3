"""The typesetting child: warm before anybody asks, and replaced while somebody waits."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.worker.press import Press
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import RenderJob
from kiosk.worker.screens import pair_of
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
    with pytest.raises(WorkError) as refused:
        press.ready()
    assert refused.value.code == Code.TEMPLATE_FAULT
    press.close()


def test_the_machines_own_screens_are_under_its_pages(press: Press, forms: Path) -> None:
    other = Press(forms, pair_of("2/6 4/20"))
    assert other.render(JOB) != press.render(JOB)
    other.close()
