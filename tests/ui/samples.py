"""Snapshots as core would send them, for every screen and overlay, in Korean and in English."""

from collections.abc import Callable

from kiosk.protocol.screen import Display, Snapshot
from tests.ui.sample_choices import (
    attract,
    check,
    choose,
    choose_many,
    copies,
    dong,
    lot,
    lot_wrong,
    pin,
    pin_wrong,
    preparing,
)
from tests.ui.sample_ends import change, goodbye, issuing, out_of_service, pay, survey, take, trouble
from tests.ui.sample_parts import saying
from tests.ui.sample_sheets import cancel_sheet, display_sheet, help_sheet, language_sheet, more_time_sheet

LANGUAGES = ("ko", "en")

MAKERS: dict[str, Callable[[str], Snapshot]] = {
    "attract": attract, "choose": choose, "choose-many": choose_many, "dong": dong, "lot": lot, "lot-wrong": lot_wrong,
    "pin": pin, "pin-wrong": pin_wrong,
    "copies": copies, "preparing": preparing, "check": check, "pay": pay, "issuing": issuing, "take": take,
    "change": change, "survey": survey, "goodbye": goodbye, "trouble": trouble, "out-of-service": out_of_service,
    "help": help_sheet, "more-time": more_time_sheet, "language": language_sheet, "display": display_sheet,
    "cancel": cancel_sheet,
}  # fmt: skip


def sample(name: str, lang: str, display: Display | None = None) -> Snapshot:
    """One of them, as this machine would show it."""
    made = MAKERS[name](lang)
    say = saying(lang)
    fields = {each: getattr(made, each) for each in made.__struct_fields__}
    place = {
        "site": say("63시티 지하 1층", "63 City, basement 1"),
        "machine": say("무인민원발급기 1호", "Kiosk no. 1"),
        "help_phone": "02-2670-3114",
    }
    return Snapshot(**{**fields, **place, "display": display or Display(lang=lang), "announce": made.title})
