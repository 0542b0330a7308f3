"""Receipt rows as ESC/POS bytes. Pure.

The command bytes are python-escpos' constants; its printer classes are not loaded, they would cost every idle kiosk
12 MB for images and bar codes that it never prints. Text is CP949 between FS & and FS . (python-escpos prints `?`).
"""

import re

from escpos import constants as escpos

from drivers.contract import DeviceError, ErrorCode, ReceiptLine
from drivers.receipt_printer.layout import rows

INITIALISE: bytes = escpos.HW_INIT
HANGUL_ON, HANGUL_OFF = b"\x1c&", b"\x1c."
MAX_QR_CHARACTERS = 400
_QR = b"\x1d(k"
_QR_MODULE_DOTS = 5
_FEED_ROWS = 6
_FENCE_HEAD = b"\x1d(H\x06\x00\x30\x30"
# Sequences that a printer obeys even in the middle of other data.
_REAL_TIME = re.compile(rb"\x10(?:\x04[\x01-\x04]|\x05|\x14)")


def receipt(lines: tuple[ReceiptLine, ...], qr: str, fence: bytes) -> bytes:
    """A whole receipt: lines, QR code, feed, cut, fence. Raises DeviceError (REFUSED) for a code that cannot be set."""
    parts = [INITIALISE]
    for line in lines:
        for row in rows(line):
            parts += [_style(row.bold, row.size), _text(row.text), b"\n"]
    parts.append(_style(bold=False, size=1))
    if qr:
        parts += [bytes(escpos.TXT_STYLE["align"]["center"]), qr_code(qr), b"\n"]
    parts += [
        bytes(escpos.ESC) + b"d" + bytes((_FEED_ROWS,)),
        bytes(escpos.PAPER_PART_CUT),
        fence_request(fence),
    ]
    payload = b"".join(parts)
    if _REAL_TIME.search(payload):
        raise DeviceError(ErrorCode.REFUSED, "receipt contains a real-time command")
    return payload


def fence_request(fence: bytes) -> bytes:
    """GS ( H, function 48: the printer sends `37 22 fence 00` when everything before is printed."""
    if len(fence) != 4:
        raise ValueError("a fence has four bytes")
    return _FENCE_HEAD + fence


def qr_code(text: str) -> bytes:
    """A native QR code, model 2, level M. Printable ASCII only. Raises DeviceError (REFUSED)."""
    if not text.isascii() or not text.isprintable() or len(text) > MAX_QR_CHARACTERS:
        raise DeviceError(ErrorCode.REFUSED, "not the text of a receipt's code")
    return b"".join(
        (
            _qr(b"A2\0"),
            _qr(b"C" + bytes((_QR_MODULE_DOTS,))),
            _qr(b"E1"),
            _qr(b"P0" + text.encode("ascii")),
            _qr(b"Q0"),
        )
    )


def _qr(function: bytes) -> bytes:
    """GS ( k: length, then cn = 49 and the function with its parameters."""
    body = b"1" + function
    return _QR + len(body).to_bytes(2, "little") + body


def _style(bold: bool, size: int) -> bytes:
    on = bytes(escpos.TXT_STYLE["bold"][bold])
    # GS ! n: width in the high, height in the low nibble, both minus one; it holds for double-byte characters, too.
    return on + b"\x1d!" + bytes(((size - 1) * 0x11,))


def _text(text: str) -> bytes:
    raw = text.encode("cp949")
    return raw if text.isascii() else HANGUL_ON + raw + HANGUL_OFF
