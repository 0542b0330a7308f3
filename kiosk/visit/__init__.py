"""The visit: one citizen's dialogue as a value. `reduce` takes it on, `present` draws it. Pure."""
