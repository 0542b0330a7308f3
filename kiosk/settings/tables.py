"""The tables of kiosk.toml. Paths are absolute or relative to run_dir; times are in seconds, money is KRW."""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from kiosk import bounds
from kiosk.ledger.terms import LedgerTerms

Wire = Literal["cash", "presenter", "receipt", "card"]


class Screen(Struct, frozen=True, forbid_unknown_fields=True):
    """[screen]: what a citizen sees and hears."""

    panel: bounds.PathText = "27-portrait"
    """A file of config/panels/ without its ending."""
    sound: bounds.Switch = True
    """Whether chimes remind of what is left behind."""
    loudness: Annotated[int, Meta(ge=1, le=100, description="1 to 100")] = 60
    """How loud the chimes are; half the number is 12 dB less."""


class Printer(Struct, frozen=True, forbid_unknown_fields=True):
    """[printer]: the page printer and the presenter in front of it."""

    uri: bounds.IppUri
    """The printer itself, no print server before it."""
    snmp: bounds.Word = ""
    """The community that its SNMP agent answers to, "" where it is not asked."""
    snmp_port: bounds.Port = 161
    """Where that agent listens (UDP)."""
    snmp_version: Annotated[Literal["1", "2c"], Meta(description='"1" or "2c"')] = "2c"
    """Which SNMP it speaks."""
    presenter_port: bounds.PathText = "dev/presenter"
    """The presenter's serial port."""
    take_s: Annotated[int, Meta(ge=5, le=600, description="5 to 600 seconds")] = 60
    """Paper waits so long in the mouth before it is taken back."""
    stall_s: Annotated[int, Meta(ge=1, le=120, description="1 to 120 seconds")] = 8
    """The printer may stand still so long in a job before the money goes back."""
    ground: bounds.Grounds = {}
    """The two screens under each page, by the printer's serial (`kiosk calibration`)."""


class Receipt(Struct, frozen=True, forbid_unknown_fields=True):
    """[receipt]: the receipt printer."""

    port: bounds.PathText = "dev/receipt"
    """Its serial port."""


class Hopper(Struct, frozen=True, forbid_unknown_fields=True):
    """[[cash.hoppers]]: one that pays coins out."""

    coin: bounds.Coin
    """The coin that it pays out."""
    fill: bounds.Held
    """The coins that it held at first; `kiosk cash counted` says what is in it since."""
    low: bounds.Held
    """The coins that are left when its low sensor speaks up."""
    protocol: bounds.Protocol = "cctalk"
    """What it speaks (docs/adding-a-device.md)."""
    port: bounds.PathOrNone = ""
    """Its serial port, "" for that of [cash]."""


class Validator(Struct, frozen=True, forbid_unknown_fields=True):
    """[cash.notes]: the machine was built with a bill validator."""

    values: bounds.Notes = (1_000, 5_000, 10_000)
    """The notes that it takes."""
    checksum: bounds.Checksum = "crc"
    """What its frames end with, where the protocol leaves a choice."""
    protocol: bounds.Protocol = "cctalk"
    """What it speaks (docs/adding-a-device.md)."""
    port: bounds.PathOrNone = ""
    """Its serial port, "" for that of [cash]."""


class Cash(Struct, frozen=True, forbid_unknown_fields=True):
    """[cash]: coins and notes."""

    port: bounds.PathText = "dev/cash"
    """The serial port of the coin acceptor, and of all that have none of their own."""
    acceptor: bounds.Protocol = "cctalk"
    """What the coin acceptor speaks (docs/adding-a-device.md)."""
    coins: bounds.Coins = (100, 500)
    """The coins that are taken."""
    hoppers: Annotated[
        tuple[Hopper, ...], Meta(min_length=1, max_length=2, description="one or two tables [[cash.hoppers]]")
    ] = (Hopper(coin=100, fill=60, low=20),)
    """The hoppers, in the order of their addresses on the bus."""
    notes: Validator | None = None
    """The bill validator; None for a machine without one."""


