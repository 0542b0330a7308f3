"""What a type's source.toml says of its map: `[map]`, how large it is on paper and at which scales it may be drawn."""

from collections.abc import Mapping

from msgspec import Struct

WHOLE, NONE = "whole", "none"
_SHARE = 0.9  # of the frame: its neighbours are to be seen too


class MapSource(Struct, frozen=True, forbid_unknown_fields=True):
    """`frame_mm`: width and height of the map on the page. `scales`: those of the law, the largest first (500 for
    1:500). `option`: whose choice says which: a scale, `whole` for the register's own or the next at which the whole
    lot has room, or `none` for no map. `letter_mm`: how high the letters on the map are. `zones`: whether it shows
    zones, and the data says in which the lot is.
    """

    frame_mm: tuple[int, int]
    scales: tuple[int, ...]
    option: str
    letter_mm: float
    zones: bool = False

    def scale_for(self, options: Mapping[str, str], own: int, width: float, height: float) -> int:
        """The scale for a lot so wide and high (m) whose register says `own`; 0 where no map was asked for."""
        choice = options[self.option]
        if choice == NONE:
            return 0
        if choice != WHOLE:
            return int(choice)
        roomy = [scale for scale in self.scales if scale >= own and self._has_room(scale, width, height)]
        return roomy[0] if roomy else self.scales[-1]

    def _has_room(self, scale: int, width: float, height: float) -> bool:
        most = _SHARE * scale / 1000
        return width <= self.frame_mm[0] * most and height <= self.frame_mm[1] * most
