"""Why something could not be done: one row for each screen that a citizen may meet, with the number to name on the
telephone.

Its words are three messages: `refusal.<code>.title` (what happened), `.what` (why, in plain words), `.do` (what to do
now). What was charged is said beside it from the order itself. A code that has no row is shown as `unknown`.
"""

from enum import StrEnum

from msgspec import Struct


class Remedy(StrEnum):
    """What helps: another number, other contents, another card, another try; else another certificate."""

    EDIT = "edit"
    CONTENT = "content"
    CARD = "card"
    RETRY = "retry"
    OTHER = "other"


class Told(StrEnum):
    """Who may hear why. IN_PRIVATE: of a certificate about a person it says something that is nobody else's business
    (unpaid tax, a missing record), so that only they are told, behind a press. OPENLY: about the machine, the paper,
    the money, the card or a parcel's open register.
    """

    OPENLY = "openly"
    IN_PRIVATE = "in-private"


class Refusal(Struct, frozen=True):
    """`number`: two digits, never given a second time. `same`: codes that differ for us and not for a citizen.

    `at_the_counter`: the office can do it, where this machine can't.
    """

    number: int
    told: Told
    remedy: Remedy = Remedy.OTHER
    at_the_counter: bool = False
    same: tuple[str, ...] = ()


OPENLY, IN_PRIVATE = Told.OPENLY, Told.IN_PRIVATE
EDIT, CONTENT, CARD, RETRY = Remedy.EDIT, Remedy.CONTENT, Remedy.CARD, Remedy.RETRY


