"""What lies under a finished page: the void ground on each, and the document's own data for whoever verifies it."""

import io
from typing import Any, Final

import pikepdf
from msgspec import Struct

from kiosk.worker.screens import HEIGHT, WHOLE_PAGE, WIDTH

# The page-piece dictionary (ISO 32000-1, 14.5) that carries the data, what set the page, and the ground's two screens.
DATA_KEY: Final = "/Changgu"
SETTER_KEY: Final = "/Setter"
GROUND_KEY: Final = "/Ground"
# What a page's resources call the ground.
GROUND_NAME: Final = "/ChangguGround"


class Private(Struct, frozen=True):
    """The canonical JSON of the data, the line that names form, fonts and libraries, and the screens (`2/8 4/24`)."""

    data: bytes
    made_by: str
    screens: str


def lay_under(bare: bytes, ground: bytes, private: Private) -> bytes:
    """The document with the void ground under each page, and its data as the document's private data.

    Private data is allowed in PDF/A-2, where an attached JSON would not be. It lets a verifier set the page again; it
    leaves this machine with the page only, for the printer, and says nothing that the page does not.
    """
    with pikepdf.open(io.BytesIO(bare)) as pdf:
        shared = pdf.make_indirect(_mask(pdf, ground))
        paint = f"/Artifact BMC q {WHOLE_PAGE} /ChangguGround Do Q EMC\n".encode()
        for page in pdf.pages:
            if "/XObject" not in page.Resources:
                page.Resources["/XObject"] = pikepdf.Dictionary()
            page.Resources["/XObject"][GROUND_NAME] = shared
            page.contents_add(pikepdf.Stream(pdf, paint), prepend=True)
        pdf.Root["/PieceInfo"] = pikepdf.Dictionary({DATA_KEY: _piece(pdf, private)})
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return out.getvalue()


def _mask(pdf: pikepdf.Pdf, ground: bytes) -> Any:
    image = pikepdf.Stream(pdf, b"")
    image.write(ground, filter=pikepdf.Name.FlateDecode)
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent, image.ImageMask = WIDTH, HEIGHT, 1, True
    return image


def _piece(pdf: pikepdf.Pdf, private: Private) -> Any:
    stamp = pdf.docinfo.get("/CreationDate", pikepdf.String("D:19700101000000Z"))
    data = pdf.make_indirect(pikepdf.Stream(pdf, private.data))
    piece = pikepdf.Dictionary({"/LastModified": stamp, "/Private": data})
    piece[SETTER_KEY] = pikepdf.String(private.made_by)
    piece[GROUND_KEY] = pikepdf.String(private.screens)
    return piece
