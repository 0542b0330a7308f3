"""Where the fonts are, and how they are read: 90 MB, which nothing has to wait for that can be done beside it."""

import threading
from pathlib import Path
from typing import Final, NamedTuple

import typst

FONT_FOLDER: Final = Path("/usr/share/fonts/opentype/noto")


class Faces(NamedTuple):
    """Where the fonts are, and the families that the forms name; `package` brings them."""

    folder: Path
    families: tuple[str, ...]
    package: str


CERTIFICATE_FACES: Final = Faces(FONT_FOLDER, ("Noto Sans CJK KR", "Noto Serif CJK KR"), "fonts-noto-cjk")


def read_fonts(folder: Path) -> typst.Fonts:
    """The fonts of a folder and no others; none where there is no such folder."""
    return typst.Fonts(False, False, [str(folder)] if folder.is_dir() else [])


class FontsAhead:
    """Fonts being read on a thread of their own, which leaves Python alone meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: typst.Fonts | None = None
        self._reader = threading.Thread(target=self._run, daemon=True)
        self._reader.start()

    def _run(self) -> None:
        self._read = read_fonts(self._folder)

    def wait(self) -> typst.Fonts:
        """The fonts. What failed beside is tried again here, where it is raised."""
        self._reader.join()
        return self._read or read_fonts(self._folder)
