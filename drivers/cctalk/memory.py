"""Which models forget their lifetime count without power: from the makers' papers, since ccTalk has no way to ask.

A model that is not here is believed to remember until it is seen to have forgotten.
"""

FORGETFUL = frozenset({"CA-4F", "H-100F"})
