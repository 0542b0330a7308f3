"""A technician's test print: faces, scale, greys, lines, microtext, ground, a seal. Never taken for a certificate.

Its seal is signed with a key that is thrown away at once, so no trust list knows it; it says TEST across the page; and
two marks on it are codes that make every verdict "not genuine", whatever other code is pasted over its seal.
"""

from pathlib import Path
from typing import Any, Final

import msgspec
import typst
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.protocol.canonical import canonical_json, content_hash
from kiosk.protocol.seal import SealPayload, content_prefix, make_seal
from kiosk.protocol.trust import kid_of, spki_of
from kiosk.worker.faces import FONT_FOLDER, read_fonts
from kiosk.worker.ground import void_ground
from kiosk.worker.imprint import imprint
from kiosk.worker.marks import TEST_MARK, band_svg, qr_svg
from kiosk.worker.refusals import Code, WorkError
from kiosk.worker.render import STANDARDS
from kiosk.worker.screens import DEFAULT_PAIR, Pair
from kiosk.worker.templates import COMMON, DEFAULT_ROOT
from kiosk.worker.underlay import Private, lay_under

ISSUER: Final = "TEST"
_PAGE = Path(__file__).resolve().parent / "pages" / "시험.typ"
_NOTICE = "효력 없음. 이 종이는 증명서가 아닙니다. · This is no certificate and proves nothing."


def trial_page(about: str, now: int, pair: Pair = DEFAULT_PAIR, root: Path = DEFAULT_ROOT) -> bytes:
    """The page as PDF. `about`: one line on machine and printer; `now` in seconds since 1970. Raises WorkError."""
    data = {"notice": _NOTICE, "about": about, "mark": qr_svg(TEST_MARK)[0]}
    payload = _worthless(data, now)
    seal = _sealed_by_nobody(payload)
    qr, dots = qr_svg(seal)
    shown = {**msgspec.structs.asdict(imprint(payload)), "band": band_svg(seal), "qr": qr, "qr_dots": dots}
    page = _compiled(root, data, shown, now)
    return lay_under(page, void_ground(pair), Private(canonical_json(data), ISSUER, str(pair)))


def _worthless(data: dict[str, Any], now: int) -> SealPayload:
    return SealPayload(
        issuer=ISSUER,
        issued_at=now,
        expires_at=now,
        number="0" * 16,
        type_code="test",
        pages=1,
        content=content_prefix(content_hash(data)),
        kiosk=ISSUER,
        subject=("TEST",),
        template="test/1",
    )


def _sealed_by_nobody(payload: SealPayload) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return make_seal(payload, key, kid_of(spki_of(key.public_key())))


def _compiled(root: Path, data: dict[str, Any], issue: dict[str, Any], now: int) -> bytes:
    common = root / COMMON / "서식.typ"
    sources: Any = {"main": _PAGE.read_bytes(), f"/{COMMON}/{common.name}": common.read_bytes()}
    fonts = read_fonts(FONT_FOLDER)
    inputs = {"data": data, "issue": issue, "words": {"blank_below": "", "qr_alt": "TEST"}}
    try:
        pdf, warnings = typst.Compiler(sources, root=str(root), font_paths=fonts).compile_with_warnings(
            input=sources,
            format="pdf",
            sys_inputs={name: msgspec.json.encode(value).decode() for name, value in inputs.items()},
            pdf_standards=list(STANDARDS),
            timestamp=now,
        )
    except typst.TypstError as error:
        raise WorkError(Code.TEMPLATE_FAULT, f"the test page does not compile: {error.message}") from error
    if warnings or not isinstance(pdf, bytes):
        raise WorkError(Code.FONTS_MISSING, "the test page: apt-get install fonts-noto-cjk")
    return pdf
