"""What a register says instead of a certificate. The codes are the kiosk's message keys."""


class RefusedError(Exception):
    """There is no certificate; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
