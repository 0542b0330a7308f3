"""Whether a certificate is genuine: its seal against the trust list, and for a PDF every byte of its pages.

A page is a function of its data and its seal, so the data that a PDF carries (held against the seal's content hash) is
set again and compared: whatever was altered, text or picture, differs. A picture or a scan shows only its seal; the
person compares the fields. The reasons are in docs/decisions/. We say "contents genuine", never "original": a photocopy
carries the same seal.
"""

import io
import zlib
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pikepdf
import pypdfium2 as pdfium
from msgspec import Struct
from PIL import Image

from kiosk.protocol.canonical import canonical_json, content_hash
from kiosk.protocol.not_json import NOT_JSON
from kiosk.protocol.seal import PREFIX, SealPayload, SealState, content_prefix, read_seal
from kiosk.protocol.trust import TrustList
from kiosk.worker.contents import check_contents
from kiosk.worker.faces import FONT_FOLDER
from kiosk.worker.marks import TEST_MARK
from kiosk.worker.pictures import Seen, Trouble, glance, look_at, look_into
from kiosk.worker.provenance import setter
from kiosk.worker.read_back import decode_seal, opened, page_texts
from kiosk.worker.render import Renderer, RenderJob
from kiosk.worker.screens import Pair, pair_of
from kiosk.worker.templates import DEFAULT_ROOT, Template, load_templates
from kiosk.worker.underlay import DATA_KEY, GROUND_KEY, SETTER_KEY

MAX_FILE_BYTES = 32 << 20
_MAX_PAGES = 60
_MAX_SIDE_PT = 2_000
_MAX_DATA_BYTES = 1 << 20


class Finding(StrEnum):
    """What can be said. CONTENTS_GENUINE: seal and pages are as issued. SEAL_GENUINE: the seal is.

    NOT_COMPARED: the seal is genuine, but this machine lacks the form, fonts or libraries to set it again.
    """

    CONTENTS_GENUINE = "contents-genuine"
    SEAL_GENUINE = "seal-genuine"
    NOT_COMPARED = "not-compared"
    NOT_GENUINE = "not-genuine"
    UNKNOWN_ISSUER = "unknown-issuer"
    EXPIRED = "expired"
    LIST_TOO_OLD = "list-too-old"
    UNREADABLE = "unreadable"


class Report(Struct, frozen=True):
    """The finding, what the seal says (once its signature is proved), and why for technicians.

    `trouble`: why nothing was read, where the finding is UNREADABLE.
    """

    finding: Finding
    payload: SealPayload | None = None
    issuer_name: str = ""
    reason: str = ""
    trouble: Trouble | None = None


def verify(source: Path | str | bytes, trust: TrustList, now: int, root: Path = DEFAULT_ROOT) -> Report:
    """Judge a file or its bytes (PDF, PNG, JPEG), or a seal's text (`KC1:…`), at `now` (seconds since 1970).

    Raises OSError when the file can't be read; whatever it contains gives a report.
    """
    if isinstance(source, str):
        return _judge_seal(typed(source), trust, now)
    content = source if isinstance(source, bytes) else _read(source)
    if len(content) > MAX_FILE_BYTES:
        return Report(Finding.UNREADABLE, reason="larger than any certificate", trouble=Trouble.TOO_LARGE)
    if content.startswith(b"%PDF"):
        return _verify_pdf(content, trust, now, root)
    if content[: len(PREFIX)].upper() == PREFIX.encode():
        return _judge_seal(typed(content.decode("utf-8", "replace")), trust, now)
    return _judge_seen(look_into(content), trust, now)


def verify_frames(
    frames: Sequence[Path | str | bytes], trust: TrustList, now: int, root: Path = DEFAULT_ROOT
) -> Report:
    """Judge several pictures of one paper: of those that can be read, what speaks most against it; else what the best
    of the unread says. Pictures with different seals are not of one paper.

    Raises OSError when none of the files can be read.
    """
    found: list[Report] = []
    fault: OSError | None = None
    for frame in frames:
        try:
            found.append(verify(frame, trust, now, root))
        except OSError as error:
            fault = error
    if not found:
        raise fault or ValueError("nothing to verify")
    read = [report for report in found if report.finding is not Finding.UNREADABLE]
    if len({report.payload for report in read if report.payload is not None}) > 1:
        reason = "the pictures are of different papers"
        return Report(Finding.UNREADABLE, reason=reason, trouble=Trouble.SEVERAL_CODES)
    return min(read, key=_speaks_for) if read else max(found, key=_tells)


def typed(text: str) -> str:
    """A seal's text as a barcode scanner types it: with a line's end behind it, and maybe with capitals locked."""
    text = text.strip("\r\n\t\ufeff")
    return text.upper() if text[: len(PREFIX)].upper() == PREFIX else text


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(MAX_FILE_BYTES + 1)


def _speaks_for(report: Report) -> int:
    """How much a report says for the paper; whatever says anything against it says least."""
    steps = (Finding.SEAL_GENUINE, Finding.NOT_COMPARED, Finding.CONTENTS_GENUINE)
    return steps.index(report.finding) + 1 if report.finding in steps else 0


def _tells(report: Report) -> int:
    return -1 if report.trouble is None else tuple(Trouble).index(report.trouble)


def _judge_seen(seen: Seen, trust: TrustList, now: int) -> Report:
    if seen.trouble is not None:
        return Report(Finding.UNREADABLE, reason="no seal was found", trouble=seen.trouble)
    return _judge_seal(seen.seal, trust, now)


