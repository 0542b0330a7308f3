"""What core says to the screen and the screen to core: whole snapshots down, intents up.

A snapshot is everything that a person may see, hear or press now, every word already chosen; the ui renders it and
decides nothing. All sums are KRW.
"""

from enum import StrEnum

from msgspec import Struct

from kiosk.protocol.frames import Kinds

BAR_IDS = ("home", "back", "cancel", "help", "language", "display")
"""Ids of the bar's controls; each has its own place that never moves (upper row, then lower row)."""

PICTOGRAMS = frozenset(
    [
        "attract",
        "back",
        "backspace",
        "building",
        "car",
        "card",
        "change",
        "check",
        "clear",
        "clock",
        "coin",
        "contrast",
        "cross",
        "display",
        "document",
        "excavator",
        "face-1",
        "face-2",
        "face-3",
        "face-4",
        "face-5",
        "family",
        "globe",
        "goodbye",
        "heart",
        "help",
        "home",
        "house",
        "identity",
        "info",
        "issuing",
        "low-reach",
        "map",
        "minus",
        "mountain",
        "next",
        "out-of-service",
        "parcel",
        "pay",
        "payment-card",
        "phone",
        "plus",
        "preparing",
        "printer",
        "receipt",
        "return",
        "search",
        "star",
        "survey",
        "take",
        "text-size",
        "trouble",
        "warning",
    ]
)
"""Names for `pictogram` and `icon`; the ui draws each one, and the plain document for a name that it does not know."""


class ScreenName(StrEnum):
    """The closed set of screens. Overlays (help, more time, language and display, cancel) lie over any of them."""

    ATTRACT = "attract"
    CHOOSE = "choose"
    OPTIONS = "options"
    IDENTIFY = "identify"
    PREPARING = "preparing"
    WHICH = "which"
    CHECK = "check"
    PAY = "pay"
    ISSUING = "issuing"
    TAKE = "take"
    CHANGE = "change"
    SURVEY = "survey"
    REFUND = "refund"
    GOODBYE = "goodbye"
    TROUBLE = "trouble"
    OUT_OF_SERVICE = "out-of-service"


class Tone(StrEnum):
    """The mood of a screen: colour, pictogram and sound follow it, never colour alone."""

    CALM = "calm"
    ACTION = "action"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


class Chime(StrEnum):
    """What the person is about to leave behind, told by sound as well for as long as the screen asks to take it.

    PAPER_LATE: the paper is soon drawn in. Each is repeated a few times, and begins anew on another screen.
    """

    NONE = "none"
    CARD = "card"
    PAPER = "paper"
    PAPER_LATE = "paper-late"
    CHANGE = "change"


class Role(StrEnum):
    """What a control is, hence where and how it is drawn. A screen has at most one PRIMARY.

    TILE: a big thing to choose, with icon and detail. CHOICE: one of many short ones (a dong, a text size). TAB:
    narrows the choices below. KEY: the keypad, in reading order, three a row, twelve in all. STEPPER: less and more, in
    this order, of the Field whose id is their group. The Field whose id is the group of CHOICEs is their heading.
    """

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DANGER = "danger"
    TILE = "tile"
    CHOICE = "choice"
    TAB = "tab"
    KEY = "key"
    STEPPER = "stepper"
    RATING = "rating"
    LANGUAGE = "language"
    NAVIGATION = "navigation"


class Control(Struct, frozen=True):
    """Something to press. `id` is what an intent names; `detail` a second line; `note` says why it is not enabled.

    `group` names the field or row of choices that it belongs to; `icon` is one of PICTOGRAMS. `unseen`: it agrees to
    what is on the screen, so it can be pressed only once all pages were on the glass; this says so until then.
    """

    id: str
    role: Role
    label: str
    detail: str = ""
    note: str = ""
    icon: str = ""
    group: str = ""
    enabled: bool = True
    selected: bool = False
    unseen: str = ""


class Row(Struct, frozen=True):
    """One line of a summary: what, and its value. `strong` for the sum; `note` a small line below."""

    label: str
    value: str
    strong: bool = False
    note: str = ""


class Field(Struct, frozen=True):
    """One field to fill in by the keypad or by choices. `active` has the caret; `error` says what to mend."""

    id: str
    label: str
    value: str = ""
    placeholder: str = ""
    unit: str = ""
    active: bool = False
    error: str = ""


