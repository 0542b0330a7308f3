"""The one object between core and QML: the snapshot as read-only properties, presses as intents.

Everything here runs in the Qt thread but `arrive` and `lose`, which the wire's thread calls.
"""

import gc
from collections.abc import Callable
from enum import Enum
from functools import cache, lru_cache
from math import ceil

import msgspec
from PySide6.QtCore import Property, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtQml import QmlElement, QmlSingleton, qmlEngine

from kiosk.protocol.screen import BAR_IDS, Control, Display, FrameShown, Intent, ScreenName, Snapshot
from ui import own_words, pin
from ui.page import CONTROL, SHORT, Page, control_row
from ui.panel import Panel
from ui.panel import load as load_panel
from ui.reading import Reading
from ui.rows import Rows

QML_IMPORT_NAME = "Changgu"
QML_IMPORT_MAJOR_VERSION = 1

NEVER = -1
SWEEP_AGAIN_MS = 1_000
NOBODY_HERE = (ScreenName.ATTRACT, ScreenName.OUT_OF_SERVICE)


class Family(Enum):
    """The typeface of each language, by what its readers expect of the glyphs."""

    PRETENDARD = "Pretendard"
    KOREAN = "Noto Sans CJK KR"
    JAPANESE = "Noto Sans CJK JP"
    CHINESE = "Noto Sans CJK SC"


def family(lang: str, has_pretendard: bool) -> str:
    """The typeface for a language tag."""
    by_script = {"ja": Family.JAPANESE, "zh": Family.CHINESE}
    latin_or_hangul = Family.PRETENDARD if has_pretendard else Family.KOREAN
    return by_script.get(lang.partition("-")[0], latin_or_hangul).value


