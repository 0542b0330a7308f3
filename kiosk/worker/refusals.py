"""Why the worker could not do something. Codes are message keys' tails; details never hold what a certificate says."""

from enum import StrEnum

from kiosk.protocol.looks import Check


class Code(StrEnum):
    """All codes that the worker makes itself. Central's own refusals of a draft (parcel-not-found …) pass through."""

    ANSWER_INVALID = "answer-invalid"  # not sealed to this worker for this request, or not a message of ours
    ANSWER_MISMATCH = "answer-mismatch"  # about another line, type, copy or number than asked for
    SUBJECT_MISMATCH = "subject-mismatch"  # about another parcel or person than asked for
    TEMPLATE_UNKNOWN = "template-unknown"  # a form, or a version of it, that this machine does not have
    FORM_MISMATCH = (
        "form-mismatch"  # this machine's form of that name is made of something else than central's
    )
    CATALOGUE_STALE = "catalogue-stale"  # this machine's bundle is older than central will have it
    TRUST_STALE = "trust-stale"  # this machine's trust list is over, or does not know the key that would seal
    TEMPLATE_FAULT = "template-fault"  # the form does not compile
    DATA_INVALID = "data-invalid"  # a field missing, too many, too long, or of a wrong kind
    TEXT_UNPRINTABLE = "text-unprintable"  # control or direction characters, or a character that no font has
    TOO_MANY_SHEETS = "too-many-sheets"
    SHEETS_CHANGED = "sheets-changed"  # the document has other sheets than its draft, which was paid for
    OVERFLOW = "overflow"  # text past the page
    DRAFT_CHANGED = "draft-changed"  # the document's data is not the draft's
    SEAL_INVALID = "seal-invalid"  # not genuine, or not for this document
    READ_BACK_FAILED = "read-back-failed"  # the finished pages do not say what they should
    RENDER_FAILED = "render-failed"  # the typesetter died or took too long
    FONTS_MISSING = "fonts-missing"
    NOT_DRAFTED = "not-drafted"  # no such line, key or prepared document in this visit
    NO_SOCKET = "no-socket"  # PrintOn came without the printer's socket
    OUT_OF_ORDER = "out-of-order"  # a request that does not fit the visit
    INTERNAL = "internal"  # a fault of this program


class WorkError(Exception):
    """A request can't be done. `code` goes to core; `detail` is for technicians and holds no personal data; `check` is
    the look that found it.
    """

    def __init__(self, code: Code | str, detail: str = "", check: Check = Check.NONE) -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = str(code)
        self.detail = detail
        self.check = check
