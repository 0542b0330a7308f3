"""What a thread keeps alive while it waits: the local values of everything that it is in the middle of."""

import sys
import threading
from collections.abc import Iterator


def locals_of(name: str) -> Iterator[object]:
    """Of the thread of this name, from the innermost call outwards."""
    thread = next(each for each in threading.enumerate() if each.name == name)
    assert thread.ident is not None
    frame = sys._current_frames().get(thread.ident)
    while frame is not None:
        yield from frame.f_locals.values()
        frame = frame.f_back


def holds(name: str, words: bytes) -> bool:
    """Whether bytes with these words are among them."""
    return any(isinstance(value, bytes | bytearray) and words in value for value in locals_of(name))