class Secret(Struct, frozen=True):
    """A PIN that only its receiver can read. While a snapshot has one, its KEYs are the screen's own affair.

    The ui keeps the digits (`least` to `most` of them) and shows dots in the Field whose id is `field`. Its PRIMARY is
    enabled when there are enough; a press of it sends SealedEntry: the digits in ASCII, sealed (sealing.seal) to `key`
    (X25519, 32 bytes) under `info`. They are forgotten with the press, with the screen, and with another `attempt`.
    """

    field: str
    key: bytes
    info: bytes
    least: int = 6
    most: int = 8
    attempt: int = 1


class Step(Struct, frozen=True):
    """One step of what the machine is doing. `state` is done, now or later."""

    label: str
    state: str


class Money(Struct, frozen=True):
    """The cash dialogue in whole KRW: what it costs, what is in, what is missing, what goes back. Texts are formatted.

    The labels name the four sums; `coins` and `notes` are what is taken now, one label each ("100원").
    """

    fee: int
    inserted: int
    missing: int
    change: int
    fee_text: str
    inserted_text: str
    missing_text: str
    change_text: str
    coins: tuple[str, ...] = ()
    fee_label: str = ""
    inserted_label: str = ""
    missing_label: str = ""
    change_label: str = ""
    notes: tuple[str, ...] = ()


class Overlay(Struct, frozen=True):
    """A sheet over the screen; while it stands only its own controls can be pressed.

    `fields` are headings of groups of its controls, as on a screen; `pictogram` as on a screen. `remaining_text` says
    `remaining_s` in words.
    """

    name: str
    title: str
    lead: str = ""
    rows: tuple[Row, ...] = ()
    controls: tuple[Control, ...] = ()
    remaining_s: int | None = None
    tone: Tone = Tone.CALM
    fields: tuple[Field, ...] = ()
    pictogram: str = ""
    remaining_text: str = ""


class Display(Struct, frozen=True):
    """How to draw: language tag, text scale in percent (100, 130, 160, 200), contrast, low controls."""

    lang: str = "ko"
    text_scale: int = 100
    high_contrast: bool = False
    low_reach: bool = False


class Snapshot(Struct, frozen=True, tag=True):
    """The whole screen. `seq` grows with every snapshot; `since` is the seq at which this screen (or overlay) began,
    `began` the one at which the screen did, whatever lay over it since.

    Lists: `controls` are the screen's own (tiles, choices, keys, primary …); `bar` the ones always at the same place
    (home, back, help, language, display, cancel). `sentence` is the one thing to do or to know now; `notices` are small
    facts; `code` is the support code of a trouble; `announce` is said aloud when the screen begins, and again
    whenever it changes. `remaining_text` says `remaining_s` in words; `machine`, `help_phone` and `code` come with
    their labels.
    """

    seq: int
    since: int
    screen: ScreenName
    title: str
    sentence: str = ""
    tone: Tone = Tone.CALM
    pictogram: str = ""
    rows: tuple[Row, ...] = ()
    fields: tuple[Field, ...] = ()
    steps: tuple[Step, ...] = ()
    money: Money | None = None
    notices: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    bar: tuple[Control, ...] = ()
    overlay: Overlay | None = None
    code: str = ""
    announce: str = ""
    remaining_s: int | None = None
    display: Display = Display()
    site: str = ""
    machine: str = ""
    help_phone: str = ""
    remaining_text: str = ""
    secret: Secret | None = None
    chime: Chime = Chime.NONE
    began: int = 0


class Intent(Struct, frozen=True, tag=True):
    """A press. Ignored unless `seq` is at or past the snapshot's `since` and `control` is there and enabled now.

    `whole`: every page of the screen was on the glass since it began. A control with `unseen` is not pressed without.
    """

    seq: int
    control: str
    whole: bool = False


class SealedEntry(Struct, frozen=True, tag=True):
    """A press of the PRIMARY of a screen with a Secret: judged as an Intent is, with what was typed, sealed."""

    seq: int
    control: str
    sealed: bytes


class FrameShown(Struct, frozen=True, tag=True):
    """The ui has drawn snapshot `seq` (its sign of life, and what the latency bench stands on)."""

    seq: int


FromUi = Intent | SealedEntry | FrameShown

FROM_UI: Kinds[FromUi] = Kinds(FromUi)
SNAPSHOTS: Kinds[Snapshot] = Kinds(Snapshot)