REFUSALS: dict[str, Refusal] = {
    # the register and central
    "parcel-not-found": Refusal(11, OPENLY, EDIT),
    "wrong-register": Refusal(12, OPENLY),
    "record-under-change": Refusal(13, IN_PRIVATE, at_the_counter=True),
    "record-closed": Refusal(14, OPENLY, EDIT),
    "register-closed": Refusal(15, OPENLY, RETRY, same=("closed-hours",)),
    "register-down": Refusal(16, OPENLY, RETRY),
    "central-unreachable": Refusal(
        17, OPENLY, RETRY, same=("offline", "in-progress", "no-answer", "unreachable")
    ),
    "changed": Refusal(18, OPENLY, RETRY, same=("voided", "draft-changed", "fee-mismatch", "sheets-changed")),
    "record-moving": Refusal(19, IN_PRIVATE, at_the_counter=True),
    "address-protected": Refusal(20, IN_PRIVATE, at_the_counter=True),
    # the document
    "request-invalid": Refusal(21, OPENLY, EDIT, same=("subject-invalid", "options-invalid", "type-unknown")),
    "overflow": Refusal(22, OPENLY, at_the_counter=True),
    "glyph-missing": Refusal(23, OPENLY, at_the_counter=True, same=("text-unprintable",)),
    "seal-invalid": Refusal(24, OPENLY, same=("answer-invalid",)),
    "document-mismatch": Refusal(
        25, OPENLY, same=("answer-mismatch", "subject-mismatch", "read-back-failed")
    ),
    "too-many-sheets": Refusal(26, OPENLY, CONTENT, at_the_counter=True),
    "rendering-failed": Refusal(
        27,
        OPENLY,
        RETRY,
        same=(
            "data-invalid",
            "template-unknown",
            "form-mismatch",
            "template-fault",
            "render-failed",
            "fonts-missing",
            "not-drafted",
            "no-socket",
            "out-of-order",
            "worker-silent",
            "worker-gone",
            "internal",
        ),
    ),
    "draft-timeout": Refusal(28, OPENLY, RETRY),
    "catalogue-stale": Refusal(29, OPENLY, at_the_counter=True),
    "trust-stale": Refusal(30, OPENLY, at_the_counter=True),
    # money
    "no-change": Refusal(31, OPENLY, CONTENT),
    "cash-silent": Refusal(32, OPENLY, same=("cash-down", "coin-jam")),
    "coins-unknown": Refusal(33, OPENLY, same=("acceptor-exchanged",)),
    "change-short": Refusal(34, OPENLY, same=("hopper-empty",)),
    "payout-disputed": Refusal(35, OPENLY),
    "order-timeout": Refusal(36, OPENLY, RETRY, same=("busy", "starting")),
    "no-claim": Refusal(37, OPENLY),
    "claim-reserved": Refusal(38, OPENLY, RETRY, same=("redemption-closed",)),
    "claim-too-large": Refusal(39, OPENLY),
    "card-settling": Refusal(56, OPENLY),
    "card-disputed": Refusal(57, OPENLY),
    "card-undone": Refusal(58, OPENLY, same=("card-silent", "card-amount", "card-down")),
    "note-unknown": Refusal(40, OPENLY),
    # paper
    "paper-out": Refusal(41, OPENLY),
    "paper-jam": Refusal(42, OPENLY),
    "toner-out": Refusal(43, OPENLY),
    "cover-open": Refusal(44, OPENLY),
    "printing-failed": Refusal(
        45, OPENLY, same=("printer-refused", "document-not-sent", "count-mismatch", "hardware", "toner-low")
    ),
    "printer-silent": Refusal(46, OPENLY, same=("printer-down", "silent", "unplugged")),
    "presenter-stuck": Refusal(
        47,
        OPENLY,
        same=("presenter-down", "presenter-silent", "paper-in-the-way", "paper-in-path", "bin-full"),
    ),
    "uncollected": Refusal(48, OPENLY),
    "reader-down": Refusal(49, OPENLY, at_the_counter=True, same=("no-reader", "reader-gone")),
    # the card and whose it is
    "pin-blocked": Refusal(61, OPENLY, CARD, at_the_counter=True),
    "card-expired": Refusal(62, OPENLY, CARD, at_the_counter=True),
    "card-wrong-kind": Refusal(63, OPENLY, CARD),
    "card-unreadable": Refusal(
        64, OPENLY, CARD, at_the_counter=True, same=("card-mute", "card-removed", "card-changed")
    ),
    "card-invalid": Refusal(65, OPENLY, CARD, at_the_counter=True),
    "card-revoked": Refusal(66, OPENLY, CARD, at_the_counter=True),
    "card-unknown": Refusal(67, OPENLY, CARD, at_the_counter=True),
    "under-age": Refusal(68, OPENLY, at_the_counter=True),
    "person-deceased": Refusal(69, IN_PRIVATE, at_the_counter=True),
    "presence-expired": Refusal(70, OPENLY, RETRY, same=("not-identified",)),
    "identity-timeout": Refusal(71, OPENLY, RETRY),
    "another-person": Refusal(72, OPENLY, CARD),
    # a register that holds one record a person
    "no-record": Refusal(81, IN_PRIVATE, at_the_counter=True),
    "choice-unknown": Refusal(82, OPENLY, RETRY),
    "tax-arrears": Refusal(86, IN_PRIVATE, at_the_counter=True),
    "no-english-record": Refusal(87, OPENLY, at_the_counter=True),
    # a list of joint owners
    "one-owner": Refusal(83, OPENLY),
    # the whole
    "interrupted": Refusal(51, OPENLY),
    "disputed": Refusal(52, OPENLY, same=("unresolved",)),
    "no-room": Refusal(54, OPENLY, same=("chain-refused", "unproved")),
    "power-failing": Refusal(53, OPENLY, RETRY, same=("on-battery", "turning-off")),
    "unknown": Refusal(59, OPENLY, RETRY),
}

_SAME_AS = {same: code for code, row in REFUSALS.items() for same in row.same}


def known(code: str) -> str:
    """The code under which row and words are found."""
    code = _SAME_AS.get(code, code)
    return code if code in REFUSALS else "unknown"


def refusal(code: str) -> Refusal:
    """The row of a code, or of the one that is the same to a citizen."""
    return REFUSALS[known(code)]


def support_number(code: str) -> str:
    """What to name on the telephone: two digits."""
    return str(refusal(code).number)
