"""A citizen who pays with notes at the whole machine, and what became of them."""

from kiosk.desk.ui_client import Errand
from tests.rig.scene import Scene


def to_payment(scene: Scene) -> str:
    """At the payment screen, with notes taken; the order's name."""
    scene.to_payment(Errand())
    scene.until(lambda: scene.rig.sim(do="state")["note"]["accepting"], "the open note slot")
    return scene.open_order()


def offer(scene: Scene, value: int) -> None:
    """Put a note in; it is drawn in."""
    scene.until(lambda: scene.rig.sim(do="note", value=value)["note"] == "held", f"{value} KRW drawn in")


def in_the_stacker(scene: Scene) -> int:
    """The truth, in KRW."""
    return sum(note["value"] for note in scene.rig.sim(do="truth")["truth"]["notes_in"])


def ended(scene: Scene, order: str) -> tuple[str, int, int, int, int]:
    """Outcome, credit, fee, paid, claim."""
    closed = scene.last_closed(order)
    return closed["outcome"], closed["credit"], closed["fee"], closed["paid"], closed["claim"]
