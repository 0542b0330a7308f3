"""What a look for a newer bundle can end with besides a bundle, as the rest of the courier knows it.

The look itself (repository.py) is loaded when one is due: its libraries are no part of a courier at rest.
"""

from typing import Final

NOTHING_NEWER: Final = "nothing-newer"


class LookError(Exception):
    """There is nothing to take: `code` as in protocol.courier.BundleLooked."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
