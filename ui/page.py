"""What one screen, or the sheet over it, shows: texts as properties, everything that repeats as lists."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.protocol.screen import Control, Field, Money, Overlay, Role, Row, Snapshot
from ui.rows import Rows

QML_IMPORT_NAME = "Changgu"
QML_IMPORT_MAJOR_VERSION = 1

CONTROL = ("controlId", "kind", "label", "detail", "note", "pictogram", "group", "usable", "chosen", "unseen")
FIELD = ("fieldId", "label", "value", "placeholder", "unit", "active", "error", "spoken")
ROW = ("rowKey", "label", "value", "strong", "note")
STEP = ("label", "progress")
SUM = ("sumKey", "label", "value", "strong")
LINE = ("label",)
ACTIONS = (Role.PRIMARY, Role.SECONDARY, Role.DANGER, Role.NAVIGATION)
NOTHING: Mapping[str, str] = MappingProxyType({})
# So many letters of a note are no more than a page holds, whatever the panel and the size of letters.
SHORT = 55
# Between the entries of a list in one line.
LIST = " · "
HEADED = (Role.CHOICE, Role.STEPPER, Role.TILE, Role.TAB)


def control_row(control: Control) -> tuple[Any, ...]:
    """One control as a row of CONTROL."""
    return (
        control.id,
        control.role.value,
        control.label,
        control.detail,
        control.note,
        control.icon,
        control.group,
        control.enabled,
        control.selected,
        control.unseen,
    )


def _field_row(field: Field, spoken: str = "") -> tuple[Any, ...]:
    return (
        field.id,
        field.label,
        field.value,
        field.placeholder,
        field.unit,
        field.active,
        field.error,
        spoken,
    )


def _summary(rows: tuple[Row, ...], most: int) -> list[tuple[Any, ...]]:
    """A row for each, and more for a note that is longer than `most` letters: a row stands on one page."""
    found: list[tuple[Any, ...]] = []
    for at, row in enumerate(rows):
        first, *others = _parts(row.note, most)
        # Two rows may have one label (two copies of a certificate), so the place is part of the key.
        found.append((f"{at} {row.label}", row.label, row.value, row.strong, first))
        found += [(f"{at} {row.label} {more}", "", "", row.strong, part) for more, part in enumerate(others)]
    return found


def _parts(note: str, most: int) -> list[str]:
    """A long note in pieces, none torn in its words; of a list between its entries."""
    joint = LIST if LIST in note else " "
    parts = [""]
    for piece in note.split(joint):
        longer = f"{parts[-1]}{joint}{piece}" if parts[-1] else piece
        if parts[-1] and _letters(longer) > most:
            parts.append(piece)
        else:
            parts[-1] = longer
    return parts


def _letters(text: str) -> int:
    """How long it is; a Hangul syllable is as wide as two letters."""
    return sum(1 if letter.isascii() else 2 for letter in text)


def _sums(money: Money) -> list[tuple[Any, ...]]:
    """What was asked for and is in, and what goes back. What is missing is the screen's big number."""
    sums = [
        ("fee", money.fee_label, money.fee_text, False),
        ("inserted", money.inserted_label, money.inserted_text, True),
        ("change", money.change_label, money.change_text, False),
    ]
    return [row for row in sums if row[2]]


class Texts(Struct, frozen=True):
    """What stands on a screen once."""

    title: str = ""
    sentence: str = ""
    tone: str = ""
    pictogram: str = ""
    code: str = ""
    missing_label: str = ""
    missing_text: str = ""


