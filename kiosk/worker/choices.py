"""Whether what central offers to choose from can be shown: short printable texts, each thing with a key of its own."""

from typing import Final

from kiosk.protocol.central import Choice, Offered
from kiosk.worker.contents import printable
from kiosk.worker.refusals import Code, WorkError

MOST_OFFERED: Final = 400
_MOST_WHAT, _MOST_KEY, _MOST_LABEL, _MOST_DETAIL = 24, 64, 60, 100


def check_choice(choice: Choice) -> None:
    """Raises WorkError (data-invalid or text-unprintable; which place it is, never what stands there)."""
    if not (choice.what.isascii() and 0 < len(choice.what) <= _MOST_WHAT and printable(choice.what)):
        raise WorkError(Code.DATA_INVALID, "a choice among nothing that can be named")
    if not 0 < len(choice.offered) <= MOST_OFFERED:
        raise WorkError(Code.DATA_INVALID, f"not 1 to {MOST_OFFERED} things to choose from")
    keys = {offered.key for offered in choice.offered}
    if "" in keys or len(keys) != len(choice.offered):
        raise WorkError(Code.DATA_INVALID, "two things to choose from have one key, or one has none")
    for place, offered in enumerate(choice.offered):
        _check_offered(offered, f"offered[{place}].")


def _check_offered(offered: Offered, path: str) -> None:
    if not offered.label:
        raise WorkError(Code.DATA_INVALID, f"{path}label: empty")
    texts = (
        ("key", offered.key, _MOST_KEY),
        ("label", offered.label, _MOST_LABEL),
        ("detail", offered.detail, _MOST_DETAIL),
    )
    for name, text, most in texts:
        if len(text) > most:
            raise WorkError(Code.DATA_INVALID, f"{path}{name}: not a text of at most {most} characters")
        if not printable(text):
            raise WorkError(Code.TEXT_UNPRINTABLE, f"{path}{name}")
