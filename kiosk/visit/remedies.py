"""What helps after something did not work: another number, other contents, another card, or another try."""

from kiosk.words.refusals import known

OTHER = "other"
_REMEDIES = {
    "parcel-not-found": "edit",
    "record-closed": "edit",
    "request-invalid": "edit",
    "no-change": "content",
    "too-many-sheets": "content",
    "register-closed": "retry",
    "register-down": "retry",
    "central-unreachable": "retry",
    "changed": "retry",
    "rendering-failed": "retry",
    "draft-timeout": "retry",
    "order-timeout": "retry",
    "unknown": "retry",
    "power-failing": "retry",
    "pin-blocked": "card",
    "card-expired": "card",
    "card-wrong-kind": "card",
    "card-unreadable": "card",
    "card-invalid": "card",
    "card-revoked": "card",
    "card-unknown": "card",
    "presence-expired": "retry",
    "identity-timeout": "retry",
    "another-person": "card",
    "choice-unknown": "retry",
    "claim-reserved": "retry",
}


def remedy(code: str) -> str:
    """edit, content, retry or card; where nothing of that helps, another certificate (OTHER)."""
    return _REMEDIES.get(known(code), OTHER)
