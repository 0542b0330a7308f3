"""The next citizen sees the first screen as if nobody had been there: no pixel and no hidden word of the last visit."""

from collections.abc import Iterator

import pytest
from PIL import Image, ImageChops
from PySide6.QtGui import QFont, QImage
from PySide6.QtQuick import QQuickItem

from kiosk.commands.screens import every_screen
from kiosk.protocol.screen import ScreenName, Snapshot
from tests.slices import those
from tests.ui.looking import Eye
from ui import bridge

# The edges of letters are drawn a little darker or lighter, by which letters were drawn before; of 255.
SHADE = 16
SCREENS = {name: snapshot for name, snapshot in every_screen() if name.startswith("ko/")}
FIRST = SCREENS["ko/attract"]
LAST = [name for name, snapshot in SCREENS.items() if snapshot.screen is not ScreenName.ATTRACT]
FIRST_OF_ITS_KIND = {snapshot.screen: name for name, snapshot in reversed(SCREENS.items())}
Seen = tuple[Image.Image, set[str]]


def seen(eye: Eye) -> Seen:
    """What is on the glass, and every text that any item holds, on the glass or not."""
    picture = eye.picture().convertToFormat(QImage.Format.Format_RGB888)
    size, line = (picture.width(), picture.height()), picture.bytesPerLine()
    image = Image.frombytes("RGB", size, bytes(picture.constBits()), "raw", "RGB", line)
    return image, set(texts(eye.glass.window.contentItem()))


def texts(item: QQuickItem) -> Iterator[str]:
    for name in ("text", "label", "value", "words", "note", "detail"):
        held = item.property(name)
        if isinstance(held, str) and held:
            yield held
    for child in item.childItems():
        yield from texts(child)


def differ(one: Image.Image, other: Image.Image) -> bool:
    """Whether an eye could tell them apart anywhere."""
    bands = ImageChops.difference(one, other).getextrema()
    return any(most > SHADE for _, most in bands)  # type: ignore[misc]  # RGB: a pair for each band


def particulars(snapshot: Snapshot) -> set[str]:
    """What a screen says of what somebody wants, and of their money."""
    said = {row.value for row in snapshot.rows} | {row.note for row in snapshot.rows}
    return (said | {field.value for field in snapshot.fields} | {snapshot.code}) - {""}


def tells_most(name: str) -> bool:
    """Whether it says something of somebody, or is the first of its kind: those are in `make test`."""
    snapshot = SCREENS[name]
    return bool(particulars(snapshot)) or FIRST_OF_ITS_KIND[snapshot.screen] == name


@pytest.fixture(scope="module")
def fresh(eye: Eye) -> Seen:
    """The first screen of a machine that nobody has touched."""
    eye.show(FIRST)
    return seen(eye)


@pytest.mark.parametrize("name", those(tells_most, LAST, pytest.mark.fits))
def test_after_the_end_no_pixel_and_no_hidden_word_of_a_screen_is_left(
    name: str, eye: Eye, fresh: Seen
) -> None:
    eye.show(SCREENS[name])
    during, _ = seen(eye)
    eye.show(FIRST)
    picture, held = seen(eye)
    assert differ(during, fresh[0])
    assert not differ(picture, fresh[0])
    assert not (particulars(SCREENS[name]) - fresh[1]) & held


def test_words_that_were_measured_are_forgotten_with_the_visit(eye: Eye, fresh: Seen) -> None:
    eye.show(SCREENS["ko/check"])
    eye.glass.bridge.widthOf("홍*동", QFont())
    assert bridge._width_of.cache_info().currsize > 0
    eye.show(FIRST)
    assert bridge._width_of.cache_info().currsize == 0
