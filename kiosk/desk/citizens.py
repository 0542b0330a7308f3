"""The demo's citizens, one function each: what they want, what they do, and how it must end."""

from collections.abc import Callable

from kiosk.desk.autopilot import Autopilot
from kiosk.desk.desk_machine import DeskMachineError

Citizen = Callable[[Autopilot], None]


def exact_fee(pilot: Autopilot) -> None:
    """토지대장 of 여의도동 60, one copy, paid with the one coin that it costs."""
    say(pilot, "1: 토지대장, 여의도동 60, one copy, 500 KRW exactly (ko)")
    with pilot.timeline.step("exact: choose"):
        from_the_start_to_lot_60(pilot)
    to_the_fee(pilot, "exact")
    with pilot.timeline.step("exact: pay"):
        pilot.coin(500)
        pilot.see("issuing")
    paper(pilot, "exact", 1)
    leave(pilot, "exact")


def with_change(pilot: Autopilot) -> None:
    """A lot whose whole history takes more than one sheet, in English, paid with too much."""
    say(pilot, "2: Land Register, Yeongdeungpo-dong 4-ga 118 with its history, several sheets, overpaid (en)")
    with pilot.timeline.step("overpaid: choose"):
        pilot.see("attract")
        pilot.press("start:en")
        pilot.suffix = "-en"
        parcel(pilot, "land", ["Yeongdeungpo-dong", "Yeongdeungpo-dong 4-ga"], "118")
        pilot.press("option:history:all")
        pilot.press("next")
    to_the_fee(pilot, "overpaid")
    with pilot.timeline.step("overpaid: pay"):
        for value in (100, 100, 500):
            pilot.coin(value)
        pilot.see("issuing")
    paper(pilot, "overpaid", 2)
    leave(pilot, "overpaid")
    pilot.suffix = ""


def cancels(pilot: Autopilot) -> None:
    """Somebody who thinks better of it with money in, and gets all of it back."""
    say(pilot, "3: cancels with 200 of 500 KRW in, and gets them back (ko)")
    with pilot.timeline.step("cancel: choose"):
        pilot.see("attract")
        pilot.press("start")
        parcel(pilot, "forest", ["신길동"], "12")
        pilot.press("next")
    to_the_fee(pilot, "cancel")
    with pilot.timeline.step("cancel: pay and stop"):
        pilot.coin(100)
        pilot.coin(100)
        pilot.press("cancel")
        pilot.see("pay", "leave", overlay="leave")
        pilot.press("leave")
    leave(pilot, "cancel")


def jam(pilot: Autopilot) -> None:
    """The sheet jams; nobody comes to mend it; the fee goes back."""
    say(pilot, "4: the sheet jams, the fee goes back (ko)")
    with pilot.timeline.step("jam: choose"):
        from_the_start_to_lot_60(pilot)
    to_the_fee(pilot, "jam")
    with pilot.timeline.step("jam: pay and refund"):
        pilot.mischief("the next sheet will jam", do="jam", sheet=1)
        pilot.coin(500)
        pilot.see("issuing")
        pilot.see("trouble", "trouble-jam", within_s=40)
        pilot.mischief("somebody pulls the stuck sheet out", do="unjam")
    leave(pilot, "jam")


def identified(pilot: Autopilot) -> None:
    """Somebody with an identity card: the register of their own household and that of a lot, in one payment."""
    say(pilot, "5: 주민등록표 등본 with card and PIN, and 토지대장, 700 KRW in one payment (ko)")
    with pilot.timeline.step("identified: choose"):
        pilot.see("attract")
        pilot.press("start")
        pilot.press("category:resident")
        pilot.see("choose", "choose-with-card", control="type:resident-household")
        pilot.press("type:resident-household")
        pilot.see("options", "options-household", control="option:past_addresses:all")
        pilot.press("option:past_addresses:all")
        pilot.press("add")
        pilot.see("choose", "choose-with-basket", control="go-on")
        parcel(pilot, "land", ["여의도동"], "60")
        pilot.press("next")
        pilot.see("identify", "identify-insert")
    with pilot.timeline.step("identified: card and PIN"):
        pin = pilot.insert_card("citizen-2")
        pilot.see("identify", "identify-pin", control="pin:1")
        pilot.enter_pin(pin)
    with pilot.timeline.step("identified: draft"):
        pilot.see("check", "check-two", control="pay")
        pilot.pull_card()
        pilot.press("pay")
        pay_in_cash(pilot)
        pilot.keep("pay-two")
    with pilot.timeline.step("identified: pay"):
        for value in (500, 100, 100):
            pilot.coin(value)
    paper(pilot, "identified, household", 2)
    paper(pilot, "identified, lot", 1)
    leave(pilot, "identified")


def with_a_note(pilot: Autopilot) -> None:
    """The smallest note for a fee of half of it: the change comes in coins."""
    say(pilot, "6: 토지대장, paid with a note of 1,000 KRW, 500 KRW come back (ko)")
    with pilot.timeline.step("note: choose"):
        from_the_start_to_lot_60(pilot)
    to_the_fee(pilot, "note")
    with pilot.timeline.step("note: pay"):
        pilot.note(1_000)
    paper(pilot, "note", 1)
    leave(pilot, "note")


