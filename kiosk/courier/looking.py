"""What a look for a newer bundle can end with besides a bundle, as the rest of the courier knows it.

The look itself (repository.py) is loaded when one is due: its libraries are no part of a courier at rest.
"""

from typing import Final

NOTHING_NEWER: Final = "nothing-newer"


class TrialError(Exception):
    """A bundle could not be tried out to the end, so nothing is known of what its forms say.

    `code`: `not-tried` (this machine could not begin; the same bundle is tried again) or `trial-killed` (the sandbox
    ended it: it took too long, too much memory, or what it may not have).
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


NOT_TRIED: Final = "not-tried"
TRIAL_KILLED: Final = "trial-killed"
SAMPLES_DIFFER: Final = "samples-differ"


class LookError(Exception):
    """There is nothing to take: `code` as in protocol.courier.BundleLooked."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
