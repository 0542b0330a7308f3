"""Whether a printer can print what the kiosk prints: PDF, A4, one side, one copy; and how each job is told so. Pure.

Only what the printer says it supports is sent (RFC 8011 section 5.2): a job that asks for more is ignored in part, or
refused. What could not be asked for and is not the printer's default either, it can't be trusted with.
"""

from msgspec import Struct

from drivers.page_printer import ipp
from drivers.page_printer.ipp import Attribute, Group

FORMAT = "application/pdf"
A4 = "iso_a4_210x297mm"
ONE_SIDED = "one-sided"
_HOLD = "job-hold-until"
_INDEFINITE = "indefinite"
_ASKED_FOR = ("sides", "media", "copies")
_UNSUPPORTED_GROUP = 0x05

# Capabilities, as the policy of sales knows them.
PDF, A4_PAPER, SIMPLEX = "pdf", "a4", "one-sided"


class Suitability(Struct, frozen=True):
    """What a printer can do of what is needed, and the job attributes that make it do so."""

    capabilities: frozenset[str] = frozenset()
    template: tuple[Attribute, ...] = ()
    hold: tuple[Attribute, ...] = ()


def suitability(printer: Group) -> Suitability:
    """Judge a printer by its attributes."""
    sides, sides_kept = _asked(printer, "sides", ONE_SIDED)
    media, media_kept = _asked(printer, "media", A4)
    copies = (ipp.integer("copies", 1),) if printer.values("copies-supported") else ()
    able = {
        PDF: FORMAT in printer.texts("document-format-supported"),
        SIMPLEX: sides_kept or not printer.values("sides-default"),
        A4_PAPER: media_kept,
    }
    hold = _INDEFINITE in printer.texts(f"{_HOLD}-supported")
    return Suitability(
        frozenset(name for name, can in able.items() if can),
        (*sides, *media, *(copies if _taken(printer, "copies") else ())),
        (ipp.text(_HOLD, ipp.KEYWORD, _INDEFINITE),) if hold else (),
    )


def _asked(printer: Group, name: str, wanted: str) -> tuple[tuple[Attribute, ...], bool]:
    """The attribute to send, if the printer takes it; and whether the printer does what is wanted then."""
    if wanted in printer.texts(f"{name}-supported") and _taken(printer, name):
        return (ipp.text(name, ipp.KEYWORD, wanted),), True
    return (), printer.text(f"{name}-default") == wanted


def _taken(printer: Group, name: str) -> bool:
    """Whether the printer takes the attribute with a job; one that does not list them takes what it supports."""
    listed = printer.texts("job-creation-attributes-supported")
    return not listed or name in listed


def ignored(groups: tuple[Group, ...]) -> str:
    """The first thing that was asked for with a job and that the printer says it ignores; "" for none."""
    refused = {a.name for group in groups if group.tag == _UNSUPPORTED_GROUP for a in group.attributes}
    return next((name for name in _ASKED_FOR if name in refused), "")
