"""How long who has a card waits: card in to identified, typing the PIN apart; ISSUE? to the first byte of a 등본."""

import json
import time

from kiosk.bench.bar import Bar, percentile
from kiosk.bench.footprint import machine, pause
from kiosk.bench.issuing import BETWEEN_CITIZENS_S, LIMIT_MS, ORDERS, leave, notes, spread
from kiosk.desk.desk_machine import DeskMachine, card_service_trouble
from kiosk.desk.ui_client import UiClient
from kiosk.protocol.screen import ScreenName

IDENTIFIED_LIMIT_MS = 800.0
# Whose past addresses fill a second sheet.
CITIZEN = "citizen-2"
SHEETS = 2


def measure() -> list[Bar]:
    """Serve ORDERS citizens with their household's register, two sheets, on real wires."""
    direct = bool(card_service_trouble())
    with machine(None, card_reader=True, direct_cards=direct) as rig:
        rig.until((rig.run / "sock" / "ui.sock").exists, 30, "core's screen")
        pin = json.loads((rig.run / "sim" / "cards" / f"{CITIZEN}.json").read_text("utf-8"))["pin"]
        hand = UiClient(rig.run)
        seen = []
        for _ in range(ORDERS):
            pause(BETWEEN_CITIZENS_S)
            seen.append(_serve(rig, hand, pin))
        hand.close()
        log = notes((rig.run / "log" / "core.log").read_text("utf-8"))
    known = [float(row["since_pin_ms"]) for row in log if row["event"] == "identified"]
    first = [float(row["since_intent_ms"]) for row in log if row["event"] == "first-byte"]
    if len(known) != ORDERS or len(first) != ORDERS:
        raise ValueError(
            f"{ORDERS} citizens came; {len(known)} were identified, {len(first)} got to the printer"
        )
    whole = [sum(both) for both in zip(seen, known, strict=True)]
    service = "without a card service" if direct else "pcscd looks each 400 ms"
    parts = f"to the PIN {percentile(seen, 0.5):.0f}, after it {percentile(known, 0.5):.0f}"
    detail = f"{spread(whole)}; {parts}; {service}"
    return [
        Bar(
            "card in → identified, without the PIN's typing, p95",
            percentile(whole, 0.95),
            IDENTIFIED_LIMIT_MS,
            "ms",
            detail,
        ),
        Bar(
            "등본: ISSUE? row → first byte, 2 sheets, p95",
            percentile(first, 0.95),
            LIMIT_MS,
            "ms",
            spread(first),
        ),
    ]


def _serve(rig: DeskMachine, hand: UiClient, pin: str) -> float:
    """One visit; milliseconds from the card in the slot to the question for its PIN."""
    hand.screen(ScreenName.ATTRACT, within_s=30)
    hand.press("start")
    hand.press_certificate("resident-household")
    for control in ("option:past_addresses:all", "next"):
        hand.press(control)
    hand.screen(ScreenName.IDENTIFY)
    began = time.monotonic()
    rig.sim(do="card", card=CITIZEN)
    hand.wait(lambda s: s.secret is not None, "the question for the PIN")
    seen_ms = (time.monotonic() - began) * 1000
    hand.enter_pin(pin)
    checked = hand.screen(ScreenName.CHECK, ScreenName.TROUBLE)
    if checked.screen is not ScreenName.CHECK:
        raise ValueError(f"the bench's citizen was refused: {checked.title} {checked.code}")
    rig.sim(do="card", pull=True)
    hand.press("pay")
    hand.screen(ScreenName.PAY)
    for _ in range(2):
        rig.until(lambda: rig.sim(do="coin", value=100)["coin"] == "accepted", 20, "the coin to be taken")
    sheets = rig.until(lambda: rig.sim(do="take")["sheets"], 30, "paper")
    if len(sheets) != SHEETS:
        raise ValueError(f"{len(sheets)} sheets came out; the bar is for {SHEETS}")
    leave(hand)
    return seen_ms
