"""Whether a press counts: it was made on what is shown now, and on something that can be pressed."""

from kiosk.protocol.screen import Intent, Snapshot


def accepts(snapshot: Snapshot, intent: Intent) -> bool:
    """True for a press on the present screen (or overlay) and on one of its enabled controls.

    What is agreed to was on the screen: a control that agrees counts when the ui has shown all pages, and not before.
    A second tap of a double tap names a screen that is past, or a control that is gone, and is ignored.
    """
    if not snapshot.since <= intent.seq <= snapshot.seq:
        return False
    controls = snapshot.overlay.controls if snapshot.overlay else snapshot.controls + snapshot.bar
    pressed = next(
        (control for control in controls if control.id == intent.control and control.enabled), None
    )
    return pressed is not None and (intent.whole or not pressed.unseen)
