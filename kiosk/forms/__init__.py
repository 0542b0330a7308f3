"""Tries forms out: a new bundle before its first use, a form while a clerk edits it, a gallery of all forms."""