def _judge_seal(text: str, trust: TrustList, now: int) -> Report:
    if text == TEST_MARK:
        return Report(Finding.NOT_GENUINE, reason="a test print or a specimen")
    if not text.startswith(PREFIX):
        return Report(Finding.UNREADABLE, reason="a code of another kind", trouble=Trouble.OTHER_CODE)
    verdict = read_seal(text, trust, now)
    if verdict.state is SealState.UNREADABLE:
        return Report(Finding.UNREADABLE, reason=verdict.reason, trouble=Trouble.CODE_DAMAGED)
    finding = Finding.SEAL_GENUINE if verdict.state is SealState.GENUINE else Finding(verdict.state.value)
    return Report(finding, verdict.payload, verdict.issuer_name, verdict.reason)


class Carried(NamedTuple):
    """What a document says about itself, believed only as far as the seal covers it."""

    data: dict[str, Any]
    made_by: str
    pair: Pair


def _verify_pdf(content: bytes, trust: TrustList, now: int, root: Path) -> Report:
    try:
        found, pages = _look_into(content)
        carried = _carried(content)
        has_text = any(text.strip() for text in page_texts(content))
    except (
        Exception
    ) as error:  # two parsers of other people's bytes: whatever they raise, it is no certificate
        reason = f"not a PDF that can be read ({type(error).__name__})"
        return Report(Finding.UNREADABLE, reason=reason, trouble=Trouble.NOT_A_PICTURE)
    seen = _judge_seen(found, trust, now)
    if seen.finding is not Finding.SEAL_GENUINE or seen.payload is None:
        return seen
    if pages != seen.payload.pages:
        return _not(seen, f"{pages} pages instead of {seen.payload.pages}")
    if carried is None:
        # A scan has no text and can only be compared by eye; text without our data is not what was issued.
        return _not(seen, "the file's data is missing or altered") if has_text else seen
    return _compare(content, found.seal, carried, seen, root)


def _uncompared(seen: Report, reason: str) -> Report:
    return msgspec.structs.replace(seen, finding=Finding.NOT_COMPARED, reason=reason)


def _not(seen: Report, reason: str) -> Report:
    return msgspec.structs.replace(seen, finding=Finding.NOT_GENUINE, reason=reason)


def _look_into(content: bytes) -> tuple[Seen, int]:
    """The seal (at its place, else anywhere) and the number of pages."""
    with opened(content) as document:
        pages = len(document)
        sizes = [side for index in range(min(pages, _MAX_PAGES)) for side in document[index].get_size()]
        if not 0 < pages <= _MAX_PAGES or not 0 < max(sizes) <= _MAX_SIDE_PT:
            return Seen(trouble=Trouble.TOO_LARGE), pages
        if (seal := decode_seal(document[pages - 1])) and pages == 1:
            return Seen(seal), pages
        found = [glance(_page(document, index)).seal for index in range(pages)]
        seals = {text for text in (seal, *found) if text.startswith(PREFIX) or text == TEST_MARK}
        if len(seals) > 1 and TEST_MARK not in seals:
            return Seen(trouble=Trouble.SEVERAL_CODES), pages
        if seals:
            return Seen(TEST_MARK if TEST_MARK in seals else seals.pop()), pages
        for index in reversed(range(pages)):
            seen = look_at(_page(document, index))
            if seen.seal or seen.trouble is not Trouble.NO_CODE:
                return seen, pages
        return Seen(trouble=Trouble.NO_CODE), pages


def _page(document: pdfium.PdfDocument, index: int) -> Image.Image:
    page: Image.Image = document[index].render(scale=200 / 72, grayscale=True).to_pil()
    return page


def _carried(content: bytes) -> Carried | None:
    """The data and the setter's line that the document carries; None when there is nothing that could be ours."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        try:
            piece: Any = pdf.Root["/PieceInfo"][DATA_KEY]
            raw, made_by = _inflated(piece["/Private"]), str(piece[SETTER_KEY])
            pair = pair_of(str(piece[GROUND_KEY]))
        except (KeyError, TypeError, AttributeError, ValueError, zlib.error):
            return None
    try:
        data = msgspec.json.decode(raw, type=dict[str, Any])
    except NOT_JSON:
        return None
    return Carried(data, made_by, pair) if canonical_json(data) == raw else None


def _inflated(stream: Any) -> bytes:
    """A stream's bytes, at most so many: a small file can hold a huge one."""
    raw: bytes = stream.read_raw_bytes()
    return zlib.decompressobj().decompress(raw, _MAX_DATA_BYTES) if "/Filter" in stream else raw


@cache
def _renderer(root: Path) -> tuple[dict[str, Template], Renderer]:
    """The forms, and a typesetter for them: made once, and only when there is something to compare."""
    templates = load_templates(root)
    return templates, Renderer(templates, root)


def _compare(content: bytes, seal: str, carried: Carried, seen: Report, root: Path) -> Report:
    """Set the page again from the data that the seal covers, and compare byte for byte. May raise WorkError."""
    payload = seen.payload
    assert payload is not None
    if content_prefix(content_hash(carried.data)) != payload.content:
        return _not(seen, "the data in the file is not what was sealed")
    templates, renderer = _renderer(root)
    template = templates.get(payload.template)
    if template is None:
        return _uncompared(seen, f"form {payload.template} is not here")
    check_contents(template, carried.data)
    again = renderer.render(RenderJob(template.id, carried.data, payload, seal, ground=str(carried.pair)))
    if again == content:
        return msgspec.structs.replace(seen, finding=Finding.CONTENTS_GENUINE)
    here = setter(template, FONT_FOLDER)
    if carried.made_by != here:
        return _uncompared(seen, f"made with {carried.made_by}; here: {here}")
    texts = zip(page_texts(content), page_texts(again), strict=False)
    pages = [str(number) for number, (there, issued) in enumerate(texts, start=1) if there != issued]
    return _not(
        seen, f"page {', '.join(pages)} reads otherwise than issued" if pages else "the file was altered"
    )
