"""The panel a machine has: pixels, millimetres, and how high it hangs. One TOML file each in config/panels/."""

import tomllib
from pathlib import Path

import msgspec
from msgspec import Struct

from kiosk.protocol import exits
from kiosk.protocol.fault import EnvironmentFault

PANELS = Path(__file__).resolve().parent.parent / "config" / "panels"


class PanelError(EnvironmentFault):
    """The panel's file is missing or wrong; the message names the file and how to mend it."""

    exit_code = exits.USAGE


class Panel(Struct, frozen=True, forbid_unknown_fields=True):
    """The lit area in px and mm; `bottom_mm`: its lower edge above the floor; `reach_top_mm`: no control above."""

    width_px: int
    height_px: int
    width_mm: float
    height_mm: float
    bottom_mm: float
    reach_top_mm: float

    @property
    def px_per_mm(self) -> float:
        """How many pixels a millimetre has, along the width."""
        return self.width_px / self.width_mm

    @property
    def out_of_reach_px(self) -> int:
        """The height of the strip at the top in which nothing may be pressed."""
        above = self.bottom_mm + self.height_mm - self.reach_top_mm
        return max(0, round(above * self.px_per_mm))


def load(name: str) -> Panel:
    """The panel of that name in config/panels/, or of that file if it is a path to one. Raises PanelError."""
    file = Path(name) if name.endswith(".toml") else PANELS / f"{name}.toml"
    try:
        panel = msgspec.convert(tomllib.loads(file.read_text("utf-8")), Panel)
    except OSError as error:
        known = ", ".join(sorted(path.stem for path in PANELS.glob("*.toml")))
        raise PanelError(f"{file}: cannot be read ({error.strerror}); known panels: {known}") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PanelError(f"{file}: {error}; compare with config/panels/27-portrait.toml") from error
    if min(msgspec.structs.astuple(panel)) <= 0:
        raise PanelError(f"{file}: every size must be above 0")
    return panel
