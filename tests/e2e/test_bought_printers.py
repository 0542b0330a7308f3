"""Visits to machines with a printer that can be bought: it sells and is proved, or says before the fee why it can't."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

import pytest

from kiosk.desk.ui_client import Errand
from kiosk.order.policies import REASONS
from kiosk.protocol.screen import ScreenName
from kiosk.words.words import load
from simulators.printer_model import bought
from tests.rig import snmp_agent
from tests.rig.desk import HASTY, desk
from tests.rig.scene import Scene

pytestmark = pytest.mark.timeout(180)
KYOCERA = "kyocera-m2040dn"
NO_PDF, NO_COUNT, NO_SIDE = "no-pdf", "no-sheet-count", "no-one-sided"
# Each bought printer, and cheaper ones of ours: why nothing is sold on it; "": it sells.
PRINTERS: Mapping[str | Sequence[str], str] = {
    KYOCERA: "",
    "xerox-b235": NO_PDF,
    "brother-j5320dw": NO_PDF,
    "epson-xp6000": NO_PDF,
    "hp-6830": NO_PDF,
    ("printer-sheet-count", "printer-job-count"): NO_COUNT,
    ("printer-one-side",): NO_SIDE,
}


def test_there_is_a_row_for_each_of_them() -> None:
    assert set(bought()) <= set(PRINTERS)
    assert set(PRINTERS.values()) <= {*REASONS.values(), ""}


@pytest.mark.parametrize("printer", PRINTERS, ids=str)
def test_a_visit_is_sold_and_proved_or_the_screen_says_before_the_fee_why_not(
    printer: str | Sequence[str],
) -> None:
    model, lacks = (printer, ()) if isinstance(printer, str) else ("", printer)
    with desk(printer=model, lacks=lacks) as scene:
        if not PRINTERS[printer]:
            sold_and_proved(scene)
            return
        why = load("ko").texts[f"reason.{PRINTERS[printer]}"]
        scene.hand.wait(
            lambda s: s.screen is ScreenName.OUT_OF_SERVICE and any(why in row.value for row in s.rows),
            f"why nothing is sold: {why}",
            within_s=60,
        )
        assert scene.rig.sim(do="state")["coin"]["accepting"] == []


def sold_and_proved(scene: Scene) -> None:
    scene.to_payment(Errand())
    order = scene.open_order()
    scene.drop(500)
    assert scene.take_paper() >= 1
    assert scene.last_closed(order)["outcome"] == "DELIVERED"
    scene.books_meet()


@pytest.mark.plain_user
@pytest.mark.parametrize(
    "asked",
    [
        False,
        pytest.param(True, marks=pytest.mark.skipif(bool(snmp_agent.WHY_NOT), reason=snmp_agent.WHY_NOT)),
    ],
)
def test_a_power_cut_while_it_prints_costs_nobody_money(asked: bool) -> None:
    with ExitStack() as stack:
        scene = stack.enter_context(desk(printer=KYOCERA, settings=HASTY))
        if asked:
            agent = stack.enter_context(snmp_agent.agent(scene.rig.run / "sim" / "printer.json"))
            told = f'[printer]\nsnmp = "{snmp_agent.COMMUNITY}"\nsnmp_port = {agent.port}'
            file = scene.rig.run / "kiosk.toml"
            file.write_text(file.read_text("utf-8").replace("[printer]", told), "utf-8")
            scene.rig.power_cut()
            scene.rig.power_on()
        scene.to_payment(Errand())
        order = scene.open_order()
        scene.drop(500)
        intent = scene.until(
            lambda: next(
                (
                    r["body"]
                    for r in scene.journal()
                    if r["kind"] == "print-intent" and r["body"]["order"] == order
                ),
                None,
            ),
            "PRINT?",
        )
        assert intent.get("pages_remembered", True) is asked
        assert intent["job"] > 0
        scene.rig.power_cut()
        scene.rig.power_on()
        closed = scene.last_closed(order)
        assert closed["claim"] == 500
        # Without a count for life nobody knows whether a sheet came out that is not inside: a person looks.
        assert closed["outcome"] in (("CLAIM",) if asked else ("CLAIM", "DISPUTED"))
        if closed["outcome"] == "CLAIM":
            scene.books_meet()
        else:
            scene.until(lambda: "order-disputed" in alarms_of(scene, order), "the case at central")


def alarms_of(scene: Scene, order: str) -> set[str]:
    """The alarms that central has about an order."""
    return {alarm["code"] for alarm in scene.rig.central_export()["alarms"] if alarm["subject"] == order}
