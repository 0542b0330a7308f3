"""The cadastral and forest maps: where each lot lies, and what a certificate shows of it and its neighbours."""
