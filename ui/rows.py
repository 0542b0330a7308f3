"""A list for QML that changes in place: rows that stay keep their delegates, and so the keyboard its focus."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QByteArray, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
Values = tuple[Any, ...]


class Rows(QAbstractListModel):
    """Rows of plain values. The first column is the key that tells which row is still the same one."""

    def __init__(self, names: Sequence[str], parent: QObject | None = None) -> None:
        """`names` are the columns, as QML sees them."""
        super().__init__(parent)
        self._names = {Qt.ItemDataRole.UserRole + at: name for at, name in enumerate(names)}
        self._rows: list[Values] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default and name)
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def roleNames(self) -> dict[int, QByteArray]:
        """The columns by Qt's number."""
        return {role: QByteArray(name.encode()) for role, name in self._names.items()}

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One value."""
        return self._rows[index.row()][role - Qt.ItemDataRole.UserRole]

    def rows(self) -> list[Values]:
        """What it holds now."""
        return self._rows

    def put(self, rows: Sequence[Values]) -> None:
        """Take `rows` with the fewest changes: one run of other keys is replaced, all others stay and are updated."""
        old, new = self._rows, list(rows)
        if old == new:
            return
        head = _alike(old, new)
        tail = _alike(old[head:][::-1], new[head:][::-1])
        if head + tail < len(old):
            self.beginRemoveRows(QModelIndex(), head, len(old) - tail - 1)
            del old[head : len(old) - tail]
            self.endRemoveRows()
        if head + tail < len(new):
            self.beginInsertRows(QModelIndex(), head, len(new) - tail - 1)
            old[head:head] = new[head : len(new) - tail]
            self.endInsertRows()
        for at, (was, now) in enumerate(zip(old, new, strict=True)):
            if was != now:
                old[at] = now
                roles = [role for role, a, b in zip(self._names, was, now, strict=True) if a != b]
                self.dataChanged.emit(self.index(at), self.index(at), roles)


def _alike(a: Sequence[Values], b: Sequence[Values]) -> int:
    """How many rows from the start have the same keys."""
    same = 0
    for left, right in zip(a, b, strict=False):
        if left[0] != right[0]:
            break
        same += 1
    return same
