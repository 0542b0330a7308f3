"""A PIN between the keys and its seal: the only place in this program that knows its digits.

What Python leaves behind, honestly: the digits lie in one bytearray of fixed room, which is overwritten when they are
forgotten, and they are sealed from there without a copy of ours. Not overwritten are the id of each pressed key
("pin:7"), a str that is freed after the press, and what the sealing library copies for itself. They are gone when the
allocator uses their memory again, or with this process.
"""

import logging
from typing import cast

import msgspec

from kiosk.protocol.screen import Role, SealedEntry, Secret, Snapshot

DOT = "●"
DIGITS = "0123456789"
DELETE = "delete"

log = logging.getLogger("ui")


def is_key(control: str, snapshot: Snapshot) -> bool:
    """Whether this is a KEY of a snapshot with a Secret: a press of it must not leave this program."""
    if snapshot.secret is None:
        return False
    return any(each.id == control and each.role is Role.KEY for each in snapshot.controls)


def leads(control: str, snapshot: Snapshot) -> bool:
    """Whether a press of this control hands the PIN over. Under an overlay none does."""
    if snapshot.secret is None or snapshot.overlay is not None:
        return False
    return any(each.id == control and each.role is Role.PRIMARY for each in snapshot.controls)


class Pin:
    """What was typed for the Secret of the snapshot that `follow` saw last."""

    def __init__(self) -> None:
        self._secret: Secret | None = None
        self._asked: object = None
        self._digits = bytearray()
        self._count = 0

    @property
    def count(self) -> int:
        """How many digits there are."""
        return self._count

    @property
    def enough(self) -> bool:
        """Whether they can be handed over."""
        return self._secret is not None and self._secret.least <= self._count <= self._secret.most

    def follow(self, snapshot: Snapshot) -> None:
        """Go on with the same screen and attempt; forget all digits with any other, and when nothing is asked."""
        asked = (snapshot.since, snapshot.secret, snapshot.overlay is None)
        if asked == self._asked:
            return
        self.forget()
        self._asked, self._secret = asked, snapshot.secret
        # All the room at once: a bytearray that grows leaves its old contents behind. Under an overlay there is none.
        room = snapshot.secret.most if snapshot.secret and snapshot.overlay is None else 0
        self._digits = bytearray(room)

    def forget(self) -> None:
        """Overwrite every digit."""
        self._digits[:] = bytes(len(self._digits))
        self._count = 0

    def strike(self, key: str) -> None:
        """One KEY: a digit is added if there is room, "delete" takes the last one away; any other does nothing."""
        name = key.rpartition(":")[2]
        if name == DELETE and self._count > 0:
            self._count -= 1
            self._digits[self._count] = 0
        elif len(name) == 1 and name in DIGITS and self._count < len(self._digits):
            self._digits[self._count] = ord(name)
            self._count += 1

    def hand_over(self, control: str, seq: int) -> SealedEntry | None:
        """The entry for a press of `control` on frame `seq`; the digits are forgotten with it. None with too few."""
        if self._secret is None or not self.enough:
            return None
        # Loaded with the first PIN only: it costs memory that a visit without one has no use for.
        from kiosk.protocol.sealing import SealingError, seal

        try:
            with memoryview(self._digits)[: self._count] as digits:
                # `seal` only reads, and reads any buffer; real bytes would be a copy that can't be overwritten.
                return SealedEntry(
                    seq, control, seal(self._secret.key, cast("bytes", digits), self._secret.info)
                )
        except SealingError as error:
            log.error("a PIN could not be sealed: %s", error)
            return None
        finally:
            self.forget()

    def get_ready(self) -> None:
        """Load what seals, while there is time: with the first PIN's screen on the glass, before anybody has typed."""
        if self._secret is not None:
            import kiosk.protocol.sealing  # noqa: F401 (loaded for `hand_over`)

    def drawn(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot as it is shown: a dot for each digit, the PRIMARY enabled when there are enough."""
        secret = self._secret
        if secret is None:
            return snapshot
        fields = tuple(
            msgspec.structs.replace(each, value=DOT * self._count) if each.id == secret.field else each
            for each in snapshot.fields
        )
        controls = tuple(
            msgspec.structs.replace(each, enabled=each.enabled and self.enough)
            if each.role is Role.PRIMARY
            else each
            for each in snapshot.controls
        )
        return msgspec.structs.replace(snapshot, fields=fields, controls=controls)
