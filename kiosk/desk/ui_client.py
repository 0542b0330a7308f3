"""A person as core sees one: reads snapshots on ui.sock and presses controls. For benches and tests."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from kiosk.ipc.link import connect
from kiosk.protocol.screen import (
    SNAPSHOTS,
    Control,
    FrameShown,
    Intent,
    Role,
    ScreenName,
    SealedEntry,
    Snapshot,
)
from kiosk.visit.intents import accepts

_LOOK_AGAIN_S = 0.2
_PRESS_AGAIN_S = 5.0  # after a press of which nothing came


class UiClientError(Exception):
    """What was waited for did not come in time; the message has the screen that stood there instead."""


class UiClient:
    """One connection as the ui. Every wait is on snapshots as they come, with a deadline in seconds."""

    def __init__(self, run: Path) -> None:
        self._news = threading.Condition()
        self._snapshot: Snapshot | None = None
        self._link = connect(run / "sock" / "ui.sock", "ui", SNAPSHOTS)
        self.gone = threading.Event()
        self._link.start(self._heard, self.gone.set)

    def _heard(self, snapshot: Snapshot, _handed: object) -> None:
        with self._news:
            self._snapshot = snapshot
            self._news.notify_all()
        self._link.send(FrameShown(snapshot.seq))

    def close(self) -> None:
        """Walk away."""
        self._link.close()
        self.gone.set()

    def wait(self, wanted: Callable[[Snapshot], bool], what: str, within_s: float = 20.0) -> Snapshot:
        """The first snapshot from now on (the present one included) that `wanted` likes. Raises UiClientError."""
        with self._news:
            found = self._news.wait_for(
                lambda: self._snapshot is not None and wanted(self._snapshot), within_s
            )
            if not found or self._snapshot is None:
                raise UiClientError(
                    f"waited {within_s:.0f} s for {what}; there was {_describe(self._snapshot)}"
                )
            return self._snapshot

    def screen(self, *names: ScreenName, within_s: float = 20.0) -> Snapshot:
        """Wait for one of these screens."""
        return self.wait(lambda s: s.screen in names, " or ".join(names), within_s)

    def press(self, control: str, within_s: float = 20.0) -> Snapshot:
        """Wait until `control` can be pressed, press it, and return the first snapshot that came of it."""
        # Who reads snapshots has read all of it.
        before = self.wait(lambda s: _can_press(s, control), f"control {control}", within_s)
        self._link.send(Intent(before.seq, control, whole=True))
        return self.wait(lambda s: s.seq != before.seq, f"an answer to {control}", within_s)

    def ask_for(self, *errands: "Errand") -> Snapshot:
        """Walk from the first screen to the check screen of all these, pressing what a citizen would press."""
        self.press("start")
        for errand in errands[:-1]:
            self.choose(errand)
            self.press("add")
        self.choose(errands[-1])
        self.press("next")
        return self.screen(ScreenName.CHECK, ScreenName.TROUBLE)

    def choose(self, errand: "Errand") -> None:
        """From the choice of a certificate to the question about its contents, answered."""
        self.press_certificate(errand.type_code)
        self.press_labelled(errand.area)
        if errand.place:
            self.press_labelled(errand.place)
        for digit in errand.lot:
            self.press(f"key:{digit}" if digit != "-" else "key:dash")
        self.press("next")
        for option, choice in errand.options:
            self.press(f"option:{option}:{choice}")
        for _ in range(errand.copies - 1):
            self.press("copies:more")

    def press_certificate(self, code: str, within_s: float = 20.0) -> Snapshot:
        """Press its tile, wherever it stands: where groups are shown, the one that has it is looked for.

        Pressed again while nothing comes of it, as people do: a tile is closed for the moment in which one of its
        devices comes or goes, and a press in that moment is not heard.
        """
        tile, pressed = f"type:{code}", False

        def heard(snapshot: Snapshot) -> bool:
            return pressed and snapshot.screen is not ScreenName.CHOOSE

        def something_to_do(snapshot: Snapshot) -> bool:
            elsewhere = not _has(snapshot, tile) and bool(_open_groups(snapshot))
            return heard(snapshot) or _can_press(snapshot, tile) or elsewhere

        end = time.monotonic() + within_s
        while (left_s := end - time.monotonic()) > 0:
            shown = self.wait(something_to_do, f"{tile}, or groups", left_s)
            if heard(shown):
                return shown
            if _has(shown, tile):
                self._link.send(Intent(shown.seq, tile, whole=True))
                pressed = True
                with suppress(UiClientError):
                    return self.wait(heard, "what comes of it", min(_PRESS_AGAIN_S, left_s))
            # More than one round: a device that has just come up may bring it, and its group, meanwhile.
            elif not self._found_in_a_group(tile):
                # No snapshot tells of a change in a group that is not on the screen, so look again.
                time.sleep(_LOOK_AGAIN_S)
        raise UiClientError(
            f"{tile} was not heard within {within_s:.0f} s; there was {_describe(self._snapshot)}"
        )

    def _found_in_a_group(self, tile: str) -> bool:
        """Whether it is on the screen, after a look into each group that can be opened."""
        shown = self.wait(lambda s: bool(_open_groups(s)) or _has(s, tile), f"{tile}, or groups")
        for group in _open_groups(shown):
            self.press(group)
            shown = self.wait(lambda s: not _groups(s), f"what is in {group}")
            if _has(shown, tile):
                break
            self.press("back")
            shown = self.wait(lambda s: bool(_open_groups(s)), "the groups")
        return _has(shown, tile)

    def enter_pin(self, pin: str, within_s: float = 20.0) -> Snapshot:
        """Type a PIN as the ui does, sealed to whom the screen names, and return the first snapshot that came of it."""
        from kiosk.protocol.sealing import seal  # only who types PINs needs cryptography

        before = self.wait(lambda s: s.secret is not None and s.overlay is None, "the PIN's screen", within_s)
        if before.secret is None:
            raise UiClientError("the screen asks for no PIN")
        enter = next(control.id for control in before.controls if control.role is Role.PRIMARY)
        sealed = seal(before.secret.key, pin.encode(), before.secret.info)
        self._link.send(SealedEntry(before.seq, enter, sealed))
        return self.wait(lambda s: s.seq != before.seq, "an answer to the PIN", within_s)

    def press_labelled(self, label: str) -> None:
        """Press the control that shows `label`."""

        def there(snapshot: Snapshot) -> bool:
            return any(control.label == label and control.enabled for control in controls(snapshot))

        snapshot = self.wait(there, f"a control that says {label}")
        self.press(next(control.id for control in controls(snapshot) if control.label == label))


def _can_press(snapshot: Snapshot, control: str) -> bool:
    return accepts(snapshot, Intent(snapshot.seq, control, whole=True))


def _has(snapshot: Snapshot, control: str) -> bool:
    return any(one.id == control for one in snapshot.controls)


def _groups(snapshot: Snapshot) -> list[Control]:
    """The groups, where they come before the certificates; none can be opened while a device is not there."""
    return [one for one in snapshot.controls if one.group == "groups" and one.id.startswith("category:")]


def _open_groups(snapshot: Snapshot) -> list[str]:
    return [group.id for group in _groups(snapshot) if group.enabled]


class Errand(Struct, frozen=True):
    """What a citizen came for. `area` and, where it has several, `place` as the screen shows them, `lot` as typed
    (60, 12-3).
    """

    lot: str = "60"
    area: str = "여의도동"
    place: str = ""
    type_code: str = "land"
    copies: int = 1
    options: tuple[tuple[str, str], ...] = ()


def controls(snapshot: Snapshot) -> tuple[Control, ...]:
    """What can be pressed on a snapshot: the overlay's controls, or the screen's and the bar's."""
    return snapshot.overlay.controls if snapshot.overlay else snapshot.controls + snapshot.bar


def _describe(snapshot: Snapshot | None) -> str:
    if snapshot is None:
        return "no screen at all"
    overlay = f" under {snapshot.overlay.name}" if snapshot.overlay else ""
    pressable = ", ".join(control.id for control in controls(snapshot) if control.enabled)
    return f"{snapshot.screen}{overlay} «{snapshot.title}» {snapshot.code} with {pressable}"
