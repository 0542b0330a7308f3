"""What a printer can be trusted with by its attributes, and what each of its jobs is told."""

import pytest

from drivers.page_printer import ipp
from drivers.page_printer.ipp import PRINTER_GROUP, Attribute, Group, Value
from drivers.page_printer.reasons import judge
from drivers.page_printer.suitability import A4, ignored, suitability

PDF = ipp.text("document-format-supported", ipp.MIME, "image/urf", "application/pdf")
RASTER = ipp.text("document-format-supported", ipp.MIME, "application/octet-stream", "image/pwg-raster")
BOTH_SIDES = ipp.text("sides-supported", ipp.KEYWORD, "one-sided", "two-sided-long-edge")
DUPLEX_ONLY = ipp.text("sides-supported", ipp.KEYWORD, "two-sided-long-edge")
DUPLEX_FIRST = ipp.text("sides-default", ipp.KEYWORD, "two-sided-long-edge")
MEDIA = ipp.text("media-supported", ipp.KEYWORD, "na_letter_8.5x11in", A4)
LETTER = ipp.text("media-supported", ipp.KEYWORD, "na_letter_8.5x11in")
COPIES = Attribute("copies-supported", (Value(0x33, bytes(8)),))
ALL = frozenset({"pdf", "one-sided", "a4"})


def taken(*names: str) -> Attribute:
    return ipp.text("job-creation-attributes-supported", ipp.KEYWORD, *names)


@pytest.mark.parametrize(
    ("attributes", "capabilities", "told"),
    [
        ((PDF, BOTH_SIDES, DUPLEX_FIRST, MEDIA, COPIES), ALL, ["sides", "media", "copies"]),
        ((PDF, BOTH_SIDES, MEDIA, taken("sides", "media")), ALL, ["sides", "media"]),
        # It can print on one side, and takes no word of it with a job: only its default counts.
        ((PDF, BOTH_SIDES, DUPLEX_FIRST, MEDIA, taken("media")), ALL - {"one-sided"}, ["media"]),
        ((PDF, DUPLEX_ONLY, DUPLEX_FIRST, MEDIA), ALL - {"one-sided"}, ["media"]),
        ((PDF, MEDIA), ALL, ["media"]),  # it knows of no sides at all: there is one
        ((PDF, BOTH_SIDES, LETTER), ALL - {"a4"}, ["sides"]),
        ((RASTER, BOTH_SIDES, MEDIA), ALL - {"pdf"}, ["sides", "media"]),
        ((), frozenset({"one-sided"}), []),
    ],
)
def test_only_what_it_supports_is_asked_for_and_only_that_is_believed(
    attributes: tuple[Attribute, ...], capabilities: frozenset[str], told: list[str]
) -> None:
    suits = suitability(Group(PRINTER_GROUP, attributes))
    assert suits.capabilities == capabilities
    assert [attribute.name for attribute in suits.template] == told


def test_a_job_is_held_only_where_the_printer_holds_jobs() -> None:
    holds = ipp.text("job-hold-until-supported", ipp.KEYWORD, "no-hold", "indefinite")
    assert [a.name for a in suitability(Group(PRINTER_GROUP, (holds,))).hold] == ["job-hold-until"]
    assert suitability(Group(PRINTER_GROUP)).hold == ()


def test_what_a_printer_says_that_it_ignores_is_seen() -> None:
    refused = Group(0x05, (Attribute("sides", (Value(0x10, b""),)),))
    assert ignored((Group(ipp.OPERATION_GROUP), refused)) == "sides"
    other = Group(0x05, (Attribute("job-hold-until", (Value(0x10, b""),)),))
    assert ignored((other,)) == ""


@pytest.mark.parametrize(("ready", "reasons"), [((A4, "x"), 0), (("na_letter_8.5x11in",), 1), ((), 0)])
def test_another_paper_than_a4_in_the_tray_is_no_paper(ready: tuple[str, ...], reasons: int) -> None:
    told = (ipp.text("media-ready", ipp.KEYWORD, *ready),) if ready else ()
    assert len(judge(Group(PRINTER_GROUP, told))) == reasons
