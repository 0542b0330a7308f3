"""This machine's settings: one TOML file, read once at the start of each program."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from kiosk import bounds
from kiosk.bounds import explained, one_line
from kiosk.ledger.terms import LedgerTerms
from kiosk.order.policies import accepted
from kiosk.protocol import exits
from kiosk.protocol.fault import RefusalError
from kiosk.whole_file import OddFileError, read_whole_file
from kiosk.worker.screens import pair_of

VERSION = "0.1.0"


RUN_VARIABLE = "CHANGGU_RUN"
DEFAULT_RUN = "/var/lib/changgu"
MOST_BYTES = 256 << 10


class SettingsError(RefusalError):
    """The settings file is missing or wrong; the message names the file, the field and how to mend it."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Who this machine is and where its wires end. Paths are absolute or relative to the file; times in seconds.

    `denominations` (KRW) are the coins taken; `hopper_coin` the coin paid out; `hopper_fill` the coins that the first
    hopper held at first (`kiosk cash counted` says what is in it since), `hopper_low` those below its sensor;
    `second_hopper_coin` and `second_hopper_fill` are another hopper's (0: there is none). `note_reader`: it was built
    with a bill validator, which takes `notes` (KRW) and checks its frames as `note_checksum` says. `panel` names a file
    of config/panels/.
    `take_s`: paper waits in the mouth; `stall_s`: a printer may stand still in a job; `evidence_s`: a citizen waits for
    a silent device.
    `printer_snmp`: the community that the printer's SNMP agent answers to, "" where it is not asked; its port and
    version. `card_reader`: this machine was built with one; without it nothing is sold that wants an identity card.
    `updates`: new certificates and forms are taken over when central has them, or only when somebody asks for them.
    `card_service`: `direct` is a desk's virtual card over its own socket, where pcscd can't run.
    `ground`: the two screens under each page, by the printer's serial (`kiosk calibration`).
    `terminal`: the payment terminal as "host:port" in numbers, "" where the machine takes no cards; `terminal_password`
    registers with it; `card_s`: how long a card may take.
    `ups`: `NAME@IP[:PORT]` at upsd, "" for a machine without one; on battery it sells nothing more after `battery_s`,
    and turns itself off with `halt_command` after `halt_after_s`, or at once when the battery is low.
    `sound`: chimes remind of what is left behind, as loud as `loudness` (1 to 100). `ledger`: how it is kept.
    """

    kiosk_id: bounds.KioskId
    run_dir: bounds.PathText
    site: bounds.Name
    machine: bounds.Name
    municipality: bounds.Name
    help_phone: bounds.Name
    central_url: bounds.HttpsUrl
    printer_uri: bounds.IppUri
    printer_snmp: bounds.Word = ""
    printer_snmp_port: bounds.Port = 161
    printer_snmp_version: Annotated[Literal["1", "2c"], Meta(description='"1" or "2c"')] = "2c"
    cash_port: bounds.PathText = "dev/cash"
    presenter_port: bounds.PathText = "dev/presenter"
    receipt_port: bounds.PathText = "dev/receipt"
    card_reader: bounds.Switch = False
    updates: Annotated[
        Literal["by-itself", "when-asked"], Meta(description='"by-itself" or "when-asked"')
    ] = "by-itself"
    card_service: Annotated[Literal["pcsc", "direct"], Meta(description='"pcsc" or "direct"')] = "pcsc"
    card_socket: bounds.PathText = "/run/pcscd/pcscd.comm"
    terminal: bounds.TerminalPlace = ""
    terminal_password: bounds.TerminalPassword = "000000"
    card_s: Annotated[int, Meta(ge=20, le=300, description="20 to 300 seconds")] = 90
    panel: bounds.PathText = "27-portrait"
    ground: bounds.Grounds = {}
    ups: bounds.UpsPlace = ""
    ups_user: bounds.Word = ""
    ups_password: bounds.Word = ""
    battery_s: Annotated[int, Meta(ge=0, le=600, description="0 to 600 seconds")] = 10
    halt_after_s: Annotated[int, Meta(ge=10, le=86_400, description="10 to 86400 seconds")] = 120
    halt_command: bounds.Command = ()
    sound: bounds.Switch = True
    loudness: Annotated[int, Meta(ge=1, le=100, description="1 to 100")] = 60
    denominations: bounds.Coins = (100, 500)
    hopper_coin: bounds.Coin = 100
    hopper_fill: bounds.Held = 60
    hopper_low: bounds.Held = 20
    second_hopper_coin: bounds.CoinOrNone = 0
    second_hopper_fill: bounds.Held = 0
    note_reader: bounds.Switch = False
    notes: bounds.Notes = (1_000, 5_000, 10_000)
    note_checksum: Annotated[Literal["crc", "plain"], Meta(description='"crc" or "plain"')] = "crc"
    take_s: Annotated[int, Meta(ge=5, le=600, description="5 to 600 seconds")] = 60
    stall_s: Annotated[int, Meta(ge=1, le=120, description="1 to 120 seconds")] = 8
    evidence_s: Annotated[int, Meta(ge=2, le=120, description="2 to 120 seconds")] = 20
    ledger: LedgerTerms = LedgerTerms()

    @property
    def hopper_coins(self) -> tuple[int, ...]:
        """The coins that the hoppers pay out (KRW), one a hopper."""
        return (self.hopper_coin, *((self.second_hopper_coin,) if self.second_hopper_coin else ()))

    def path(self, *parts: str) -> Path:
        """A path below run_dir."""
        return Path(self.run_dir).joinpath(*parts)

    def port(self, name: str) -> str:
        """`cash_port`, `presenter_port`, `receipt_port` or `card_socket` as an absolute path."""
        return str(self.path(getattr(self, name)))


def default_run() -> Path:
    """The run directory when nobody names one."""
    return Path(os.environ.get(RUN_VARIABLE, DEFAULT_RUN))


def load(file: Path) -> Settings:
    """Read and check the file. Raises SettingsError."""
    try:
        raw = tomllib.loads(text_of(file))
        raw.setdefault("run_dir", str(file.resolve().parent))
        return _checked(raw)
    except OddFileError as error:
        raise SettingsError(str(error)) from error
    except OSError as error:
        fault = exits.fault_of(error)
        mend, code = (fault.mend, fault.code) if fault is not None else ("", exits.USAGE)
        if code == exits.USAGE:
            mend = f"name a machine's run directory with --run or {RUN_VARIABLE}"
        raise SettingsError(f"{file}: cannot be read ({error.strerror}); {mend}", code) from error
    except msgspec.ValidationError as error:
        said = explained(error, Settings)
        raise SettingsError(f"{file}: {said}; compare with config/kiosk.toml") from error
    except (ValueError, RecursionError) as error:  # tomllib raises both beside its own TOMLDecodeError
        raise SettingsError(f"{file}: not valid TOML: {one_line(str(error))}") from error


def text_of(file: Path) -> str:
    """The file's text, without the mark that some editors put before it. Raises OSError, UnicodeDecodeError."""
    return read_whole_file(file, MOST_BYTES).decode("utf-8-sig")


def _checked(raw: dict[str, Any]) -> Settings:
    """Raises msgspec.ValidationError."""
    settings = msgspec.convert(raw, Settings)
    for name, allowed in _troubles(settings):
        if allowed:
            raise msgspec.ValidationError(f"{name} has to be {allowed}")
    return settings


def _troubles(settings: Settings) -> Iterator[tuple[str, str]]:
    """What no type can say: by the setting's name, what would be allowed, or ""."""
    yield "central_url", bounds.uri_trouble(settings.central_url, bounds.URL)
    yield "printer_uri", bounds.uri_trouble(settings.printer_uri, bounds.IPP)
    yield "terminal", bounds.terminal_trouble(settings.terminal)
    yield "ups", bounds.ups_trouble(settings.ups)
    yield "denominations", bounds.twice(settings.denominations, bounds.COINS)
    yield "notes", bounds.twice(settings.notes, bounds.NOTES)
    if not accepted(settings.denominations, settings.hopper_coin):
        yield (
            "denominations",
            f"a coin, or coins, of which hopper_coin ({settings.hopper_coin}) can pay one back",
        )
    for screens in settings.ground.values():
        try:
            pair_of(screens)
        except ValueError as error:
            yield "ground", f"{bounds.SCREENS}: {error}"
