"""A certificate as text to be read aloud: its pages in reading order, said once, without what only eyes compare.

The reading order is that of the tags (PDF/UA-1), in which the page's text stands. A reading program that knows PDF gets
the tables with their heads from those; this is for whatever speaks plain text. Docs: decision 0016.
"""

import re
from collections.abc import Iterator

from kiosk.protocol.seal_payload import SealPayload
from kiosk.worker.imprint import Imprint, imprint
from kiosk.worker.read_back import page_texts

# A covered number ("800101-1******") would be read as so many stars.
_COVERED = re.compile(r"\*{2,}")
_STARS_AROUND = re.compile(r"(?<!\*)\*([\d.,]+)\*(?!\*)")
_COVERED_WORD = "(가림)"
# A title set wide comes out letter by letter.
_SPELLED = re.compile(r"(?<!\S)(?:[가-힣()] ){2,}[가-힣()](?!\S)")
_RULED = re.compile(r"-{2,} (.*?) -{2,}")


def spoken_text(pdf: bytes, payload: SealPayload) -> str:
    """The text of a certificate that was set under `payload`, one paragraph a line."""
    shown = imprint(payload)
    pages = page_texts(pdf)
    return "\n".join(line for at, text in enumerate(pages) for line in _page(text, at, len(pages), shown))


def _page(text: str, at: int, pages: int, shown: Imprint) -> Iterator[str]:
    if pages > 1:
        yield f"{pages}쪽 가운데 {at + 1}쪽."
    count = f"{at + 1} / {pages}"
    for raw in text.replace("\ufffe", "-").splitlines():
        line = " ".join(raw.split())
        # The number is said once; the microtext, check value and n/N at the foot are there to be looked at.
        foot = line.startswith(shown.micro[:20]) or shown.check in line
        again = at > 0 and shown.number in line and count in line
        if not line or foot or again or line == count:
            continue
        yield _said(line.removesuffix(count).strip())


def _said(line: str) -> str:
    line = _SPELLED.sub(lambda found: found[0].replace(" ", ""), line)
    line = _RULED.sub(r"\1.", line)
    line = _STARS_AROUND.sub(r"\1", line)
    return _COVERED.sub(_COVERED_WORD, line)
