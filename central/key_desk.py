"""`central keys`: the keys that seal certificates. Each change signs a newer trust list and publishes it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from central.alone import alone
from central.data_option import Data
from central.failures import failures

if TYPE_CHECKING:
    from central.authority.folder import Folder

keys = typer.Typer(help="The keys that seal certificates, and the list of them.", no_args_is_help=True)

Offline = Annotated[
    Path | None,
    typer.Option("--keys", help="Where the root and targets keys are; default: in the data folder."),
]
NOW = "now"


@keys.command("list")
def list_keys(data: Data) -> None:
    """Which keys there are, and how long their list is good for.

    And which one seals now.
    """
    from central.authority.folder import Folder
    from central.authority.pki import PkiError
    from central.authority.trust_lists import TrustLists
    from central.clock import system_clock

    with failures():
        lists = TrustLists(Folder(data.resolve()))
        found = lists.now
        try:
            sealing = lists.signing(system_clock()).key.kid
        except PkiError:
            sealing = ""
    typer.echo(f"list {found.version}, next update {_day(found.next_update)}")
    for key in found.keys:
        revoked = f", revoked since {_day(key.revoked_since)}" if key.revoked_since is not None else ""
        mark = ", seals now" if key.kid == sealing else ""
        typer.echo(f"{key.kid}  {_day(key.not_before)} to {_day(key.not_after)}{revoked}{mark}")


@keys.command()
def roll(
    data: Data,
    first: Annotated[
        str,
        typer.Option(
            "--from",
            help="The new key's first day (YYYY-MM-DD), or now; default: in 30 days, so that all know it.",
        ),
    ] = "",
    offline: Offline = None,
) -> None:
    """Make a new key that seals from a day on, and publish it.

    Old papers stay genuine.
    """
    from central.authority.folder import Folder
    from central.authority.trust_lists import AHEAD_DAYS, TrustLists
    from central.clock import system_clock
    from central.services import repository_of

    folder, now = Folder(data.resolve()), system_clock()
    begins = _when(first, now) if first else now + timedelta(days=AHEAD_DAYS)
    with failures(), alone(folder.data):
        repository_of(folder, offline).check_keys()
        lists = TrustLists(folder, offline)
        made = lists.roll(begins, now)
        version = _publish(folder, offline, now)
    typer.echo(f"{made.kid} seals from {_day(made.not_before)} on; list {version} is published")


@keys.command()
def revoke(
    kid: Annotated[str, typer.Argument(help="The key's name, as `central keys list` says it.")],
    data: Data,
    since: Annotated[
        str, typer.Option("--since", help="From this day (YYYY-MM-DD, or now) on its seals are not genuine.")
    ],
    offline: Offline = None,
) -> None:
    """Take a key back: what it sealed since is not genuine any more.

    What it sealed before stays so.
    """
    from central.authority.folder import Folder
    from central.authority.trust_lists import TrustLists
    from central.clock import system_clock
    from central.services import repository_of

    folder, now = Folder(data.resolve()), system_clock()
    moment = _when(since, now)
    with failures(), alone(folder.data):
        repository_of(folder, offline).check_keys()
        TrustLists(folder, offline).revoke(kid, moment, now)
        version = _publish(folder, offline, now)
    typer.echo(f"{kid} is revoked since {moment:%Y-%m-%d}; list {version} is published")


@keys.command()
def renew(data: Data, offline: Offline = None) -> None:
    """Sign the list anew before it is due, and publish it."""
    from central.authority.folder import Folder
    from central.authority.trust_lists import TrustLists
    from central.clock import system_clock
    from central.services import repository_of

    folder, now = Folder(data.resolve()), system_clock()
    with failures(), alone(folder.data):
        repository_of(folder, offline).check_keys()
        TrustLists(folder, offline).renew(now)
        version = _publish(folder, offline, now)
    typer.echo(f"list {version} is published")


def _publish(folder: "Folder", offline: Path | None, now: datetime) -> int:
    """The list that stands in the data folder, for machines; its version."""
    from central.authority.trust_lists import TrustLists
    from central.services import repository_of

    version = TrustLists(folder).now.version
    repository_of(folder, offline).publish_list(folder.trust_list.read_bytes(), version, now)
    return version


def _when(day: str, now: datetime) -> datetime:
    """The beginning of a day in Seoul or this moment. Raises typer.BadParameter."""
    from central.clock import SEOUL

    if day == NOW:
        return now
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=SEOUL)
    except ValueError as error:
        raise typer.BadParameter("a day as YYYY-MM-DD, or now") from error


def _day(seconds: int) -> str:
    from central.clock import SEOUL, from_ms

    return f"{from_ms(seconds * 1000).astimezone(SEOUL):%Y-%m-%d}"