@QmlElement
@QmlUncreatable("made by Bridge")
class Page(QObject):  # type: ignore[operator] # PySide types the decorator above wrongly
    """The content of a Snapshot or of its Overlay. `changed` follows every change of a text."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.most = SHORT
        """Letters of a note that one row holds."""
        self._texts = Texts()
        self._remaining = -1
        self._share = -1.0
        self._asks = False
        self._controls = Rows(CONTROL, self)
        self._actions = Rows(CONTROL, self)
        self._fields = Rows(FIELD, self)
        self._headings = Rows(FIELD, self)
        self._rows = Rows(ROW, self)
        self._steps = Rows(STEP, self)
        self._sums = Rows(SUM, self)
        self._coins = Rows(LINE, self)
        self._banknotes = Rows(LINE, self)
        self._notices = Rows(LINE, self)

    def show(self, shown: Snapshot | Overlay, spoken: Mapping[str, str] = NOTHING) -> None:
        """Take a snapshot's or an overlay's content, with the fewest changes.

        `spoken` has, by the field's id, what the ear is told where the eye sees only dots.
        """
        if isinstance(shown, Snapshot):
            self._take_snapshot(shown, spoken)
        else:
            self._put_controls(shown.controls, shown.fields, spoken)
            self._rows.put(_summary(shown.rows, self.most))
            self._take_texts(
                Texts(title=shown.title, sentence=shown.lead, tone=shown.tone, pictogram=shown.pictogram)
            )
        remaining = -1 if shown.remaining_s is None else shown.remaining_s
        asks = bool(shown.fields)
        if (remaining, asks) != (self._remaining, self._asks):
            self._remaining, self._asks = remaining, asks
            self.changed.emit()

    def clear(self) -> None:
        """Let go of every row, so that the next screen begins with none of them."""
        for rows in (self._controls, self._actions, self._fields, self._headings, self._rows):
            rows.put(())
        for rows in (self._steps, self._sums, self._coins, self._banknotes, self._notices):
            rows.put(())

    def _take_snapshot(self, shown: Snapshot, spoken: Mapping[str, str]) -> None:
        self._put_controls(shown.controls, shown.fields, spoken)
        self._rows.put(_summary(shown.rows, self.most))
        self._steps.put([(step.label, step.state) for step in shown.steps])
        self._notices.put([(text,) for text in shown.notices])
        money = shown.money
        self._coins.put([(text,) for text in money.coins] if money else ())
        self._banknotes.put([(text,) for text in money.notes] if money else ())
        self._sums.put(_sums(money) if money else ())
        self._share = min(1.0, money.inserted / money.fee) if money and money.fee else -1.0
        self._take_texts(
            Texts(
                title=shown.title,
                sentence=shown.sentence,
                tone=shown.tone,
                pictogram=shown.pictogram,
                code=shown.code,
                missing_label=money.missing_label if money else "",
                missing_text=money.missing_text if money else "",
            )
        )

    def _put_controls(
        self, controls: tuple[Control, ...], fields: tuple[Field, ...], spoken: Mapping[str, str]
    ) -> None:
        self._controls.put([control_row(each) for each in controls if each.role not in ACTIONS])
        self._actions.put([control_row(each) for each in controls if each.role in ACTIONS])
        headed = {each.group for each in controls if each.role in HEADED}
        self._fields.put(
            [_field_row(each, spoken.get(each.id, "")) for each in fields if each.id not in headed]
        )
        self._headings.put([_field_row(each) for each in fields if each.id in headed])

    def _take_texts(self, texts: Texts) -> None:
        if texts != self._texts:
            self._texts = texts
            self.changed.emit()

    @Property(str, notify=changed)
    def title(self) -> str:
        """The question, or what is happening."""
        return self._texts.title

    @Property(str, notify=changed)
    def sentence(self) -> str:
        """The one thing to do or to know."""
        return self._texts.sentence

    @Property(str, notify=changed)
    def tone(self) -> str:
        """A Tone."""
        return self._texts.tone

    @Property(str, notify=changed)
    def pictogram(self) -> str:
        """A name of PICTOGRAMS."""
        return self._texts.pictogram

    @Property(str, notify=changed)
    def code(self) -> str:
        """The support code of a trouble."""
        return self._texts.code

    @Property(str, notify=changed)
    def missingLabel(self) -> str:
        """What the big number is."""
        return self._texts.missing_label

    @Property(str, notify=changed)
    def missingText(self) -> str:
        """The sum still to be paid; empty when nothing is asked for."""
        return self._texts.missing_text

    @Property(float, notify=changed)
    def share(self) -> float:
        """How much of the fee is in, 0 to 1; -1 when nothing is asked for."""
        return self._share

    @Property(bool, notify=changed)
    def asks(self) -> bool:
        """Whether there is something to fill in."""
        return self._asks

    @Property(int, notify=changed)
    def remaining(self) -> int:
        """Seconds left; -1 without a limit."""
        return self._remaining

    @Property(QObject, constant=True)
    def controls(self) -> QObject:
        """What can be pressed, but for the actions."""
        return self._controls

    @Property(QObject, constant=True)
    def actions(self) -> QObject:
        """The primary one and those beside it."""
        return self._actions

    @Property(QObject, constant=True)
    def fields(self) -> QObject:
        """What is filled in by the keypad."""
        return self._fields

    @Property(QObject, constant=True)
    def headings(self) -> QObject:
        """What stands over a group of controls."""
        return self._headings

    @Property(QObject, constant=True)
    def rows(self) -> QObject:
        """The summary."""
        return self._rows

    @Property(QObject, constant=True)
    def steps(self) -> QObject:
        """What the machine did, does and will do."""
        return self._steps

    @Property(QObject, constant=True)
    def sums(self) -> QObject:
        """The sums beside the big one."""
        return self._sums

    @Property(QObject, constant=True)
    def coins(self) -> QObject:
        """The coins that are taken."""
        return self._coins

    @Property(QObject, constant=True)
    def banknotes(self) -> QObject:
        """The notes that are taken."""
        return self._banknotes

    @Property(QObject, constant=True)
    def notices(self) -> QObject:
        """Small facts."""
        return self._notices
