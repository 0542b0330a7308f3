"""What each screen says and offers: one function a screen, from the visit's value to a Page."""