@QmlElement
@QmlSingleton
class Bridge(QObject):
    """What QML sees of core. `applied` follows each snapshot when all of it is in place."""

    displayed = Signal()
    placed = Signal()
    screenChanged = Signal()
    overlayChanged = Signal()
    applied = Signal()
    shown = Signal()
    busyChanged = Signal()
    _arrived = Signal(object)
    _lost = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.panel: Panel = load_panel("27-portrait")
        self.has_pretendard = True
        self.send: Callable[[msgspec.Struct], None] = lambda message: None
        self.snapshot = own_words.waiting(Display(), "", "", "")
        self.shown_seq = NEVER
        self.shown_snapshot = self.snapshot
        self._page = Page(self)
        self._sheet = Page(self)
        self._bar = Rows(CONTROL, self)
        self._pin = pin.Pin()
        self._reading = Reading()
        self._busy = False
        self._visited = False
        self._again = QTimer(self, singleShot=True, interval=SWEEP_AGAIN_MS)
        self._again.timeout.connect(self._sweep)
        self._overlay = ""
        self._screen = ""
        self._arrived.connect(self.apply, Qt.ConnectionType.QueuedConnection)
        self._lost.connect(self._show_waiting, Qt.ConnectionType.QueuedConnection)

    # ---- from the wire ---------------------------------------------------------------------------------------------

    def arrive(self, snapshot: Snapshot) -> None:
        """A snapshot came; called by the wire's thread."""
        self._arrived.emit(snapshot)

    def lose(self, why: str) -> None:
        """Core is gone; called by the wire's thread."""
        self._lost.emit(why)

    @Slot(object)
    def apply(self, snapshot: Snapshot) -> None:
        """Show this snapshot. A new screen begins with empty lists, so that nothing of the old one is drawn in it."""
        before, self.snapshot = self.snapshot, snapshot
        self._pin.follow(snapshot)
        self._reading.follow(snapshot)
        self._page.most = self._sheet.most = self._letters_of_a_note(snapshot.display)
        self._set_busy(True)
        if snapshot.display != before.display or not self._screen:
            self.displayed.emit()
        if (snapshot.site, snapshot.machine, snapshot.help_phone) != (
            before.site,
            before.machine,
            before.help_phone,
        ):
            self.placed.emit()
        if self._screen != snapshot.screen.value:
            self._page.clear()
            self._screen = snapshot.screen.value
            self.screenChanged.emit()
        self._show_page()
        self._bar.put([control_row(each) for each in _in_place(snapshot.bar)])
        self._apply_overlay(snapshot)
        self.applied.emit()
        self._set_busy(False)

    def _letters_of_a_note(self, display: Display) -> int:
        """What surely stands on one page: less on a lying panel, and of large letters, which take room both ways."""
        room = 2 if self.panel.width_px > self.panel.height_px else 8
        return max(SHORT, room * SHORT * 100**2 // display.text_scale**2)

    def _show_page(self) -> None:
        secret = self.snapshot.secret
        typed = {secret.field: self._own().typed.format(count=self._pin.count)} if secret else {}
        self._page.show(self._reading.drawn(self._pin.drawn(self.snapshot)), typed)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.busyChanged.emit()

    def _apply_overlay(self, snapshot: Snapshot) -> None:
        name = snapshot.overlay.name if snapshot.overlay else ""
        if name != self._overlay:
            self._sheet.clear()
            self._overlay = name
            self.overlayChanged.emit()
        if snapshot.overlay:
            self._sheet.show(snapshot.overlay)

    @Slot(str)
    def _show_waiting(self, why: str) -> None:
        last = self.snapshot
        self.shown_seq = NEVER
        self.apply(own_words.waiting(last.display, last.site, last.machine, last.help_phone))

    @Slot()
    def frame_shown(self) -> None:
        """A frame is on the glass: from now on presses are meant for it."""
        self._reading.frame(self.snapshot)
        if self.shown_seq != self.snapshot.seq:
            self.shown_seq = self.snapshot.seq
            self.shown_snapshot = self.snapshot
            if self.shown_seq:
                self.send(FrameShown(self.shown_seq))
            self.shown.emit()
            self._pin.get_ready()
            self._forget_the_last()

    def _forget_the_last(self) -> None:
        """Nobody is here any more: let go of what is kept of the last visit, now and once more.

        Items of the last screens are deleted in the event loop's own time; what they held is swept up after that.
        """
        if self.shown_snapshot.screen not in NOBODY_HERE:
            self._visited = True
        elif self._visited:
            self._visited = False
            self._sweep()
            self._again.start()

    @Slot()
    def _sweep(self) -> None:
        """Drop the words kept for speed, Python's cycles and QML's: a word that no object holds is overwritten when it
        is freed (kiosk/environment.py), one in a cycle is not freed before it is swept up.
        """
        _width_of.cache_clear()
        gc.collect()
        engine = qmlEngine(self)
        if engine is not None:
            engine.collectGarbage()

    # ---- from QML --------------------------------------------------------------------------------------------------

    @Slot(str)
    def press(self, control: str) -> None:
        """A press, meant for the frame that was on the glass. The keys of a PIN are used here and named to nobody."""
        if any(pin.is_key(control, each) for each in (self.snapshot, self.shown_snapshot)):
            # As core does it: what was pressed before this screen was on the glass was not meant for it.
            if self.shown_seq >= self.snapshot.since:
                self._pin.strike(control)
                self._show_page()
        elif pin.leads(control, self.snapshot):
            entry = self._pin.hand_over(control, self.shown_seq)
            self._show_page()
            if entry is not None:
                self.send(entry)
        else:
            whole = self.shown_seq >= self.snapshot.since and self._reading.agrees(self.snapshot, control)
            self.send(Intent(self.shown_seq, control, whole=whole))

    @property
    def whole(self) -> bool:
        """Whether every page of this screen was on the glass."""
        return self._reading.whole

    @Slot(int, int)
    def laid(self, page: int, pages: int) -> None:
        """The screen (not a sheet over it) is laid out, on this page (from 0) of so many."""
        self._reading.laid(page, pages)
        self._show_page()

    @Slot(int, int, result=str)
    def pageText(self, page: int, total: int) -> str:
        """Where in a long list the person is, for the ear."""
        return self._own().page.format(page=page, total=total)

    @Slot(str, QFont, result=int)
    def widthOf(self, text: str, font: QFont) -> int:
        """How many pixels wide these words are on one line."""
        if not text:
            return 0
        return _width_of(text, font.family(), max(1, font.pixelSize()), font.weight())

    def _own(self) -> own_words.OwnWords:
        return own_words.in_language(self.snapshot.display.lang)

    @Property(bool, notify=busyChanged)
    def busy(self) -> bool:
        """A snapshot is being put in place; what costs much waits for the end."""
        return self._busy

    @Property(str, notify=screenChanged)
    def screen(self) -> str:
        """A ScreenName."""
        return self._screen

    @Property(str, notify=overlayChanged)
    def overlay(self) -> str:
        """The overlay's name; empty without one."""
        return self._overlay

    @Property(Page, constant=True)
    def page(self) -> Page:
        """The screen's content."""
        return self._page

    @Property(Page, constant=True)
    def sheet(self) -> Page:
        """The overlay's content."""
        return self._sheet

    @Property(QObject, constant=True)
    def bar(self) -> QObject:
        """The controls that are always at the same place."""
        return self._bar

    @Property(str, notify=placed)
    def site(self) -> str:
        """Where the machine stands."""
        return self.snapshot.site

    @Property(str, notify=placed)
    def machine(self) -> str:
        """The machine's name."""
        return self.snapshot.machine

    @Property(str, notify=placed)
    def helpPhone(self) -> str:
        """Whom to call."""
        return self.snapshot.help_phone

    @Property(str, notify=applied)
    def announce(self) -> str:
        """What is said aloud when the screen begins."""
        return self.snapshot.announce

    @Property(int, notify=applied)
    def since(self) -> int:
        """The seq at which this screen or overlay began."""
        return self.snapshot.since

    @Property(int, notify=applied)
    def began(self) -> int:
        """The seq at which this screen began, whatever lay over it since."""
        return self.snapshot.began or self.snapshot.since

    @Property(str, notify=displayed)
    def moreText(self) -> str:
        """The button to the next page of a long list."""
        return self._own().more

    @Property(str, notify=displayed)
    def earlierText(self) -> str:
        """The button back."""
        return self._own().earlier

    @Property(str, notify=displayed)
    def family(self) -> str:
        """The typeface."""
        return family(self.snapshot.display.lang, self.has_pretendard)

    @Property(int, notify=displayed)
    def textScale(self) -> int:
        """Percent."""
        return self.snapshot.display.text_scale

    @Property(bool, notify=displayed)
    def highContrast(self) -> bool:
        """Black, white and yellow only."""
        return self.snapshot.display.high_contrast

    @Property(bool, notify=displayed)
    def lowReach(self) -> bool:
        """All controls in the lower part."""
        return self.snapshot.display.low_reach

    @Property(int, constant=True)
    def panelWidth(self) -> int:
        """Pixels."""
        return self.panel.width_px

    @Property(int, constant=True)
    def panelHeight(self) -> int:
        """Pixels."""
        return self.panel.height_px

    @Property(float, constant=True)
    def pxPerMm(self) -> float:
        """Pixels a millimetre."""
        return self.panel.px_per_mm

    @Property(int, constant=True)
    def outOfReach(self) -> int:
        """Pixels from the top in which nothing may be pressed."""
        return self.panel.out_of_reach_px


@lru_cache(maxsize=1024)
def _width_of(text: str, family: str, pixels: int, weight: QFont.Weight) -> int:
    # A pixel more than the sum of the letters: what is drawn is rounded.
    return ceil(_metrics(family, pixels, weight).horizontalAdvance(text)) + 1


@cache
def _metrics(family: str, pixels: int, weight: QFont.Weight) -> QFontMetricsF:
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return QFontMetricsF(font)


def _in_place(bar: tuple[Control, ...]) -> list[Control]:
    """The bar's controls in the order of their places; one that has none comes last."""
    places = {name: at for at, name in enumerate(BAR_IDS)}
    return sorted(bar, key=lambda control: places.get(control.id, len(places)))
