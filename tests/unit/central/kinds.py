"""Kinds of journal rows by what they are to central."""

from typing import Final, get_args

from central.fleet.interpret import OnlyStored
from kiosk.protocol.journal import TYPES

ACTED_ON: Final = sorted(set(TYPES) - {each.kind for each in get_args(OnlyStored)})
"""What changes something at central, or warns somebody there."""
