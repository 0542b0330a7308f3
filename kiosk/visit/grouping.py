"""When there are more certificates than a person looks through: their groups come first."""

from kiosk.catalogue.catalogue import Catalogue
from kiosk.visit.screens import Choose

# Up to here all stand on one screen.
ALL_AT_ONCE = 8


def in_groups(catalogue: Catalogue) -> bool:
    """Whether a group is chosen before the certificate."""
    return len(catalogue.types) > ALL_AT_ONCE and len(catalogue.categories) > 1


def group_of(catalogue: Catalogue, type_code: str) -> Choose:
    """The choice among which a type stands: its group, or all of them."""
    kind = catalogue.type(type_code)
    return Choose(category=kind.category) if kind is not None and in_groups(catalogue) else Choose()


def step_up(catalogue: Catalogue, screen: Choose) -> Choose | None:
    """What a choice was narrowed from: hits from the letters, letters and a group from the groups. None at the top."""
    if not in_groups(catalogue) or screen == Choose():
        return None
    return Choose(by_name=True) if screen.typed else Choose()
