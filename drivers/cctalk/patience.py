"""How long an answer on the bus is waited for.

All devices share one wire, so the time that a dead one is waited for is taken from the coins. An address that was
silent is asked the same question again for a short time only; now and then it gets its full time, since it may be slow.
"""

from msgspec import Struct

from drivers.cctalk.frames import Frame

ANSWER_S = 0.25
QUIET_S = 0.06
FULL_EVERY = 16
# A device that has answered before is given so many times the longest that it took.
_SLOWER = 2.0


class Silence(Struct, frozen=True):
    """What an address has not answered, and how many times in a row."""

    question: Frame
    count: int


class Patience:
    """What each address is given, from what it has answered so far."""

    def __init__(self) -> None:
        self._silences: dict[int, Silence] = {}
        self._slowest_s: dict[int, float] = {}

    def of(self, question: Frame) -> float:
        """How long the answer to `question` is waited for, in seconds from its last byte on.

        Another question than the one that was not answered gets its full time: a late answer to that one, heard as an
        answer to this one, would be believed.
        """
        silence = self._silences.get(question.dest)
        if silence is None or silence.question != question or silence.count % FULL_EVERY == 0:
            return ANSWER_S
        return min(max(QUIET_S, _SLOWER * self._slowest_s.get(question.dest, 0.0)), ANSWER_S)

    def silent(self, dest: int) -> bool:
        """Whether the last question to that address was not answered."""
        return dest in self._silences

    def unanswered(self, question: Frame) -> None:
        """The device at that address has said nothing."""
        silence = self._silences.get(question.dest)
        before = silence.count if silence is not None and silence.question == question else 0
        self._silences[question.dest] = Silence(question, before + 1)

    def answered(self, dest: int, took_s: float) -> None:
        """The device at that address has said something, so long after the question's last byte."""
        self._silences.pop(dest, None)
        self._slowest_s[dest] = max(took_s, self._slowest_s.get(dest, 0.0))
