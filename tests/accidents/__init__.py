"""Nobody else's paper: what went wrong elsewhere, planted here, and what becomes of it. The list is docs/accidents.md.

Each module is one accident: what happened, the fault planted in our own code or data, the refusal that ends the visit
before paper moves, and the same path without the fault, which delivers.
"""
