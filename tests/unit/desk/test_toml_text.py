"""Tables laid over each other, and written as a file: what is read from it is what was meant."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from kiosk.desk.toml_text import over, toml

NAMES = st.text("abc_", min_size=1, max_size=3)
NUMBERS = st.integers(-9, 9)
VALUES = NUMBERS | st.booleans() | st.text("a\"\\'시\n", max_size=4) | st.lists(NUMBERS, max_size=2)
TABLES = st.recursive(
    st.dictionaries(NAMES, VALUES, max_size=3),
    lambda inner: st.dictionaries(
        NAMES, VALUES | inner | st.lists(inner, min_size=1, max_size=2), max_size=3
    ),
    max_leaves=6,
)


@given(TABLES)
def test_any_tables_are_read_as_they_were_written(tables: dict[str, object]) -> None:
    assert tomllib.loads(toml(tables)) == tables


@given(TABLES, TABLES)
def test_what_is_laid_over_counts_and_the_rest_stays(
    below: dict[str, object], above: dict[str, object]
) -> None:
    both = over(below, above)
    assert over(both, above) == both
    assert both.keys() == below.keys() | above.keys()
    assert all(both[name] == value for name, value in above.items() if not isinstance(value, dict))
    assert all(both[name] == below[name] for name in below.keys() - above.keys())
