"""The presenter: holds the sheets inside, pushes them into the mouth, pulls back what nobody takes."""