def by_card(pilot: Autopilot) -> None:
    """Held on the card first, charged once the paper is in the hand."""
    say(pilot, "7: 토지대장, paid by card, 500 KRW (ko)")
    with pilot.timeline.step("card: choose"):
        from_the_start_to_lot_60(pilot)
    with pilot.timeline.step("card: draft"):
        pilot.see("check", control="pay")
    with pilot.timeline.step("card: agree and pay"):
        pilot.press("pay")
        pilot.choose_to_pay("card")
        pilot.hold_payment_card()
        pilot.keep("pay-card")
    paper(pilot, "card", 1)
    leave(pilot, "card")


def newcomer(pilot: Autopilot) -> None:
    """The same person, for a certificate that this machine did not have a minute ago."""
    say(pilot, "8: 가족관계증명서, which has just come to this machine, 500 KRW (ko)")
    with pilot.timeline.step("newcomer: choose"):
        pilot.see("attract")
        pilot.press("start")
        pilot.press("category:family")
        pilot.see("choose", "choose-newcomer", control="type:family-relation")
        pilot.press("type:family-relation")
        pilot.see("options", "options-family", control="next")
        pilot.press("next")
    card(pilot, "newcomer", "citizen-2")
    pilot.see("check", control="pay")
    pilot.pull_card()
    to_the_fee(pilot, "newcomer")
    with pilot.timeline.step("newcomer: pay"):
        pilot.coin(500)
    paper(pilot, "newcomer", 1)
    leave(pilot, "newcomer")


def free(pilot: Autopilot) -> None:
    """A certificate that costs nothing: no coin is asked for, and none is taken."""
    say(pilot, "9: 납세증명서 (국세), free, in English (ko)")
    with pilot.timeline.step("free: choose"):
        pilot.see("attract")
        pilot.press("start")
        pilot.press("category:tax")
        pilot.see("choose", control="type:national-tax-clearance")
        pilot.press("type:national-tax-clearance")
        pilot.see("options", "options-free", control="option:language:en")
        pilot.press("option:language:en")
        pilot.press("next")
    card(pilot, "free", "citizen-2")
    with pilot.timeline.step("free: agree"):
        pilot.see("check", "check-free", control="pay")
        pilot.pull_card()
        pilot.press("pay")
    paper(pilot, "free", 1)
    leave(pilot, "free")


# --- parts of a visit -------------------------------------------------------------------------------------------------


def say(pilot: Autopilot, what: str) -> None:
    """Announce a citizen."""
    pilot.timeline.say("citizen", what, "bold")


def from_the_start_to_lot_60(pilot: Autopilot) -> None:
    """토지대장 of 여의도동 60, from the first screen to the draft."""
    pilot.see("attract")
    pilot.press("start")
    parcel(pilot, "land", ["여의도동"], "60")
    pilot.press("next")


def parcel(pilot: Autopilot, kind: str, places: list[str], number: str) -> None:
    """Choose the certificate and say for which lot; ends on the question about its contents."""
    pilot.see("choose")
    pilot.open_group("parcel")
    pilot.see("choose", "choose-land", control=f"type:{kind}")
    pilot.press(f"type:{kind}")
    lot(pilot, places, number)
    pilot.see("options", "options-content", control="copies:more")


def lot(pilot: Autopilot, places: list[str], number: str) -> None:
    """Say of which lot: area, place where there are several, number."""
    for depth, place in enumerate(places):
        pilot.see("options", ("options-area", "options-place")[depth])
        pilot.choose(place)
    pilot.see("options", "options-lot", control="key:1")
    pilot.type(number)
    pilot.press("next")


def card(pilot: Autopilot, name: str, who: str) -> None:
    """Show a card and type its PIN."""
    with pilot.timeline.step(f"{name}: card and PIN"):
        pilot.see("identify")
        pin = pilot.insert_card(who)
        pilot.see("identify", control="pin:1")
        pilot.enter_pin(pin)


def to_the_fee(pilot: Autopilot, name: str) -> None:
    """Wait for the draft, agree to it; ends with the coin slot's screen."""
    with pilot.timeline.step(f"{name}: draft"):
        pilot.see("check", control="pay")
    with pilot.timeline.step(f"{name}: agree"):
        pilot.press("pay")
        pay_in_cash(pilot)


def pay_in_cash(pilot: Autopilot) -> None:
    """To the slots for coins and notes; a machine that takes cards asks first how."""
    if pilot.takes_cards:
        pilot.choose_to_pay("cash")
    pilot.see("pay", control="cancel")


def paper(pilot: Autopilot, name: str, at_least: int) -> None:
    """Take the paper, which should be so many sheets or more. Raises DeskMachineError."""
    with pilot.timeline.step(f"{name}: print and take"):
        pilot.see("take", control="more-time", within_s=30)
        taken = pilot.take()
    if taken < at_least:
        raise DeskMachineError(f"{taken} sheets came out instead of {at_least} or more")


def leave(pilot: Autopilot, name: str) -> None:
    """Whatever is still shown, to its end: change, question, good-bye; ends at the first screen."""
    with pilot.timeline.step(f"{name}: leave"):
        for _ in range(8):
            match pilot.screen():
                case "attract":
                    return
                case "survey":
                    pilot.see("survey", control="score:5")
                    pilot.press("score:5")
                case "change" | "goodbye" | "trouble" as screen:
                    pilot.see(screen, "" if screen == "goodbye" else f"{screen}-{name}", 30, control="done")
                    pilot.press("done")
                case screen:
                    pilot.wait_past(screen)
        raise DeskMachineError(f"the visit {name} does not end")


STORY = (exact_fee, with_change, cancels, jam, identified, with_a_note, by_card)
# Who comes once the second round's certificates are there.
AFTERWARDS = (newcomer, free)
