"""TOML that was parsed once in this process is not parsed again: each test that opens an office reads a hundred files.

Whoever reads gets an object of their own, as from the parser.
"""

import pickle
import tomllib
from collections.abc import Callable
from typing import Any

_PARSE = tomllib.loads


def install() -> None:
    """From here on, in the whole process."""
    tomllib.loads = parsed_once()


def parsed_once() -> Callable[..., dict[str, Any]]:
    """What takes the place of tomllib.loads. Text that is none is refused by the parser each time."""
    known: dict[str, bytes] = {}

    def loads(text: str, /, **how: Any) -> dict[str, Any]:
        if how or not isinstance(text, str):
            return _PARSE(text, **how)
        if text not in known:
            known[text] = pickle.dumps(_PARSE(text), pickle.HIGHEST_PROTOCOL)
        found: dict[str, Any] = pickle.loads(known[text])  # noqa: S301  (pickled above)
        return found

    return loads
