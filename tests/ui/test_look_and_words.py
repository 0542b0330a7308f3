"""What holds for the QML files as they are written, and for what a screen reader is told."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface

from kiosk.protocol.screen import PICTOGRAMS
from tests.ui.looking import Eye
from tests.ui.samples import LANGUAGES, MAKERS, sample
from ui import own_words, qml_types
from ui.pictograms import ACCENT, FILL, FOLDER, LINE

ROOT = Path(__file__).resolve().parents[2]
QML = sorted((ROOT / "ui" / "qml").rglob("*.qml"))
SHOWN = re.compile(r"\b(?:text|words|label|title|Accessible\.(?:name|description))\s*:\s*(.*)")
BANNED = (
    "ShaderEffect",
    "MultiEffect",
    "QtQuick.Effects",
    "QtQuick.Particles",
    "layer.enabled",
    "Flickable",
    "PinchHandler",
)
COLOUR = re.compile(r'"#[0-9a-f]{6}"')
WITH_COLOURS = {"Theme.qml", "Block.qml", "Pictogram.qml"}
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def test_there_are_files_to_look_at() -> None:
    assert len(QML) > 20


@pytest.mark.parametrize("file", QML, ids=lambda file: str(file.name))
def test_no_file_has_words_of_its_own(file: Path) -> None:
    source = file.read_text("utf-8")
    assert not re.search(r"[가-힣]", source)
    for shown in SHOWN.findall(source):
        for literal in LITERAL.findall(shown):
            plain = re.sub(r"\\u[0-9a-f]{4}|\\n|\$1", "", literal)
            assert not re.search(r"[A-Za-z]", plain), f"{file.name}: {literal!r}"


@pytest.mark.parametrize("file", QML, ids=lambda file: str(file.name))
def test_no_file_uses_what_misleads_or_what_the_software_renderer_lacks(file: Path) -> None:
    source = file.read_text("utf-8")
    assert not re.search(r"property\s+\S+\s+on[A-Z]", source), "QML would take it for a signal handler"
    for banned in BANNED:
        assert banned not in source
    assert not re.search(
        r"\b(NumberAnimation|PropertyAnimation|RotationAnimator|Behavior\s+on|Transition)\b", source
    )


def test_colours_are_named_in_one_place() -> None:
    stray = {file.name for file in QML if COLOUR.search(file.read_text("utf-8"))}
    assert stray <= WITH_COLOURS


def test_every_pictogram_of_the_contract_is_drawn_in_our_three_colours() -> None:
    for name in PICTOGRAMS:
        drawing = (FOLDER / f"{name}.svg").read_text("utf-8")
        colours = set(re.findall(r"#[0-9a-fA-F]{3,8}", drawing))
        assert colours <= {LINE, FILL, ACCENT}, name


def test_what_qmllint_is_told_is_what_qt_knows() -> None:
    assert qml_types.FILE.read_text("utf-8") == qml_types.text()


def test_qmllint_finds_nothing() -> None:
    lint = Path(sys.executable).with_name("pyside6-qmllint")
    done = subprocess.run(
        [lint, "-W", "0", "-I", ROOT / "ui" / "qml", "-I", ROOT / "ui" / "types", *QML],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_screens_own_words_are_there_in_every_language() -> None:
    assert set(own_words.languages()) >= set(LANGUAGES)
    for words in own_words.languages().values():
        assert "{page}" in words.page
        assert "{total}" in words.page
    assert own_words.in_language("nobody's").waiting == own_words.in_language("ko").waiting


def children(node: QAccessibleInterface) -> list[QAccessibleInterface]:
    found = []
    for at in range(node.childCount()):
        child = node.child(at)
        if child is not None and not child.state().invisible:
            found += [child, *children(child)]
    return found


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_a_screen_reader_finds_the_heading_and_a_name_for_all_that_can_be_pressed(
    eye: Eye, name: str
) -> None:
    QAccessible.setActive(True)
    snapshot = sample(name, "ko")
    eye.show(snapshot)
    root = QAccessible.queryAccessibleInterface(eye.glass.window)
    nodes = children(root)
    headings = [n.text(QAccessible.Text.Name) for n in nodes if n.role() == QAccessible.Role.Heading]
    assert (snapshot.overlay or snapshot).title in headings
    buttons = [n for n in nodes if n.role() == QAccessible.Role.Button]
    shown = {words.item.property("label") for words in eye.controls()}
    assert {n.text(QAccessible.Text.Name) for n in buttons} >= shown
    assert all(n.text(QAccessible.Text.Name) for n in buttons)
