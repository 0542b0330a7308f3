"""The visit: one citizen's dialogue as a value; `reduce` takes it on, `present` writes its screens (pages/). Pure."""
