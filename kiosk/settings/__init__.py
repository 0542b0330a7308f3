"""This machine's settings: one TOML file of tables, read once at the start of each program."""

from kiosk.settings.reading import (
    DEFAULT_RUN,
    RUN_VARIABLE,
    SettingsError,
    default_run,
    load,
    settings_in,
    text_of,
)
from kiosk.settings.tables import (
    Card,
    Cash,
    Hopper,
    Printer,
    Receipt,
    Screen,
    Settings,
    Terminal,
    Ups,
    Validator,
)

__all__ = [
    "DEFAULT_RUN",
    "RUN_VARIABLE",
    "VERSION",
    "Card",
    "Cash",
    "Hopper",
    "Printer",
    "Receipt",
    "Screen",
    "Settings",
    "SettingsError",
    "Terminal",
    "Ups",
    "Validator",
    "default_run",
    "load",
    "settings_in",
    "text_of",
]

VERSION = "0.1.0"
