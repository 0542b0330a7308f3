"""How long a citizen waits: last coin to ISSUE?, and ISSUE? to the first byte at the printer (2 sheets)."""

import json
from pathlib import Path

from kiosk.bench.bar import Bar, percentile
from kiosk.bench.footprint import machine, pause
from kiosk.desk.desk_machine import DeskMachine
from kiosk.desk.ui_client import Errand, UiClient, controls
from kiosk.ledger.ledger import Ledger, Stamp
from kiosk.protocol.screen import ScreenName

ORDERS = 12
# The next citizen takes at least this long to step up; the next worker warms up meanwhile.
BETWEEN_CITIZENS_S = 3.0
LIMIT_MS = 500.0
TWO_SHEETS = Errand(area="영등포동", place="영등포동4가", lot="118", options=(("history", "all"),))


def measure() -> list[Bar]:
    """Serve ORDERS citizens with a document of two sheets, on real wires."""
    with machine(None) as rig:
        rig.until((rig.run / "sock" / "ui.sock").exists, 30, "core's screen")
        hand = UiClient(rig.run)
        for _ in range(ORDERS):
            pause(BETWEEN_CITIZENS_S)
            _serve(rig, hand)
        hand.close()
        log = (rig.run / "log" / "core.log").read_text("utf-8")
        rig.stop()
        to_intent = _last_coin_to_intent(rig.run / "ledger" / "ledger.db")
    first = [float(row["since_intent_ms"]) for row in notes(log) if row["event"] == "first-byte"]
    if len(first) != ORDERS or len(to_intent) != ORDERS:
        raise ValueError(f"{ORDERS} orders were asked for; {len(first)} reached the printer")
    return [
        _bar("ISSUE? row → first byte at the printer, 2 sheets, p95", first),
        _bar("last coin → ISSUE?, p95", to_intent),
    ]


def _bar(what: str, samples: list[float]) -> Bar:
    return Bar(what, percentile(samples, 0.95), LIMIT_MS, "ms", spread(samples))


def _serve(rig: DeskMachine, hand: UiClient) -> None:
    hand.screen(ScreenName.ATTRACT, within_s=30)
    checked = hand.ask_for(TWO_SHEETS)
    if checked.screen is not ScreenName.CHECK:
        raise ValueError(f"the bench's citizen was refused: {checked.title} {checked.code}")
    hand.press("pay")
    hand.screen(ScreenName.PAY)
    rig.until(lambda: rig.sim(do="coin", value=500)["coin"] == "accepted", 20, "the coin to be taken")
    rig.until(lambda: rig.sim(do="take")["sheets"], 30, "paper")
    leave(hand)


def leave(hand: UiClient) -> None:
    """Press whatever ends the visit until the first screen is there."""
    while (snapshot := hand.wait(lambda _: True, "a screen")).screen is not ScreenName.ATTRACT:
        end = next((c.id for c in controls(snapshot) if c.id in ("done", "skip") and c.enabled), "")
        if end:
            hand.press(end)
        else:
            pause(0.05)


def _last_coin_to_intent(file: Path) -> list[float]:
    """By the journal's own monotonic stamps: the credit row that met the fee, and the intent row after it."""
    ledger = Ledger(file, lambda: Stamp("", 0, 0))
    spans, coin_ms = [], 0
    for row in ledger.journal():
        if row.kind == "credit":
            coin_ms = row.mono_ms
        elif row.kind == "issue-intent":
            spans.append(float(row.mono_ms - coin_ms))
    ledger.close()
    return spans


def notes(log: str) -> list[dict[str, str]]:
    """The lines of core's log."""
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


def spread(samples: list[float]) -> str:
    """How many samples, and what is usual among them."""
    apart = f"{len(samples)} orders, citizens {BETWEEN_CITIZENS_S:.0f} s apart"
    return f"{apart}, median {percentile(samples, 0.5):.0f}, worst {max(samples):.0f}"
