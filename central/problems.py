"""Central's answers to requests that it refuses: problem+json (RFC 9457) with a code that never changes.

The codes are a contract with the kiosk; `detail` says what to do next and never holds what a citizen asked for.
"""

from typing import Any

from kiosk.protocol.fault import RefusalError


class SetupError(RefusalError):
    """This installation cannot do what it was started for; the message says why and what to do."""


class ProblemError(Exception):
    """A refusal: HTTP status, code, the next step, and members to add to the answer."""

    def __init__(self, status: int, code: str, detail: str, **more: object) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.detail = detail
        self.more = more

    def document(self) -> dict[str, Any]:
        """The body of the answer."""
        title = self.code.replace("-", " ")
        plain = {"type": "about:blank", "status": self.status, "code": self.code, "title": title}
        return {**plain, "detail": self.detail, **self.more}
