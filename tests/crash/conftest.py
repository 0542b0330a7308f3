"""A start of a whole machine does not load the same libraries once more."""

from tests.rig.forked import parents, programs_of_one_parent

__all__ = ["parents", "programs_of_one_parent"]
