"""The `central` command: make a data folder, enrol machines, write cards, serve, export; and its groups."""

# Signals are noted before anything else is imported.
if __name__ == "__main__":
    from kiosk.console import heed

    heed.begin()

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from central.clerk import clerk
from central.commands.case_desk import cases
from central.commands.data_option import Data, NewData, place_for
from central.commands.failures import failures
from central.commands.key_desk import keys as key_commands
from central.commands.panels import DESK, MONEY, SERVER, TYPES, Commands
from central.commands.publish import bundle
from central.commands.working import working
from kiosk.console.named import naming
from kiosk.protocol.exits import HELP

if TYPE_CHECKING:
    from central.authority.keys import Folder

app = typer.Typer(
    cls=Commands,
    help=f"The central server of the certificate kiosks.\n\n{HELP}",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # it prints local variables
)
app.add_typer(clerk, name="clerk", rich_help_panel=MONEY)
app.add_typer(bundle, name="bundle", rich_help_panel=TYPES)
app.add_typer(key_commands, name="keys", rich_help_panel=TYPES)
app.add_typer(cases, name="cases", rich_help_panel=MONEY)


PORTS = 65_535
_PARTS = ("keys and certificates", "the database", "what is published", "the registers")


@app.command(rich_help_panel=SERVER)
def init(data: NewData, seed: Annotated[int, typer.Option(help="Another synthetic town.")] = 2002) -> None:
    """Make a data folder: keys, database, registers.

    What is there stays.
    """
    with working("Data folder", len(_PARTS)) as work:
        from central.authority.keys import Folder, make_folder
        from central.clock import system_clock
        from central.commands.places import take_data
        from central.services import repository_of
        from central.store.database import migrate
        from kiosk.console.alone import alone

        folder = Folder(data.resolve())
        making: tuple[Callable[[], object], ...] = (
            lambda: make_folder(folder, system_clock()),
            lambda: migrate(folder.database),
            lambda: repository_of(folder).create(system_clock()),
            lambda: _registers(folder, seed),
        )
        folder.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone(folder.data), naming(folder.data):
            take_data(folder)
            for what, make in zip(_PARTS, making, strict=True):
                work.say(what)
                make()
                work.step()
    typer.echo(f"ready: {folder.data}")


@app.command(rich_help_panel=SERVER)
def enrol(
    kiosk: Annotated[str, typer.Argument(help="The machine's id.")],
    data: Data,
    out: Annotated[
        Path, typer.Option(help="Where the machine's certificate and trust list go.", file_okay=False)
    ],
) -> None:
    """Give a machine its certificate.

    An earlier one of the same machine stops counting.
    """
    with working("A machine's certificate"):
        from central.authority import keys
        from central.clock import system_clock
        from central.commands.places import check_machine
        from central.key_files import write_private
        from central.services import repository_of
        from kiosk.console.alone import alone
        from kiosk.protocol.bundle import ROOT_FILE as BUNDLE_ROOT
        from kiosk.protocol.trust_files import LIST_FILE, ROOT_FILE

        folder, place = keys.Folder(data.resolve()), out.resolve()
        # Which certificate counts, and the key that goes with it, are of one and the same enrolment.
        with alone(folder.data):
            check_machine(folder, kiosk, place)
            keys.enrol(folder, kiosk, place, system_clock())
            write_private(place / BUNDLE_ROOT, repository_of(folder).root_file.read_bytes())
    typer.echo(
        f"{kiosk}: kiosk.pem, kiosk.key, ca.pem, {LIST_FILE}, {ROOT_FILE} and {BUNDLE_ROOT} are in {out}"
    )


@app.command(rich_help_panel=DESK)
def cards(
    data: Data,
    out: Annotated[Path, typer.Option(help="Where the card files go.", file_okay=False)],
    others: Annotated[
        int, typer.Option(help="Besides, cards of so many other citizens.", min=0, max=1_000)
    ] = 0,
) -> None:
    """Write identity cards for the card simulator.

    The well-known people's, and some that are refused.
    """
    with working("Identity cards"):
        from central.authority import card_files
        from central.authority.keys import Folder, card_authority
        from central.clock import system_clock
        from central.commands.places import check_cards
        from central.registers.residents.book import names_on_cards, other_cards

        folder, now = Folder(data.resolve()), system_clock()
        authority = card_authority(folder)
        check_cards(authority.certificate, out.resolve())
        made = card_files.demonstration_cards(authority, now)
        if others:
            numbers = other_cards(folder.residents, others)
            made += [card_files.citizen_card(authority, number, now) for number in numbers]
        names = names_on_cards(folder.residents, [card.number for card in made])
        made = card_files.with_faces(made, names)
        card_files.write_cards(out.resolve(), made)
    typer.echo(f"{len(made)} cards are in {out}")


@app.command(rich_help_panel=SERVER)
def serve(
    data: Data,
    api_port: Annotated[
        int, typer.Option(help="For machines (mutual TLS); 0 takes a free one.", min=0, max=PORTS)
    ] = 8443,
    web_port: Annotated[
        int, typer.Option(help="For people (loopback only); 0 takes a free one.", min=0, max=PORTS)
    ] = 8080,
    ready_file: Annotated[
        Path | None,
        typer.Option(help="Written with the ports, as JSON, once both listen.", callback=place_for),
    ] = None,
) -> None:
    """Serve machines and people until stopped."""
    from central import logs
    from central.authority.keys import Folder
    from central.serve import serve as run

    logs.configure()
    with failures():
        asyncio.run(run(Folder(data.resolve()), api_port, web_port, ready_file))


@app.command(rich_help_panel=SERVER)
def export(data: Data) -> None:
    """Print issues, orders, journal heads and alarms as JSON."""
    import msgspec

    from central.authority.keys import Folder
    from central.commands.export import export as read

    with failures():
        document = asyncio.run(read(Folder(data.resolve())))
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")


@app.command(rich_help_panel=DESK)
def specimens(
    data: Data,
    out: Annotated[Path, typer.Option(help="Where the papers' data goes.", file_okay=False)],
) -> None:
    """Write the data of papers of every type, to judge the forms by.

    They are about the well-known people and lots.
    """
    with working("Papers of the town") as work:
        from central.authority.keys import Folder
        from central.commands.specimens import write
        from kiosk.console.output_folder import OutputFolder

        with OutputFolder.take(out, "central specimens") as papers:
            count = asyncio.run(
                write(
                    Folder(data.resolve()),
                    papers.file,
                    told=lambda one, _count: work.step(f"{one.code}, {one.name}"),
                )
            )
    typer.echo(f"the data of {count} papers is in {out}")


def _registers(folder: "Folder", seed: int) -> None:
    """The land register, the resident register that fits it, and the registers that fit both; what is there stays."""
    from central.clock import system_clock
    from central.registers import town
    from central.registers.book import write_book
    from central.registers.records.book import write_records
    from central.registers.records.town import REGISTERS, records
    from central.registers.residents.book import write_residents
    from central.registers.residents.owners import owners_of
    from central.registers.residents.town import population

    if all(file.exists() for file in (folder.register, folder.residents, folder.records)):
        return
    today = system_clock().date()
    parcels = list(town.parcels(seed))
    people = population(seed, owners_of(parcels), today)
    if not folder.register.exists():
        write_book(folder.register, parcels)
    if not folder.residents.exists():
        write_residents(folder.residents, people)
    if not folder.records.exists():
        write_records(folder.records, REGISTERS, records(seed, people, parcels))


if __name__ == "__main__":
    app()
