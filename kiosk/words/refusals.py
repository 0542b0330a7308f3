"""Why something could not be done: every code that a citizen may meet, with the number to name on the telephone.

Each has three messages: `refusal.<code>.title` (what happened), `.what` (why, in plain words), `.do` (what to do now).
What was charged is said beside it from the order itself. A code that is not here is shown as `unknown`.
"""

REFUSALS: dict[str, int] = {
    # the register and central
    "parcel-not-found": 11,
    "wrong-register": 12,
    "record-under-change": 13,
    "record-closed": 14,
    "register-closed": 15,
    "register-down": 16,
    "central-unreachable": 17,
    "changed": 18,
    "record-moving": 19,
    "address-protected": 20,
    # the document
    "request-invalid": 21,
    "overflow": 22,
    "glyph-missing": 23,
    "seal-invalid": 24,
    "document-mismatch": 25,
    "too-many-sheets": 26,
    "rendering-failed": 27,
    "draft-timeout": 28,
    "catalogue-stale": 29,
    "trust-stale": 30,
    # money
    "no-change": 31,
    "cash-silent": 32,
    "coins-unknown": 33,
    "change-short": 34,
    "payout-disputed": 35,
    "order-timeout": 36,
    "no-claim": 37,
    "claim-reserved": 38,
    "claim-too-large": 39,
    "card-settling": 56,
    "card-disputed": 57,
    "card-undone": 58,
    "note-unknown": 40,
    # paper
    "paper-out": 41,
    "paper-jam": 42,
    "toner-out": 43,
    "cover-open": 44,
    "printing-failed": 45,
    "printer-silent": 46,
    "presenter-stuck": 47,
    "uncollected": 48,
    "reader-down": 49,
    # the card and whose it is
    "pin-blocked": 61,
    "card-expired": 62,
    "card-wrong-kind": 63,
    "card-unreadable": 64,
    "card-invalid": 65,
    "card-revoked": 66,
    "card-unknown": 67,
    "under-age": 68,
    "person-deceased": 69,
    "presence-expired": 70,
    "identity-timeout": 71,
    "another-person": 72,
    # a register that holds one record a person
    "no-record": 81,
    "choice-unknown": 82,
    "tax-arrears": 86,
    "no-english-record": 87,
    # a list of joint owners
    "one-owner": 83,
    # the whole
    "interrupted": 51,
    "disputed": 52,
    "no-room": 54,
    "power-failing": 53,
    "unknown": 59,
}

# Different to us, the same to a citizen.
SAME_AS: dict[str, str] = {
    # central and courier
    "offline": "central-unreachable",
    "unresolved": "disputed",
    "chain-refused": "no-room",
    "unproved": "no-room",
    "on-battery": "power-failing",
    "turning-off": "power-failing",
    "closed-hours": "register-closed",
    "in-progress": "central-unreachable",
    "no-answer": "central-unreachable",
    "unreachable": "central-unreachable",
    "voided": "changed",
    "draft-changed": "changed",
    "fee-mismatch": "changed",
    "subject-invalid": "request-invalid",
    "options-invalid": "request-invalid",
    "type-unknown": "request-invalid",
    # worker
    "text-unprintable": "glyph-missing",
    "answer-invalid": "seal-invalid",
    "answer-mismatch": "document-mismatch",
    "subject-mismatch": "document-mismatch",
    "read-back-failed": "document-mismatch",
    "sheets-changed": "changed",
    "data-invalid": "rendering-failed",
    "template-unknown": "rendering-failed",
    "form-mismatch": "rendering-failed",
    "template-fault": "rendering-failed",
    "render-failed": "rendering-failed",
    "fonts-missing": "rendering-failed",
    "not-drafted": "rendering-failed",
    "no-socket": "rendering-failed",
    "out-of-order": "rendering-failed",
    "worker-silent": "rendering-failed",
    "worker-gone": "rendering-failed",
    "internal": "rendering-failed",
    # money
    "busy": "order-timeout",
    "starting": "order-timeout",
    "cash-down": "cash-silent",
    "coin-jam": "cash-silent",
    "hopper-empty": "change-short",
    "card-silent": "card-undone",
    "card-amount": "card-undone",
    "card-down": "card-undone",
    "acceptor-exchanged": "coins-unknown",
    "redemption-closed": "claim-reserved",
    # paper
    "printer-down": "printer-silent",
    "printer-refused": "printing-failed",
    "document-not-sent": "printing-failed",
    "count-mismatch": "printing-failed",
    "hardware": "printing-failed",
    "silent": "printer-silent",
    "unplugged": "printer-silent",
    "toner-low": "printing-failed",
    "presenter-down": "presenter-stuck",
    "presenter-silent": "presenter-stuck",
    "paper-in-the-way": "presenter-stuck",
    "paper-in-path": "presenter-stuck",
    "bin-full": "presenter-stuck",
    # the card
    "no-reader": "reader-down",
    "reader-gone": "reader-down",
    "card-mute": "card-unreadable",
    "card-removed": "card-unreadable",
    "card-changed": "card-unreadable",
    "not-identified": "presence-expired",
}


# What the office can do at its counter, where this machine can't.
AT_THE_COUNTER = frozenset(
    {
        "record-under-change",
        "record-moving",
        "no-record",
        "tax-arrears",
        "no-english-record",
        "address-protected",
        "overflow",
        "glyph-missing",
        "too-many-sheets",
        "catalogue-stale",
        "trust-stale",
        "reader-down",
        "pin-blocked",
        "card-expired",
        "card-unreadable",
        "card-invalid",
        "card-revoked",
        "card-unknown",
        "under-age",
        "person-deceased",
    }
)

# Of a certificate about a person: what it says of them is nobody else's business, and is told to them alone.
TOLD_IN_PRIVATE = frozenset(
    {
        "record-under-change",
        "record-moving",
        "address-protected",
        "no-record",
        "tax-arrears",
        "person-deceased",
    }
)


def known(code: str) -> str:
    """The code under which the words are found."""
    code = SAME_AS.get(code, code)
    return code if code in REFUSALS else "unknown"


def support_number(code: str) -> str:
    """What to name on the telephone: two digits."""
    return str(REFUSALS[known(code)])
