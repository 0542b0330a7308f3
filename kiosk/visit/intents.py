"""Whether a press counts: it was made on what is shown now, and on something that can be pressed."""

from kiosk.protocol.screen import Intent, Snapshot


def accepts(snapshot: Snapshot, intent: Intent) -> bool:
    """True for a press on the present screen (or overlay) and on one of its enabled controls.

    A second tap of a double tap names a screen that is past, or a control that is gone, and is ignored.
    """
    if not snapshot.since <= intent.seq <= snapshot.seq:
        return False
    controls = snapshot.overlay.controls if snapshot.overlay else snapshot.controls + snapshot.bar
    return any(control.id == intent.control and control.enabled for control in controls)
