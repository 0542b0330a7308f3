"""The looks at a finished document before it goes to paper: what a refusal names, and core may write down."""

from enum import StrEnum


class Check(StrEnum):
    """Each look by its name; docs/printing-limits.md tells what it finds."""

    NONE = ""
    PAGES = "pages"  # as many as the seal says
    NUMBER = "number"  # on every page
    PAGE_COUNT = "page-count"  # n / N on every page
    CONTENT_CHECK = "content-check"  # on every page
    VALUES = "values"  # each as often as in the data
    FOREIGN_TEXT = "foreign-text"  # neither data nor form
    QR = "qr"  # reads, as this seal
    ARCHIVE = "archive"  # PDF/A: without it a missing character prints as an empty box
    PAGE_BOX = "page-box"  # the whole page, upright, nothing laid on it
    PAST_EDGE = "past-edge"
    HIDDEN_TEXT = "hidden-text"  # light, transparent, outlined or clipped
    COVERED = "covered"  # a box or a picture over a text
    TEXT_OVER_TEXT = "text-over-text"
    PAST_CELL = "past-cell"
    GROUND = "ground"  # under each page, the printer's own
    LIKE_DRAFT = "like-draft"  # what was drafted, at its places, and nothing else but the marks
    STAMP = "stamp"  # of the office that issues
    PATTERN = "pattern"  # of this seal
