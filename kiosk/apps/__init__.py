"""Composition: the only modules that know everybody. One a program."""
