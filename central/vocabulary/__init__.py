"""The words for the codes of machines and of central, in each language: one table for each kind of code.

`tests/unit/vocabulary` gathers every code that our programs make and fails while one of them has no words here, or
words stand here for no code.
"""
