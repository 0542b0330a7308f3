"""The sheet on which a technician finds a printer's two screens: 9 × 9 pairs, the word hidden in each.

Toner prints small dots lighter than large ones, each printer in its own way. On the right cell the word is not to be
seen on the print and stands out on a photocopy of it. The sheet is one 1-bit image on the grid of a 600 dpi page, as
the void ground itself: what is judged is what is printed.
"""

import io
import zlib
from typing import Final

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from kiosk.worker.ground import FONT, KR_FACE, WORD, screened
from kiosk.worker.marks import DOT_PT
from kiosk.worker.screens import HEIGHT, WHOLE_PAGE, WIDTH, Pair, Screen

# From dark to light, so that a band of cells from one corner to the other looks even on any printer.
FINE: Final = tuple(
    Screen(*screen) for screen in ((2, 5), (3, 8), (2, 6), (3, 10), (2, 8), (3, 12), (2, 9), (2, 10), (2, 12))
)
COARSE: Final = tuple(
    Screen(*screen)
    for screen in ((4, 10), (4, 12), (5, 15), (4, 16), (4, 18), (4, 20), (4, 24), (5, 30), (4, 28))
)
CELL_WIDTH, CELL_HEIGHT = 440, 600  # dots
LEFT, TOP = 560, 1060  # of the first cell
_GAP = 20
_WORD_SIZE = 210
_HEAD = (
    (300, 84, "바탕무늬 조정지 · void ground calibration"),
    (430, 46, "1. 칸마다 '사본'이 숨어 있습니다. 팔 길이에서 글자가 가장 안 보이는 칸을 고르십시오."),
    (510, 46, "2. 이 종이를 복사해 그 칸의 글자가 또렷이 나타나는지 보십시오. 아니면 이웃 칸을 고르십시오."),
    (
        590,
        46,
        "3. kiosk calibration set --small (왼쪽) --large (위쪽) · 드럼이나 토너를 바꾸면 다시 하십시오.",
    ),
    (
        690,
        40,
        "Pick the cell whose word is hardest to see here and easy to see on a photocopy; enter its row and column.",
    ),
)
_PRINT_AS_IT_IS = (
    "인쇄: 실제 크기(100 %), 600 dpi, 토너 절약·보정 끔 · print at 100 %, 600 dpi, no toner saving"
)


def calibration_page() -> bytes:
    """The sheet as PDF."""
    page = calibration_picture()
    packed = zlib.compress(page.tobytes(), 9)
    with pikepdf.new() as pdf:
        image = pikepdf.Stream(pdf, b"")
        image.write(packed, filter=pikepdf.Name.FlateDecode)
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent, image.ColorSpace = (
            WIDTH,
            HEIGHT,
            1,
            pikepdf.Name.DeviceGray,
        )
        width, height = WIDTH * DOT_PT, HEIGHT * DOT_PT
        pdf.add_blank_page(page_size=(width, height))
        pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=pdf.make_indirect(image)))
        pdf.pages[0].contents_add(f"q {WHOLE_PAGE} /Page Do Q".encode())
        # A print server must not fit it to the paper: the dots would be others.
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(PrintScaling=pikepdf.Name("/None"))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def calibration_picture() -> Image.Image:
    """The sheet, one bit a dot, black on white."""
    page = Image.new("1", (WIDTH, HEIGHT), 1)
    draw = ImageDraw.Draw(page)
    for top, size, text in (*_HEAD, (HEIGHT - 330, 46, _PRINT_AS_IT_IS)):
        draw.text((LEFT - 200, top), text, fill=0, font=_font(size))
    letters = hidden_word()
    for column, coarse in enumerate(COARSE):
        centre = place(0, column)[0] + (CELL_WIDTH - _GAP) // 2
        draw.text((centre, TOP - 20), _written(coarse), fill=0, font=_font(60), anchor="mb")
    for row, fine in enumerate(FINE):
        middle = place(row, 0)[1] + (CELL_HEIGHT - _GAP) // 2
        draw.text((LEFT - 30, middle), _written(fine), fill=0, font=_font(60), anchor="rm")
        for column, coarse in enumerate(COARSE):
            cell = b"".join(screened(letters, Pair(fine, coarse), letters.height))
            page.paste(Image.frombytes("1", letters.size, cell), place(row, column))
    return page


def place(row: int, column: int) -> tuple[int, int]:
    """Where a cell begins, in dots from the page's top left corner."""
    return LEFT + column * CELL_WIDTH, TOP + row * CELL_HEIGHT


def hidden_word() -> Image.Image:
    """White where the word is; a cell's size, its width in whole bytes."""
    cell = Image.new("1", (CELL_WIDTH - _GAP - (CELL_WIDTH - _GAP) % 8, CELL_HEIGHT - _GAP), 0)
    ImageDraw.Draw(cell).text(
        (cell.width / 2, cell.height / 2), WORD, fill=1, font=_font(_WORD_SIZE), anchor="mm"
    )
    return cell


def _written(screen: Screen) -> str:
    return f"{screen.dot}/{screen.pitch}"


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size, index=KR_FACE)
