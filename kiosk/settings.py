"""This machine's settings: one TOML file, read once at the start of each program."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from kiosk.ledger.terms import LedgerTerms
from kiosk.protocol import exits
from kiosk.protocol.fault import RefusalError

VERSION = "0.1.0"


RUN_VARIABLE = "CHANGGU_RUN"


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

    kiosk_id: str
    run_dir: str
    site: str
    machine: str
    municipality: str
    help_phone: str
    central_url: str
    printer_uri: str
    printer_snmp: str = ""
    printer_snmp_port: Annotated[int, Meta(ge=1, le=65_535)] = 161
    printer_snmp_version: Literal["1", "2c"] = "2c"
    cash_port: str = "dev/cash"
    presenter_port: str = "dev/presenter"
    receipt_port: str = "dev/receipt"
    card_reader: bool = False
    updates: Literal["by-itself", "when-asked"] = "by-itself"
    card_service: Literal["pcsc", "direct"] = "pcsc"
    card_socket: str = "/run/pcscd/pcscd.comm"
    terminal: Annotated[str, Meta(pattern=r"^(|.+:[0-9]{1,5})$")] = ""
    terminal_password: Annotated[str, Meta(pattern=r"^[0-9]{6}$")] = "000000"
    card_s: Annotated[int, Meta(ge=20, le=300)] = 90
    panel: str = "27-portrait"
    ground: dict[str, str] = {}
    ups: str = ""
    ups_user: str = ""
    ups_password: str = ""
    battery_s: Annotated[int, Meta(ge=0, le=600)] = 10
    halt_after_s: Annotated[int, Meta(ge=10, le=86_400)] = 120
    halt_command: tuple[str, ...] = ()
    sound: bool = True
    loudness: Annotated[int, Meta(ge=1, le=100)] = 60
    denominations: tuple[int, ...] = (100, 500)
    hopper_coin: int = 100
    hopper_fill: int = 60
    hopper_low: int = 20
    second_hopper_coin: int = 0
    second_hopper_fill: int = 0
    note_reader: bool = False
    notes: tuple[int, ...] = (1_000, 5_000, 10_000)
    note_checksum: Literal["crc", "plain"] = "crc"
    take_s: Annotated[int, Meta(ge=5, le=600)] = 60
    stall_s: Annotated[int, Meta(ge=1, le=120)] = 8
    evidence_s: Annotated[int, Meta(ge=2, le=120)] = 20
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


def load(file: Path) -> Settings:
    """Read and check the file. Raises SettingsError."""
    try:
        raw = tomllib.loads(file.read_text("utf-8"))
        raw.setdefault("run_dir", str(file.resolve().parent))
        return msgspec.convert(raw, Settings)
    except OSError as error:
        fault = exits.fault_of(error)
        mend, code = (fault.mend, fault.code) if fault is not None else ("", exits.USAGE)
        if code == exits.USAGE:
            mend = f"name a machine's run directory with --run or {RUN_VARIABLE}"
        raise SettingsError(f"{file}: cannot be read ({error.strerror}); {mend}", code) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not valid TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise SettingsError(f"{file}: {error}; compare with config/kiosk.toml") from error
