"""A list changes in place: what QML's repeaters see is what was put, and rows that stay are not made anew."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt

from ui.rows import Rows

ROWS = st.lists(st.tuples(st.integers(0, 8), st.text(max_size=2)), max_size=9, unique_by=lambda row: row[0])


class Mirror:
    """Follows a list by its signals only, as a repeater does. Each row carries the number of its delegate."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.delegates: list[int] = []
        self.made = 0
        self.shown: list[tuple[object, ...]] = []
        rows.rowsInserted.connect(self._insert)
        rows.rowsRemoved.connect(self._remove)
        rows.dataChanged.connect(self._change)

    def _read(self, row: int) -> tuple[object, ...]:
        index = self._rows.index(row)
        return tuple(self._rows.data(index, role) for role in sorted(self._rows.roleNames()))

    def _insert(self, _parent: QModelIndex, first: int, last: int) -> None:
        for row in range(first, last + 1):
            self.made += 1
            self.delegates.insert(row, self.made)
            self.shown.insert(row, self._read(row))

    def _remove(self, _parent: QModelIndex, first: int, last: int) -> None:
        del self.delegates[first : last + 1]
        del self.shown[first : last + 1]

    def _change(self, first: QModelIndex, last: QModelIndex, _roles: list[int]) -> None:
        for row in range(first.row(), last.row() + 1):
            self.shown[row] = self._read(row)


@given(st.lists(ROWS, min_size=1, max_size=4))
def test_a_follower_of_the_signals_always_sees_what_was_put(states: list[list[tuple[int, str]]]) -> None:
    rows = Rows(("key", "label"))
    mirror = Mirror(rows)
    for state in states:
        rows.put(state)
        assert mirror.shown == state == rows.rows()
        assert rows.rowCount() == len(state)


@given(ROWS, st.data())
def test_with_the_same_keys_no_delegate_is_made_anew(
    state: list[tuple[int, str]], data: st.DataObject
) -> None:
    rows = Rows(("key", "label"))
    mirror = Mirror(rows)
    rows.put(state)
    before = list(mirror.delegates)
    rows.put([(key, data.draw(st.text(max_size=2))) for key, _label in state])
    assert mirror.delegates == before


def test_columns_have_the_names_that_qml_asks_for() -> None:
    assert sorted(bytes(name.data()) for name in Rows(("key", "label")).roleNames().values()) == [
        b"key",
        b"label",
    ]
    assert min(Rows(("key",)).roleNames()) == Qt.ItemDataRole.UserRole
