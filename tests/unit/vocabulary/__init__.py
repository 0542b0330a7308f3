"""That every code that our programs can make has its words, wherever somebody may read it."""
