"""What makes each issue's pages its own: the QR code of its seal, a guilloche band, microtext.

The band's phases come from the seal, so that a page is a function of its data and its seal, and of nothing else:
whoever has both can set the very same page again and compare.
"""

import hashlib
import math
from typing import NamedTuple

DOT_PT = 0.12  # one dot of a 600 dpi printer
QUIET_MODULES = 4
MAX_QR_DOTS = 810  # certs_templates/_common/서식.typ, 표시너비
# Compressed and signed data looks random under every mask, so trying all eight buys nothing and costs 20 ms.
_MASK = 2
_MODULE_DOTS = (10, 9)  # 0.42 mm, else 0.38 mm: below that poor scans fail
_BAND_WIDTH, _BAND_HEIGHT, _BAND_LINES, _BAND_STEPS = 510.0, 11.0, 7, 96


# What the codes on a test print and on a specimen say: whoever finds one knows that the sheet is worth nothing.
TEST_MARK = "KC0:TEST NO CERTIFICATE"


class QrTooBigError(ValueError):
    """The seal's text does not fit the place for it in modules that a poor scan still reads."""


class QrCode(NamedTuple):
    """SVG in dots of 600 dpi, white ground and quiet zone included, and its width in dots."""

    svg: str
    dots: int


def qr_svg(text: str) -> QrCode:
    """The QR code (level M). Raises QrTooBigError, and ValueError for what no QR code holds."""
    import segno  # 20 ms, most of it for parts that nobody uses: a process that is given its codes does without

    matrix = segno.make(text, error="m", micro=False, boost_error=False, mask=_MASK).matrix
    modules = len(matrix) + 2 * QUIET_MODULES
    module = next((dots for dots in _MODULE_DOTS if modules * dots <= MAX_QR_DOTS), None)
    if module is None:
        raise QrTooBigError(f"{modules} modules")
    path: list[str] = []
    for row, cells in enumerate(matrix):
        column = 0
        while column < len(cells):
            run = column
            while run < len(cells) and cells[run]:
                run += 1
            if run > column:
                path.append(
                    f"M{column + QUIET_MODULES} {row + QUIET_MODULES}h{run - column}v1h{column - run}z"
                )
            column = run + 1
    box = f'viewBox="0 0 {modules} {modules}" width="{modules}" height="{modules}"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}><path fill="#fff" d="M0 0h{modules}v{modules}H0z"/>'
        f'<path d="{"".join(path)}"/></svg>'
    )
    return QrCode(svg, modules * module)


def band_svg(seal: str) -> str:
    """A guilloche band: interleaved waves whose phases and lengths are this seal's."""
    digest = hashlib.sha256(b"changgu band 1\n" + seal.encode()).digest()
    middle, reach = _BAND_HEIGHT / 2, _BAND_HEIGHT / 2 - 0.4
    lines: list[str] = []
    for number in range(_BAND_LINES):
        phase = math.tau * digest[number] / 256
        waves = 9 + digest[number + 8] % 4
        swell = math.tau * digest[number + 16] / 256
        points = []
        for step in range(_BAND_STEPS * 2 + 1):
            at = step / (_BAND_STEPS * 2)
            height = reach * (0.72 + 0.28 * math.cos(math.tau * 3 * at + swell))
            points.append(
                f"{_BAND_WIDTH * at:.1f} {middle + height * math.sin(math.tau * waves * at + phase):.2f}"
            )
        lines.append(f'<path d="M{"L".join(points)}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_BAND_WIDTH:g} {_BAND_HEIGHT:g}" '
        f'width="{_BAND_WIDTH:g}" height="{_BAND_HEIGHT:g}"><g fill="none" stroke="#000" stroke-width=".24">'
        f"{''.join(lines)}</g></svg>"
    )


def microtext(number: str, check: str) -> str:
    """One line of tiny print: the number and the content check, over and over. Digits and Latin: Hangul breaks up."""
    return " ".join([f"{number} {check}"] * 16)