class Card(Struct, frozen=True, forbid_unknown_fields=True):
    """[card]: the reader of identity cards."""

    reader: bounds.Switch = False
    """Whether the machine was built with one; without it nothing is sold that wants an identity card."""
    service: Annotated[Literal["pcsc", "direct"], Meta(description='"pcsc" or "direct"')] = "pcsc"
    """How cards are spoken to; `direct` is a desk's virtual card over its own socket, where pcscd can't run."""
    socket: bounds.PathText = "/run/pcscd/pcscd.comm"
    """The service's socket."""


class Terminal(Struct, frozen=True, forbid_unknown_fields=True):
    """[terminal]: the payment terminal."""

    address: bounds.TerminalPlace = ""
    """Where it is, "" where the machine takes no cards."""
    password: bounds.TerminalPassword = "000000"
    """It wants this to be registered with."""
    card_s: Annotated[int, Meta(ge=20, le=300, description="20 to 300 seconds")] = 90
    """How long somebody may take with a card."""


class Ups(Struct, frozen=True, forbid_unknown_fields=True):
    """[ups]: the uninterruptible power supply, at upsd."""

    address: bounds.UpsPlace = ""
    """Its name at upsd and where that is, "" for a machine without one."""
    user: bounds.Word = ""
    """Who we are to upsd, "" where it does not ask."""
    password: bounds.Word = ""
    """The word that upsd asks that user for."""
    battery_s: Annotated[int, Meta(ge=0, le=600, description="0 to 600 seconds")] = 10
    """After so long on battery nothing more is sold."""
    halt_after_s: Annotated[int, Meta(ge=10, le=86_400, description="10 to 86400 seconds")] = 120
    """After so long on battery the machine turns itself off, or at once when the battery is low."""
    halt_command: bounds.Command = ()
    """What turns it off; without a command it stays on till the battery ends."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file: who this machine is, where its wires end, what it is built of."""

    kiosk_id: bounds.KioskId
    """The name that central knows this machine by."""
    run_dir: bounds.PathText
    """Where the sockets, the ledger and the keys are; the folder of the file, if it does not say."""
    site: bounds.Name
    """The place, as a citizen reads it."""
    machine: bounds.Name
    """Which of the place's machines this is."""
    municipality: bounds.Name
    """Who runs it."""
    help_phone: bounds.Name
    """Whom to call."""
    central_url: bounds.HttpsUrl
    """The central server."""
    printer: Printer
    """The page printer and its presenter."""
    updates: Annotated[
        Literal["by-itself", "when-asked"], Meta(description='"by-itself" or "when-asked"')
    ] = "by-itself"
    """New certificates and forms are taken over when central has them, or only when somebody asks for them."""
    evidence_s: Annotated[int, Meta(ge=2, le=120, description="2 to 120 seconds")] = 20
    """A citizen waits so long for a silent device."""
    screen: Screen = Screen()
    """What a citizen sees and hears."""
    receipt: Receipt = Receipt()
    """The receipt printer."""
    cash: Cash = Cash()
    """Coins and notes."""
    card: Card = Card()
    """The reader of identity cards."""
    terminal: Terminal = Terminal()
    """The payment terminal."""
    ups: Ups = Ups()
    """The uninterruptible power supply."""
    ledger: LedgerTerms = LedgerTerms()
    """How the ledger is kept."""

    @property
    def hopper_coins(self) -> tuple[int, ...]:
        """The coins that the hoppers pay out (KRW), one a hopper."""
        return tuple(hopper.coin for hopper in self.cash.hoppers)

    @property
    def notes_taken(self) -> tuple[int, ...]:
        """The notes that may be taken (KRW): none without a validator."""
        return self.cash.notes.values if self.cash.notes is not None else ()

    def path(self, *parts: str) -> Path:
        """A path below run_dir."""
        return Path(self.run_dir).joinpath(*parts)

    def port(self, wire: Wire) -> str:
        """Where this wire ends: the absolute path of its serial port or socket."""
        ends: dict[Wire, str] = {
            "cash": self.cash.port,
            "presenter": self.printer.presenter_port,
            "receipt": self.receipt.port,
            "card": self.card.socket,
        }
        return str(self.path(ends[wire]))

    def own_port(self, port: str) -> str:
        """A cash device's own port as an absolute path; "" for the one of [cash]."""
        return str(self.path(port)) if port else ""
