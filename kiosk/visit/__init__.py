"""The visit: one citizen's dialogue as a value; `reduce` makes the next value, `present` the screens (pages/). Pure."""
