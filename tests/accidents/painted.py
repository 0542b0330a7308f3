"""Altering a finished PDF as a fault would: a piece of text shifted, whitened, hidden; something painted over it."""

import io
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pikepdf

from kiosk.worker.likeness import FOOTER, HEADER
from kiosk.worker.pieces import Kind, Piece, pieces_of
from kiosk.worker.read_back import opened

Paint = Callable[[pikepdf.Pdf], None]


def edited(pdf: bytes, paint: Paint) -> bytes:
    """The document with the change. What it says about itself stays."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        paint(document)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def body(pdf: bytes, page: int) -> list[Piece]:
    """The texts between head and foot of a page."""
    with opened(pdf) as document:
        pieces = pieces_of(document[page])
    texts = [piece for piece in pieces if piece.kind is Kind.TEXT and piece.text]
    return [piece for piece in texts if not piece.box.meets(HEADER) and not piece.box.meets(FOOTER)]


def edges(pdf: bytes, page: int) -> list[Piece]:
    """The upright lines of a page's tables."""
    with opened(pdf) as document:
        pieces = pieces_of(document[page])
    lines = [piece for piece in pieces if piece.kind is Kind.PATH and len(piece.look.shape) == 4]
    return [
        line for line in lines if line.box.right - line.box.left < 2 and line.box.top - line.box.bottom > 9
    ]


def over(pdf: bytes, commands: str, page: int) -> bytes:
    """Painted after everything else."""

    def paint(document: pikepdf.Pdf) -> None:
        target = document.pages[page]
        target.contents_add(pikepdf.Stream(document, f"/Artifact BMC q {commands} Q EMC".encode()))

    return edited(pdf, paint)


def with_text(pdf: bytes, piece: Piece, change: Callable[[list[Any]], Iterable[Any]], page: int) -> bytes:
    """The instructions that paint this piece, from its `q` to its `Q`, replaced by what `change` makes of them."""

    def paint(document: pikepdf.Pdf) -> None:
        target = document.pages[page]
        before: list[Any] = list(pikepdf.parse_content_stream(target))
        begin = next(at for at in range(len(before)) if _paints(before, at, piece))
        end = next(at for at in range(begin, len(before)) if str(before[at].operator) == "Q")
        after = [*before[:begin], *change(before[begin : end + 1]), *before[end + 1 :]]
        target.Contents = pikepdf.Stream(document, pikepdf.unparse_content_stream(after))

    return edited(pdf, paint)


def _paints(instructions: list[Any], at: int, piece: Piece) -> bool:
    """Whether a text begins here whose base line runs through the piece's place."""
    names = [str(one.operator) for one in instructions[at : at + 5]]
    if names[:2] != ["q", "cm"] or "BT" not in names:
        return False
    x, y = (float(part) for part in instructions[at + 1].operands[4:6])
    box = piece.box
    return abs(x - box.left) < 3 and box.bottom - 1 < y < box.top


def instruction(operands: Iterable[Any], operator: str) -> Any:
    """One drawing instruction."""
    return pikepdf.ContentStreamInstruction(list(operands), pikepdf.Operator(operator))


def shifted(pdf: bytes, piece: Piece, page: int, dx: float, dy: float = 0.0) -> bytes:
    """The piece elsewhere on its page."""

    def change(found: list[Any]) -> list[Any]:
        *turn, x, y = found[1].operands
        moved = [*turn, _number(float(x) + dx), _number(float(y) + dy)]
        return [found[0], instruction(moved, "cm"), *found[2:]]

    return with_text(pdf, piece, change, page)


def whitened(pdf: bytes, piece: Piece, page: int) -> bytes:
    """The piece in white."""

    def change(found: list[Any]) -> list[Any]:
        at = next(at for at, one in enumerate(found) if str(one.operator) == "scn")
        return [*found[:at], instruction([1], "scn"), *found[at + 1 :]]

    return with_text(pdf, piece, change, page)


def unpainted(pdf: bytes, piece: Piece, page: int) -> bytes:
    """The piece as text that is neither filled nor outlined."""

    def change(found: list[Any]) -> list[Any]:
        return [instruction([3], "Tr") if str(one.operator) == "Tr" else one for one in found]

    return with_text(pdf, piece, change, page)


def clipped(pdf: bytes, piece: Piece, page: int) -> bytes:
    """The piece cut off in its middle."""
    box = piece.box
    left = [box.left - 5, box.bottom - 5, (box.right - box.left) / 2 + 5, 40]
    cut = [
        instruction([], "q"),
        instruction(map(_number, left), "re"),
        instruction([], "W"),
        instruction([], "n"),
    ]
    return with_text(pdf, piece, lambda found: [*cut, *found, instruction([], "Q")], page)


def on_a_layer(pdf: bytes, piece: Piece, page: int) -> bytes:
    """The piece on a layer that is switched off."""
    layered = with_text(
        pdf,
        piece,
        lambda found: [
            instruction([pikepdf.Name.OC, pikepdf.Name.MC0], "BDC"),
            *found,
            instruction([], "EMC"),
        ],
        page,
    )

    def paint(document: pikepdf.Pdf) -> None:
        group = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="layer"))
        off = pikepdf.Dictionary(OFF=pikepdf.Array([group]))
        document.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([group]), D=off)
        document.pages[page].Resources.Properties = pikepdf.Dictionary(MC0=group)

    return edited(layered, paint)


def removed(pdf: bytes, piece: Piece, page: int) -> bytes:
    """The page without the piece."""
    return with_text(pdf, piece, lambda _found: [], page)


def tofu(pdf: bytes, piece: Piece, page: int) -> bytes:
    """The piece with its last glyph turned into the font's empty box, and read as before."""
    last = piece.text[-1]

    def change(found: list[Any]) -> list[Any]:
        at = next(at for at, one in enumerate(found) if str(one.operator) == "TJ")
        [run] = found[at].operands
        parts = list(run)
        spot = max(index for index, part in enumerate(parts) if isinstance(part, pikepdf.String))
        parts[spot] = pikepdf.String(bytes(parts[spot])[:-2] + b"\x00\x00")
        return [*found[:at], instruction([pikepdf.Array(parts)], "TJ"), *found[at + 1 :]]

    def read_as_before(document: pikepdf.Pdf) -> None:
        for font in document.pages[page].Resources.Font.values():
            table = font.ToUnicode.read_bytes()
            code = last.encode("utf-16-be").hex().upper().encode()
            line = b"1 beginbfchar\n<0000> <" + code + b">\nendbfchar\nendcmap"
            font.ToUnicode = pikepdf.Stream(document, table.replace(b"endcmap", line, 1))

    return edited(with_text(pdf, piece, change, page), read_as_before)


def _number(value: float) -> Decimal:
    return Decimal(f"{value:.3f}")
