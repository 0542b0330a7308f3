"""What can be wrong between a card and its reader, as the control socket sets it (simulators/README.md lists it)."""

from dataclasses import dataclass

_BAD_ATR = b"\x3b\xff\x00"


@dataclass
class CardFaults:
    """Faults of the reader's contacts: they stay until others are set, whichever card is in; `pull_at` happens once.

    `keep_bytes`: answers are cut to so many. `slow_seconds`: each answer comes so much later. `status`: all commands
    are answered with this status word, and not carried out. `pull_at`: the instruction byte during which the card
    is pulled (-1: any), carried out and unanswered.
    """

    mute: bool = False
    slow_seconds: float = 0.0
    keep_bytes: int | None = None
    status: int | None = None
    bad_atr: bool = False
    pull_at: int | None = None

    @property
    def name(self) -> str:
        """Which fault it is, as the control socket calls it; `none` when all is well."""
        found = {
            "mute": self.mute,
            "slow": self.slow_seconds > 0,
            "truncate": self.keep_bytes is not None,
            "status": self.status is not None,
            "atr": self.bad_atr,
            "pull": self.pull_at is not None,
        }
        return next((name for name, set_ in found.items() if set_), "none")

    def pulls(self, apdu: bytes) -> bool:
        """Whether the card is pulled during this command; only once."""
        hit = self.pull_at is not None and (self.pull_at < 0 or apdu[1:2] == bytes((self.pull_at,)))
        if hit:
            self.pull_at = None
        return hit

    def atr(self, atr: bytes) -> bytes:
        """The answer to reset as the reader gets it."""
        return _BAD_ATR if self.bad_atr else atr

    def damaged(self, answer: bytes) -> bytes:
        """The answer as the reader gets it: never empty, which would be no answer at all."""
        return answer if self.keep_bytes is None else answer[: max(1, self.keep_bytes)]
