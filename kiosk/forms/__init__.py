"""Trying forms out: a new bundle before it may serve, a form as a clerk edits it, a gallery of them all."""
