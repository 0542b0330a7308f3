"""What core shows the visit of an order: where money and paper are now, never whose they are."""

from enum import StrEnum

from msgspec import Struct

from kiosk.order.model import OrderOutcome


class Phase(StrEnum):
    """Where an order stands, in the citizen's terms. What is UNPAID can be cancelled.

    CHOOSING: how shall it be paid? CARD: the payment terminal waits for a card. BOOKING: it charges what was delivered.
    RESERVING and OFFERED: money that is owed is looked for, and waits for a press.
    """

    CHOOSING = "choosing"
    CARD = "card"
    BOOKING = "booking"
    RESERVING = "reserving"
    OFFERED = "offered"
    COLLECTING = "collecting"
    COUNTING = "counting"
    ISSUING = "issuing"
    PRINTING = "printing"
    PRESENTING = "presenting"
    TAKEN_WAIT = "taken_wait"
    PAYING_OUT = "paying_out"
    CLOSED = "closed"


UNPAID = frozenset({Phase.CHOOSING, Phase.CARD, Phase.COLLECTING})


class Slip(StrEnum):
    """What became of the receipt (or claim slip). UNSURE: it may or may not have come out; nobody can prove it."""

    NONE = ""
    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"
    UNSURE = "unsure"


class OrderView(Struct, frozen=True):
    """An order as the screen needs it; sums in whole KRW. Whole, never a difference: the last one is the truth.

    fee: asked for the whole order. credit: coins counted in. to_pay: what this order pays out in all (change or
    refund), known from PAYING_OUT on. paid: paid out so far. claim: still owed at CLOSED. kept: fee kept at CLOSED.
    copy/copies: the copy at work (1-based over all lines) of how many; delivered: copies taken. sheet/sheets: of
    that copy. blocked: what holds it up now, a `blocked.*` key (paper-out, paper-jam, cover-open, paper-in-path,
    bin-full, toner-out, hopper-empty, central-unreachable …), "" when nothing does. clearing: the machine takes paper
    back in (untaken, or after a fault); nothing more comes out of this copy. cancelled: the citizen (or the
    clock) asked for the money back. retract_at_ms: when untaken paper is drawn in, on the clock of `reduce`'s
    now_ms; given in TAKEN_WAIT. reason: at refund, a code of kiosk.words.refusals ("" when the citizen cancelled).
    doubt: a code of kiosk.words.refusals: which money was put in and is in doubt, "" for none.
    redeems: it pays what earlier orders owe, `redeem` in all; at CLOSED what was not paid of it is owed as before.
    opened_ms: when it was opened, wall clock; at_card: the payer was identified by card; lang: theirs.
    coins/notes: what is taken now (None: nothing is known of it). exact: more than the fee is not taken, for want of
    change. stacking: a note is being taken in. refused: the note (KRW) that was just given back for want of change.
    claim_code: short id printed on the slip and shown when money is owed or disputed. slip: the receipt's fate.
    means: how it can be paid (cash, card), as far as the machine was built for it. by_card: a card has paid for it, or
    may have; reserved on it, and given_back to it so far. prompt: what the terminal asks for (present, pin, remove,
    wait). problem: why the last card did not do (declined, cancelled, card-down, card-silent).
    unsure: nobody knows yet all that was put in, or came out. undecided: a copy may still turn out to be delivered, or
    not. settling: what the card is charged is not proved. While one of them holds, no sum is said to be kept, owed or
    charged. taken_back: paper that nobody took is in the bin. over: nothing but the payment terminal's word can change
    it any more, so it can have its slip.
    """

    order: str
    phase: Phase
    fee: int = 0
    credit: int = 0
    to_pay: int = 0
    paid: int = 0
    claim: int = 0
    kept: int = 0
    copy: int = 1
    copies: int = 1
    delivered: int = 0
    sheet: int = 0
    sheets: int = 0
    blocked: str = ""
    clearing: bool = False
    cancelled: bool = False
    retract_at_ms: int | None = None
    outcome: OrderOutcome | None = None
    reason: str = ""
    doubt: str = ""
    claim_code: str = ""
    slip: Slip = Slip.NONE
    means: tuple[str, ...] = ("cash",)
    by_card: bool = False
    reserved: int = 0
    given_back: int = 0
    prompt: str = ""
    problem: str = ""
    redeems: bool = False
    redeem: int = 0
    opened_ms: int = 0
    at_card: bool = False
    coins: tuple[int, ...] | None = None
    notes: tuple[int, ...] = ()
    exact: bool = False
    stacking: bool = False
    refused: int = 0
    unsure: bool = False
    undecided: bool = False
    settling: bool = False
    taken_back: bool = False
    over: bool = False
    lang: str = ""
