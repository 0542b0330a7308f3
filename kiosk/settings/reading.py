"""How kiosk.toml is read and checked: whichever form it has, and what no type can say of it."""

import os
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from kiosk import bounds
from kiosk.bounds import explained, one_line
from kiosk.order.policies import accepted
from kiosk.protocol import exits
from kiosk.protocol.fault import RefusalError
from kiosk.settings.former import Tabled, tabled
from kiosk.settings.tables import Settings
from kiosk.whole_file import OddFileError, read_whole_file
from kiosk.worker.screens import pair_of

RUN_VARIABLE = "CHANGGU_RUN"
DEFAULT_RUN = "/var/lib/changgu"
MOST_BYTES = 256 << 10


class SettingsError(RefusalError):
    """The settings file is missing or wrong; the message names the file, the field and how to mend it."""


def default_run() -> Path:
    """The run directory when nobody names one."""
    return Path(os.environ.get(RUN_VARIABLE, DEFAULT_RUN))


def load(file: Path) -> Settings:
    """Read and check the file. Raises SettingsError."""
    try:
        return settings_in(text_of(file), file)
    except OddFileError as error:
        raise SettingsError(str(error)) from error
    except OSError as error:
        fault = exits.fault_of(error)
        mend, code = (fault.mend, fault.code) if fault is not None else ("", exits.USAGE)
        if code == exits.USAGE:
            mend = f"name a machine's run directory with --run or {RUN_VARIABLE}"
        raise SettingsError(f"{file}: cannot be read ({error.strerror}); {mend}", code) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: not valid TOML: {one_line(str(error))}") from error


def text_of(file: Path) -> str:
    """The file's text, without the mark that some editors put before it. Raises OSError, UnicodeDecodeError."""
    return read_whole_file(file, MOST_BYTES).decode("utf-8-sig")


def settings_in(text: str, file: Path) -> Settings:
    """What a text says that stands in that file, or will. Raises SettingsError."""
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # tomllib raises both beside its own TOMLDecodeError
        raise SettingsError(f"{file}: not valid TOML: {one_line(str(error))}") from error
    try:
        return _checked(tabled({"run_dir": str(file.resolve().parent), **raw}))
    except msgspec.ValidationError as error:
        raise SettingsError(f"{file}: {error}; compare with config/kiosk.toml") from error


def _checked(found: Tabled) -> Settings:
    """Raises msgspec.ValidationError with the sentence about what is wrong."""
    try:
        settings = msgspec.convert(found.tables, Settings)
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(explained(error, Settings, found.name)) from error
    for place, allowed in _troubles(settings, found.name):
        if allowed:
            raise msgspec.ValidationError(f"{found.name(place)} has to be {allowed}")
    return settings


def _troubles(settings: Settings, called: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """What no type can say: by the setting's place, what would be allowed, or ""."""
    yield "central_url", bounds.uri_trouble(settings.central_url, bounds.URL)
    yield "printer.uri", bounds.uri_trouble(settings.printer.uri, bounds.IPP)
    yield "terminal.address", bounds.terminal_trouble(settings.terminal.address)
    yield "ups.address", bounds.ups_trouble(settings.ups.address)
    yield "cash.coins", bounds.twice(settings.cash.coins, bounds.COINS)
    yield "cash.notes.values", bounds.twice(settings.notes_taken, bounds.NOTES)
    pays = settings.hopper_coins[0]
    if not accepted(settings.cash.coins, pays):
        hopper = called("cash.hoppers[0].coin")
        yield "cash.coins", f"a coin, or coins, of which {hopper} ({pays}) can pay one back"
    for screens in settings.printer.ground.values():
        try:
            pair_of(screens)
        except ValueError as error:
            yield "printer.ground", f"{bounds.SCREENS}: {error}"
